// Reads a model that XGBoost saved as JSON or UBJSON (save_model of 1.0 and later) into a forest.
//
// Read: gbtree and DART, every built-in objective, numerical and categorical splits, several classes, targets and
// quantiles, trees of vector leaves, random forests, `base_score` as number, text and list. PredictMargins gives what
// the library that wrote the model gives with output_margin, to the bit; PredictAll what it gives without. An
// early-stopped model answers with the rounds up to its `best_iteration`, as XGBoost's own estimators do (a model of
// 1.3 or older does not say how many trees a round has: one per output is assumed). Refused by name: gblinear,
// objectives of other makers.
//
// The file is outside input. Limits: those of formats/document.h, 65,536 columns, Forest::kMaxOutputs outputs,
// 4,194,304 nodes a tree. Errors are kCorrupt with `source`, line or byte, and the path of the value at fault.
#pragma once

#include <string_view>

#include "base/result.h"
#include "models/forest/forest.h"
#include "models/formats/document.h"
#include "models/model.h"

namespace hone {

// JSON or UBJSON, told apart by the byte after the opening brace.
Result<ModelPointer> ReadXgboost(std::string_view bytes, std::string_view source);
// The same, as trees.
Result<Forest> ReadXgboostForest(std::string_view bytes, std::string_view source);
Result<Forest> ReadXgboostForest(const Document& document);

// The map that `bytes` begin with is UBJSON rather than JSON.
bool IsUbjsonMap(std::string_view bytes);

}  // namespace hone
