// What a learner's model answers, and by which loss it learns.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hone {

enum class Objective : std::uint8_t {
  kRegression,  // a real number; labels finite; squared error
  kBinary,      // the probability of label 1; labels 0 and 1; log loss
  kMulticlass,  // one probability per class, their sum 1; labels 0 to classes - 1; cross-entropy
};

// In the order of the enum, as recipes spell them.
inline constexpr std::array<std::string_view, 3> kObjectiveNames = {"regression", "binary", "multiclass"};

constexpr std::string_view ObjectiveName(Objective objective) {
  return kObjectiveNames[static_cast<std::size_t>(objective)];
}

}  // namespace hone
