// Base64 (RFC 4648, section 4): the standard alphabet with padding.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace hone {

std::string Base64Encode(std::string_view bytes);

// Strict: whole groups of four, padding only at the end, no white space, unused bits zero. kInvalidArgument tells the
// position of what is wrong.
Result<std::string> Base64Decode(std::string_view text);

}  // namespace hone
