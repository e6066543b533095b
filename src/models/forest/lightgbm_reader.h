// Reads LightGBM's text model file (versions v2, v3 and v4) into a forest.
//
// Read: every objective, one output or several (multiclass, multiclassova, custom), numerical and categorical splits,
// all three kinds of missing value, linear leaves, single-leaf trees, DART, random forests (average_output). PredictAll
// gives LightGBM's normal answer, PredictMargins its raw score, to the bit. Refused by name: other versions, objectives
// of other makers.
//
// The file is outside input. Limits: 256 MiB, 1,000,000 trees, 65,536 columns, 131,072 leaves a tree,
// Forest::kMaxOutputs outputs. Errors are kCorrupt with `source`, the line and the key, e.g. "m.txt:14: threshold:
// entry 3 is not a number: 'x'".
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "models/forest/forest.h"
#include "models/model.h"

namespace hone {

Result<ModelPointer> ReadLightGbm(std::string_view text, std::string_view source);
// The same, as trees.
Result<Forest> ReadLightGbmForest(std::string_view text, std::string_view source);

}  // namespace hone
