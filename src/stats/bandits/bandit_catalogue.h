// The bandits by name.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "stats/bandits/bandit.h"

namespace hone {

// In the order of the list.
std::vector<std::string> BanditNames();
// What it is for, in a phrase; "" for an unknown name.
std::string BanditSummary(std::string_view name);

// `settings`: "key=value" each, keys, ranges and defaults as in the algorithm's header. Errors are kInvalidArgument and
// say what would be right: an unknown name or key, a value or a member of `terms` that is out of range, no context for
// an algorithm that needs one, rewards of no width.
Result<Bandit> MakeBandit(std::string_view name, const BanditTerms& terms, std::span<const std::string> settings = {});

}  // namespace hone
