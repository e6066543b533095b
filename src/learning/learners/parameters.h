// A learner's parameters: defaults overridden by what the caller names, each within its range.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace hone {

struct ParameterRule {
  std::string name;
  double value = 0;  // default
  double low = 0;
  double high = 0;
  bool whole = false;  // must be a whole number
};

using ParameterValues = std::map<std::string, double>;

ParameterValues DefaultsOf(const std::vector<ParameterRule>& rules);

// Every rule's value. kInvalidArgument (source = `learner`, key = the parameter) on an unknown name, with the known
// ones, and on a value out of range or not whole.
Result<ParameterValues> ResolveParameters(const std::string& learner, const std::vector<ParameterRule>& rules,
                                          const ParameterValues& given);

}  // namespace hone
