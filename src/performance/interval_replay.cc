#include "performance/interval_replay.h"

#include <cmath>
#include <deque>

namespace hone {

std::vector<ReplayedInterval> ReplayIntervals(std::span<const ScoredRow> rows, const ConformalTerms& terms,
                                              std::size_t horizon) {
  ConformalIntervals conformal(terms);
  std::deque<GivenInterval> waiting;  // the newest `horizon`
  std::vector<ReplayedInterval> replayed;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (waiting.size() == horizon) {
      const double outcome = rows[i - horizon].outcome;
      if (!std::isnan(outcome)) conformal.Learn(waiting.front(), outcome);
      waiting.pop_front();
    }
    waiting.push_back(conformal.Give(rows[i].prediction));
    replayed.push_back({});
    if (conformal.errors() == terms.window) replayed.back() = {waiting.back().interval, true};
  }
  return replayed;
}

}  // namespace hone
