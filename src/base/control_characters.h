// Control characters of ASCII: below space, and delete.
#pragma once

#include <algorithm>
#include <string_view>

namespace hone {

constexpr bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

constexpr bool HasControl(std::string_view text) { return std::any_of(text.begin(), text.end(), IsControl); }

}  // namespace hone
