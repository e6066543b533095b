// A prediction as its caller gets it.
#pragma once

#include <span>

#include "models/ensemble/voting_ensemble.h"
#include "records/prediction.h"
#include "serving/answer_reach.h"
#include "wire/json_writer.h"

namespace hone {

// {"prediction_id","model","version","value","role","propensity","time"}, "values" where the answer has several, and
// where `ensemble` gave it, its votes (votes_json.h); null for no ensemble. Of an answer that abstained there is no
// value, and no prediction that an outcome could be joined with: its id is null.
// Where the model's answers carry an interval (`reach`, null where not) also "interval": {"low","high","coverage"},
// both ends null where it has no bounds; null while too few outcomes are known.
void WritePrediction(const Prediction& prediction, const VotingEnsemble* ensemble, bool abstained, JsonWriter& json,
                     const AnswerReach* reach = nullptr);

// The member "interval" of a prediction whose model has one.
void WriteInterval(const Prediction& prediction, const AnswerReach& reach, JsonWriter& json);

// An answer as a value: its number, or the list of them where it has several.
void WriteAnswer(std::span<const double> answer, JsonWriter& json);

}  // namespace hone
