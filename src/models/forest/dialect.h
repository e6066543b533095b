// Whose rules a forest follows. They differ in precision and in how a node tests a value (tree.h).
#pragma once

#include <cstdint>

namespace hone {

enum class Dialect : std::uint8_t {
  kLightGbm,  // computes in double
  kXgboost,   // computes in float: rows, thresholds, sums and links
};

}  // namespace hone
