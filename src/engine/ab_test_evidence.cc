#include "engine/ab_test_evidence.h"

#include <cstdint>
#include <limits>
#include <map>
#include <string>

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kLookedAt = 5'000;                               // bounds what a decision costs
constexpr Time kAfterAll = std::numeric_limits<Time>::max() - kSecond;  // after every request there can be

struct Tally {
  std::int64_t answered = 0, outcomes = 0;
  double squared_error = 0;  // summed

  void Take(const JoinedPrediction& row) {
    ++answered;
    if (!row.outcome) return;
    ++outcomes;
    const double error = row.prediction.value - row.outcome->value;
    squared_error += error * error;
  }
};

Json ArmJson(const AbArm& arm, const Tally& tally) {
  Json json{{"version", arm.version}, {"share", arm.share}, {"answered", tally.answered}, {"outcomes", tally.outcomes}};
  if (tally.outcomes > 0) json["mean_squared_error"] = tally.squared_error / static_cast<double>(tally.outcomes);
  return json;
}

}  // namespace

Result<Json> AbTestEvidence(LiveStore& store, const AbTest& test) {
  std::map<std::string, Tally> tallies;
  std::int64_t looked_at = 0;
  const auto take = [&](const JoinedPrediction& row) {
    tallies[row.prediction.version].Take(row);
    return ++looked_at < kLookedAt;
  };
  HONE_RETURN_IF_ERROR(store.joined.VisitNewest(test.model, test.started, kAfterAll, take, false));
  Json json{{"id", test.id.ToString()}, {"started", FormatTime(test.started)}, {"looked_at", looked_at}};
  Json& arms = json["arms"] = Json::array();
  for (const AbArm& arm : test.arms) arms.push_back(ArmJson(arm, tallies[arm.version]));
  return json;
}

}  // namespace hone
