// Parameters of a detector, a bandit ... given as texts, "delta=0.01".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hone {

// Their owner takes each of its parameters once and calls Finish() last. The first thing wrong is kept and told by it.
class NamedParameters {
 public:
  // `settings`: "key=value" each; `kind` ("detector") and the owner's name stand in messages.
  NamedParameters(std::string_view kind, std::string_view owner, std::span<const std::string> settings);

  // Each leaves `value` as it is where the key was not given, and must be within [low, high].
  void Number(const char* key, double& value, double low, double high);
  void Whole(const char* key, std::int64_t& value, std::int64_t low, std::int64_t high);
  void Flag(const char* key, bool& value);  // true or false
  // What holds between parameters: "alpha must be at least beta".
  void Require(bool holds, const char* rule);

  // kInvalidArgument: a setting that is no key=value, an unknown key, one given twice, a value that is not in range.
  Status Finish() const;

 private:
  struct Setting {
    std::string key, value;
    bool taken = false;
  };
  Setting* Take(const char* key);
  void Refuse(std::string_view key, std::string message);

  std::string kind_, owner_;
  std::vector<Setting> settings_;
  std::vector<std::string> known_;
  Status first_wrong_;
};

}  // namespace hone
