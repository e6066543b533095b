// Whose rules a forest follows. They differ in precision and in how a node tests a value (tree.h).
#pragma once

#include <cstdint>

namespace hone {

enum class Dialect : std::uint8_t {
  kLightGbm,    // computes in double
  kXgboost,     // computes in float: rows, thresholds, sums and links
  kOnnxFloat,   // ONNX Runtime, of an ensemble that reads floats: computes in float
  kOnnxDouble,  // of one that reads doubles: in double, links in float
};

// The sums are floats.
inline bool SumsFloats(Dialect dialect) { return dialect == Dialect::kXgboost || dialect == Dialect::kOnnxFloat; }

}  // namespace hone
