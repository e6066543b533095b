// Reads LightGBM's text model file (versions v3 and v4) into a forest.
//
// Read: one-output models of every objective whose answer is a function of one margin (regression and its kin,
// poisson, gamma, tweedie, binary, cross entropy, ranking, custom), numerical and categorical splits, all three kinds
// of missing value, single-leaf trees, DART, random forests (average_output). Predict gives LightGBM's normal answer,
// PredictMargin its raw score, to the bit. Refused by name: multi-class, linear leaves, other versions.
//
// The file is outside input. Limits: 256 MiB, 1,000,000 trees, 65,536 columns, 131,072 leaves a tree. Errors are
// kCorrupt with `source`, the line and the key, e.g. "m.txt:14: threshold: entry 3 is not a number: 'x'".
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
