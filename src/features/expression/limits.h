// What an expression, and a set of them, may cost. Text comes from outside: each limit is checked before anything of
// that size is made, and its error names the limit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hone {

inline constexpr std::size_t kMostExpressionBytes = 4096;  // of one text
inline constexpr int kMostExpressionDepth = 256;           // parentheses, calls and operators within each other
inline constexpr std::size_t kMostCanonicalBytes = std::size_t{1} << 20;

struct GraphLimits {
  std::size_t nodes = 1'000'000;                     // different sub-expressions of a set
  std::size_t state_bytes = std::size_t{256} << 20;  // of all windows, counted by StateBytes
  std::int64_t warmup_bars = 1'000'000;              // of any node
  int depth = 2'000;                                 // levels, definitions of others' definitions counted through
};

// Expressions of one set.
inline constexpr std::size_t kMostExpressions = 100'000;

}  // namespace hone
