// Joins predictions and outcomes by id as they come, in whatever order, and gives out each pair once, when it is
// mature: both are there and the model's horizon has passed.
//
// What comes out for a given `now` depends only on what was added, never on the order it was added in: pairs are sorted
// by id. Not thread-safe. Memory: what waits; Forget bounds it.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "records/prediction.h"

namespace hone {

struct MaturedPrediction {
  Prediction prediction;
  Outcome outcome;
};

enum class OutcomeArrival {
  kJoined,   // its prediction was there
  kEarly,    // stored until its prediction comes
  kDoubled,  // one stood already: ignored
};

class OutcomeJoin {
 public:
  // `horizon_of(model)`: how long after a prediction its outcome can be judged.
  explicit OutcomeJoin(std::function<Duration(const std::string& model)> horizon_of)
      : horizon_of_(std::move(horizon_of)) {}

  // A second prediction with the same id is ignored.
  void AddPrediction(Prediction prediction);
  OutcomeArrival AddOutcome(const Outcome& outcome);

  // Every pair with prediction.time + horizon <= now and outcome.time <= now that was not given out yet, by id.
  std::vector<MaturedPrediction> TakeMature(Time now);

  // Drops what still waits of predictions whose id was made before `cutoff`, and the memory of pairs given out from
  // then; returns how many waited without their outcome.
  std::size_t Forget(Time cutoff);

  // Predictions and outcomes remembered, those given out included.
  std::size_t size() const { return pairs_.size(); }

 private:
  struct Pair {
    std::optional<Prediction> prediction;
    std::optional<Outcome> outcome;
    bool taken = false;
  };
  void QueueIfJoined(const Id& id, const Pair& pair);

  std::function<Duration(const std::string&)> horizon_of_;
  std::map<Id, Pair> pairs_;
  std::set<std::pair<Time, Id>> ready_;  // joined, by the time they are mature
};

}  // namespace hone
