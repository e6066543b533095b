// UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace hone {

// Bytes of the well-formed character that `text` begins with, 1 ... 4; 0 when it begins with none.
std::size_t Utf8Length(std::string_view text);

bool IsUtf8(std::string_view text);

}  // namespace hone
