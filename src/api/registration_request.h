// Reads the body of POST /models/register:
//   {"name":"vol","content":"...","version":"1.2.0","activate":true}     a file that is text
//   {"name":"vol","content_base64":"..."}                               any file
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "registry/model_file_version.h"

namespace hone {

inline constexpr std::string_view kRegisterPath = "/models/register";
inline constexpr std::size_t kLargestRegistration = std::size_t{64} << 20;

struct RegistrationRequest {
  ModelFileVersion version;  // all but `created`
  bool activate = false;
};

// kInvalidArgument names line and column or the key. The file itself is not looked at.
Result<RegistrationRequest> ReadRegistration(std::string_view body);

}  // namespace hone
