// Reads the body of POST /models/ab-test: {"model":"vol","split":{"1.0.0":0.9,"1.1.0":0.1},"days":14,
// "bandit":{"algorithm":"thompson_gaussian","floor":0.05,"low":-1,"high":0,"minutes":60}}
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "records/ab_test.h"

namespace hone {

struct AbTestRequest {
  std::string model;
  std::vector<AbArm> arms;  // 1 to 8, by version number
  AbTestTerms terms;
};

// kInvalidArgument names the key: not JSON, no name of a model, no version number, a share outside (0, 1], days beyond
// (0, 3650]. What a bandit's values must be, the engine knows (CheckBandit).
Result<AbTestRequest> ReadAbTest(std::string_view body, const std::string& source);

}  // namespace hone
