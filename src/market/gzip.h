// Unpacking gzip (RFC 1952), bounded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hone {

bool IsGzip(std::string_view bytes);

// All members, one after the other. kInvalidData, naming `source`: truncated, damaged (checksum), or more than
// `max_bytes` unpacked.
Result<std::string> Gunzip(std::string_view bytes, const std::string& source, std::size_t max_bytes);

}  // namespace hone
