// A/B test: versions of one model that answer shares of its live traffic until a person ends it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"

namespace hone {

struct AbArm {
  std::string version;
  double share = 0;  // (0, 1]; 1 together

  bool operator==(const AbArm&) const = default;
};

struct AbTest {
  Id id;
  std::string model;
  Time started = 0;
  std::optional<Time> ended;  // none while it runs
  std::uint64_t salt = 0;     // of the draws from keys: the same salt, the same arm for a key
  std::vector<AbArm> arms;    // 2 to 8; the model's active version is one of them
};

}  // namespace hone
