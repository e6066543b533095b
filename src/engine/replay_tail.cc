#include "engine/replay_tail.h"

#include <algorithm>

namespace hone {

std::multimap<Time, Outcome> ReplayTail(ImprovementLoop& loop, std::span<const JoinedPrediction> rows,
                                        Duration horizon) {
  const Id checkpoint = loop.last_consumed();
  std::multimap<Time, Outcome> waiting;
  for (const JoinedPrediction& row : rows) {
    const Prediction& prediction = row.prediction;
    if (prediction.id <= checkpoint) continue;
    while (!waiting.empty() && waiting.begin()->first <= prediction.time) {
      loop.OnOutcome(waiting.extract(waiting.begin()).mapped());
    }
    loop.OnServed(prediction);
    if (row.outcome) waiting.emplace(std::max(row.outcome->time, prediction.time + horizon), *row.outcome);
  }
  return waiting;
}

}  // namespace hone
