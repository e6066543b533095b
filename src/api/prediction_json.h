// A prediction as its caller gets it.
#pragma once

#include "records/prediction.h"
#include "wire/json_writer.h"

namespace hone {

// {"prediction_id","model","version","value","role","propensity","time"}, and "values" where the answer has several.
void WritePrediction(const Prediction& prediction, JsonWriter& json);

}  // namespace hone
