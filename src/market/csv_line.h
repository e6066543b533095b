// Lines and fields of delimited text, without copying.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

// Walks over lines ended by "\n" or "\r\n" (or by the end of the text); skips a UTF-8 byte order mark.
class LineReader {
 public:
  explicit LineReader(std::string_view text);
  // False at the end.
  bool Next(std::string_view& line);
  // 1-based number of the line last returned.
  int line() const { return line_; }
  // The line last returned ended with "\n".
  bool ended() const { return ended_; }

 private:
  std::string_view rest_;
  int line_ = 0;
  bool ended_ = false;
};

// More fields than this are counted as kMostFields + 1.
inline constexpr std::size_t kMostFields = 256;

// Splits at `delimiter`; a field within double quotes may hold it. Surrounding blanks and quotes are taken off.
void SplitFields(std::string_view line, char delimiter, std::vector<std::string_view>& fields);

// A number in plain or scientific notation, a leading '+' allowed; "nan" and "inf" too, for the caller to refuse by
// value. Beyond the range of a double: infinity. Nothing for any other text.
std::optional<double> ParseNumber(std::string_view field);

// "", ".", null, NA, N/A, n/a: no value.
bool IsMissingText(std::string_view field);

// A field as shown in a message: at most 40 characters, control characters as '?'.
std::string Shown(std::string_view field);

}  // namespace hone
