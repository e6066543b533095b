#include "models/forest/text_fields.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

namespace hone {
namespace {

constexpr std::size_t kQuoted = 40;

template <typename Number>
bool Parse(std::string_view word, Number& number) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return error == std::errc() && end == word.data() + word.size();
}

std::string NotANumber(std::size_t entry, std::string_view word, const char* what) {
  return fmt::format("entry {} is not {}: '{}'", entry, what, word.substr(0, kQuoted));
}

}  // namespace

bool TextLineReader::Next() {
  if (text_.empty()) return false;
  const std::size_t end = text_.find('\n');
  line_ = text_.substr(0, end);
  text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
  if (line_.ends_with('\r')) line_.remove_suffix(1);
  ++number_;
  return true;
}

Error TextLineReader::At(std::string_view key, std::string message) const {
  return {ErrorCode::kCorrupt, std::move(message), std::string(source_), number_, std::string(key)};
}

std::vector<std::string_view> SplitWords(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return words;
    const std::size_t end = text.find(' ', begin);
    words.push_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return words;
    text.remove_prefix(end);
  }
}

Status TextFields::Add(const TextLineReader& reader) {
  const std::string_view line = reader.line();
  const std::size_t equals = line.find('=');
  const std::string_view key = line.substr(0, equals);
  const std::string_view value = equals == std::string_view::npos ? std::string_view() : line.substr(equals + 1);
  if (!fields_.try_emplace(key, Field{value, reader.number()}).second) {
    return reader.At(key.substr(0, kQuoted),
                     fmt::format("given twice, first on line {}", fields_.find(key)->second.line));
  }
  return OkStatus();
}

std::string_view TextFields::Text(std::string_view key) const {
  const auto found = fields_.find(key);
  return found == fields_.end() ? std::string_view() : found->second.value;
}

Error TextFields::At(std::string_view key, std::string message) const {
  const auto found = fields_.find(key);
  const int line = found == fields_.end() ? first_line_ : found->second.line;
  return {ErrorCode::kCorrupt, std::move(message), std::string(source_), line, std::string(key)};
}

Result<std::int64_t> TextFields::Integer(std::string_view key, std::int64_t low, std::int64_t high) const {
  HONE_ASSIGN_OR_RETURN(const std::vector<std::int64_t> numbers, Integers(key, 1, low, high));
  return numbers.front();
}

Status TextFields::CheckCount(std::string_view key, std::size_t expected, std::size_t found) const {
  if (!Has(key)) return At(key, "is missing from this block");
  if (expected != found) return At(key, fmt::format("must have {} entries, has {}", expected, found));
  return OkStatus();
}

Result<std::vector<std::int64_t>> TextFields::Integers(std::string_view key, std::size_t count, std::int64_t low,
                                                       std::int64_t high) const {
  const std::vector<std::string_view> words = SplitWords(Text(key));
  HONE_RETURN_IF_ERROR(CheckCount(key, count, words.size()));
  std::vector<std::int64_t> numbers(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!Parse(words[i], numbers[i])) return At(key, NotANumber(i + 1, words[i], "a whole number"));
    if (numbers[i] < low || numbers[i] > high) {
      return At(key, fmt::format("entry {} must be within [{}, {}], is {}", i + 1, low, high, numbers[i]));
    }
  }
  return numbers;
}

Result<std::vector<double>> TextFields::Numbers(std::string_view key, std::size_t count, bool finite) const {
  const std::vector<std::string_view> words = SplitWords(Text(key));
  HONE_RETURN_IF_ERROR(CheckCount(key, count, words.size()));
  std::vector<double> numbers(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!Parse(words[i], numbers[i]) || std::isnan(numbers[i])) return At(key, NotANumber(i + 1, words[i], "a number"));
    if (finite && std::isinf(numbers[i])) return At(key, NotANumber(i + 1, words[i], "finite"));
  }
  return numbers;
}

}  // namespace hone
