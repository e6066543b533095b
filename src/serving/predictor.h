// Predicts one: binds the features to the model's row, routes, evaluates, and fills the record that goes to the log.
//
// Once the target's buffers have grown to the model's size a prediction allocates nothing, and it takes no lock.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "records/prediction.h"
#include "serving/predict_request.h"
#include "serving/router.h"
#include "serving/snapshot.h"

namespace hone {

// What an answer was like besides its value: guardrails of a rollout count these.
struct AnswerNotes {
  bool out_of_range = false;   // outside the snapshot's range of answers
  bool canary_failed = false;  // a challenger was chosen, had no finite answer, and the champion answered instead
  bool abstained = false;      // an ensemble's members do not agree: the answer is NaN and not for the log
};

// Binds by name: the row in the order of the model's features; null is NaN. kInvalidData names the feature: missing
// ("feature rsi_14 is missing"), unknown (with the nearest that exists), or given twice.
Status BindByName(const ModelSnapshot& snapshot, std::span<const NamedFeature> features, std::vector<double>& row);
// Binds by position: exactly as many values as the model has features.
Status BindByPosition(const ModelSnapshot& snapshot, std::span<const double> values, std::vector<double>& row);

// One a thread; not thread-safe.
class Predictor {
 public:
  // `clock` must outlive it. `seed` gives ids and routing draws; every thread needs a seed of its own.
  Predictor(const Clock& clock, std::uint64_t seed);

  // Fills every field of `prediction`, reusing its memory. kInvalidData as BindBy..., and when the version that answers
  // has no finite answer for these features and does not abstain. Without an answer nothing is to be stored; where the
  // snapshot splits traffic (`assignment.split`) the record is to be handed on nevertheless, for the split's count.
  Result<AnswerNotes> Predict(const ModelSnapshot& snapshot, const PredictRequest& request, Prediction& prediction);
  // The same for a row that is already in the order of the model's features (bar-driven predictions).
  Result<AnswerNotes> PredictRow(const ModelSnapshot& snapshot, std::span<const double> row, Prediction& prediction);

 private:
  std::size_t Draw(const ModelSnapshot& snapshot, std::string_view key);
  Result<AnswerNotes> Answer(const ModelSnapshot& snapshot, Time begin, std::string_view key, Prediction& prediction);

  const Clock* clock_;
  Random routing_;
  IdGenerator ids_;
};

}  // namespace hone
