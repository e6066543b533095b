// A/B test: versions of one model that answer shares of its live traffic until a person ends it, or its
// deadline has come.
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

// The shares follow a bandit (stats/bandits) that learns from what the arms' answers earned.
struct AbBandit {
  std::string algorithm = "thompson_gaussian";
  double floor = 0.05;        // least share of an arm, [0.001, 1 / arms]
  double low = -1, high = 0;  // a reward, minus the squared error of an answer, is held within these; low < high
  std::int64_t minutes = 60;  // between two looks at the shares, [1, 525600]

  bool operator==(const AbBandit&) const = default;
};

// What else is said of a test when it is started.
struct AbTestTerms {
  std::optional<Duration> lasts;  // at most; none: until it is ended
  std::optional<AbBandit> bandit;
};

struct AbTest {
  Id id;
  std::string model;
  Time started = 0;
  std::optional<Time> ended;       // none while it runs
  std::optional<Time> deadline;    // when it ends by itself; none: never
  std::optional<AbBandit> bandit;  // none: the shares stay
  std::int64_t round = 0;          // how often the bandit has given other shares
  Time looked = 0;                 // when it last looked at them; 0: never
  std::uint64_t salt = 0;          // of the draws from keys: the same salt, the same arm for a key
  std::vector<AbArm> arms;         // 2 to 8; the model's active version is one of them
};

}  // namespace hone
