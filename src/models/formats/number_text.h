// Decimal numbers of model files, read to the bit.
#pragma once

#include <cstdint>
#include <string_view>

namespace hone {

// All of `word` (blanks around it allowed) is the number. Real ones may be NaN, Infinity or -Infinity; a float is
// rounded once from the decimal digits. false and true are 0 and 1.
bool ParseNumberText(std::string_view word, std::int64_t& number);
bool ParseNumberText(std::string_view word, float& number);

}  // namespace hone
