#include "models/formats/number_text.h"

#include <charconv>
#include <limits>
#include <system_error>

namespace hone {
namespace {

std::string_view Trimmed(std::string_view word) {
  constexpr std::string_view kWhiteSpace = " \t\r\n";
  const std::size_t begin = word.find_first_not_of(kWhiteSpace);
  if (begin == std::string_view::npos) return {};
  return word.substr(begin, word.find_last_not_of(kWhiteSpace) - begin + 1);
}

template <typename Number>
std::errc ParseAll(std::string_view word, Number& number) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return end == word.data() + word.size() ? error : std::errc::invalid_argument;
}

template <typename Number>
bool ParseBoolean(std::string_view word, Number& number) {
  if (word != "true" && word != "false") return false;
  number = static_cast<Number>(word == "true");
  return true;
}

bool ParseSpecial(std::string_view word, float& number) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  if (word == "NaN") number = std::numeric_limits<float>::quiet_NaN();
  if (word == "Infinity") number = kInfinity;
  if (word == "-Infinity") number = -kInfinity;
  return word == "NaN" || word == "Infinity" || word == "-Infinity";
}

}  // namespace

bool ParseNumberText(std::string_view word, std::int64_t& number) {
  word = Trimmed(word);
  return ParseAll(word, number) == std::errc() || ParseBoolean(word, number);
}

bool ParseNumberText(std::string_view word, float& number) {
  word = Trimmed(word);
  const std::errc error = ParseAll(word, number);
  if (error == std::errc()) return true;
  if (error != std::errc::result_out_of_range) return ParseSpecial(word, number) || ParseBoolean(word, number);
  // Beyond a float: nearest to 0 or an infinity, which the double tells apart.
  double wide = 0;
  if (ParseAll(word, wide) != std::errc()) return false;
  number = static_cast<float>(wide);
  return true;
}

}  // namespace hone
