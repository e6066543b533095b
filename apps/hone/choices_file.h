// A log of choices made at random, from which the value of another policy is estimated: `time`, `propensity`
// (probability with which what was chosen was chosen), `reward`, `target` (probability with which the policy in
// question would have chosen it), perhaps `action` or `version` (what was chosen) and a model's expectations `model`
// and `model_target`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "stats/off_policy/logged_choice.h"

namespace hone {

// Products and squares of what is within this cannot overflow.
inline constexpr double kLargestReward = 1e100;

struct ChoicesFile {
  std::vector<LoggedChoice> log;     // whose reward is known, in time order
  std::vector<std::string> choices;  // by row; empty without such a column
  bool has_model = false;
  std::int64_t pending = 0;  // rows without a reward yet (an empty field)
  // Rows with a reward whose choice was certain, though not the policy's: nothing is known of what it would have earned
  // there. They are left out of `log`.
  std::int64_t unsupported = 0;

  // A row whose reward is known. `choice`: what was chosen; none without such a column.
  void Add(const LoggedChoice& row, std::optional<std::string_view> choice);
  // kInvalidData, of `source`, where no row is left, or none of the policy that chooses `always` ("": any policy).
  Status Check(const std::string& always, const std::string& source) const;
};

// `always`: the policy in question is to choose this always, and no column `target` is read; or "". Errors name line
// and column: a propensity outside [1e-12, 1], a target outside [0, 1], numbers beyond 1e100, one of the model's
// columns without the other, nothing chosen that is called `always`, no row with a reward.
Result<ChoicesFile> ReadChoicesFile(const std::string& path, const std::string& always);

}  // namespace hone
