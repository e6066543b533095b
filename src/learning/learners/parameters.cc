#include "learning/learners/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hone {
namespace {

Error BadParameter(const std::string& learner, const std::string& key, std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message), learner, 0, key};
}

std::string Names(const std::vector<ParameterRule>& rules) {
  std::string names;
  for (const ParameterRule& rule : rules) names += (names.empty() ? "" : ", ") + rule.name;
  return names;
}

bool Allows(const ParameterRule& rule, double value) {
  return value >= rule.low && value <= rule.high && (!rule.whole || value == std::floor(value));
}

}  // namespace

ParameterValues DefaultsOf(const std::vector<ParameterRule>& rules) {
  ParameterValues values;
  for (const ParameterRule& rule : rules) values[rule.name] = rule.value;
  return values;
}

Result<ParameterValues> ResolveParameters(const std::string& learner, const std::vector<ParameterRule>& rules,
                                          const ParameterValues& given) {
  ParameterValues values = DefaultsOf(rules);
  for (const auto& [given_name, value] : given) {
    const std::string& name = given_name;
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const ParameterRule& r) { return r.name == name; });
    if (rule == rules.end())
      return BadParameter(learner, name, fmt::format("unknown parameter; known: {}", Names(rules)));
    if (!Allows(*rule, value)) {
      return BadParameter(learner, name,
                          fmt::format("must be {}within [{}, {}], is {}", rule->whole ? "a whole number " : "",
                                      rule->low, rule->high, value));
    }
    values[name] = value;
  }
  return values;
}

}  // namespace hone
