// Who may call what. A token is a bearer's secret with a role; only its hash is ever kept.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace hone {

// Each may also do what those before it may.
enum class AccessRole : std::uint8_t {
  kNone,     // anyone who can connect: probes, the documentation
  kRead,     // models, versions, decisions, predictions, metrics
  kPredict,  // predictions, outcomes, bars
  kOperate,  // register, promote, roll back, retrain
};
// "none", "read", "predict", "operate"
const char* AccessRoleName(AccessRole role);

struct AccessToken {
  std::string name;                     // [a-z0-9_-], 1-64 characters
  AccessRole role = AccessRole::kRead;  // not kNone
  std::string hash;                     // SHA-256 of the secret, 64 hex digits
  Time created = 0;
};

}  // namespace hone
