#include "market/csv_line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <system_error>

namespace hone {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kShown = 40;

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

std::string_view TrimField(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return text;
}

// Where the field that begins the text ends.
std::size_t FieldEnd(std::string_view text, char delimiter) {
  if (text.empty() || text.front() != '"') return text.find(delimiter);
  const std::size_t quote = text.find('"', 1);
  return quote == std::string_view::npos ? quote : text.find(delimiter, quote);
}

}  // namespace

LineReader::LineReader(std::string_view text) : rest_(text) {
  if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
}

bool LineReader::Next(std::string_view& line) {
  if (rest_.empty()) return false;
  const std::size_t end = rest_.find('\n');
  ended_ = end != std::string_view::npos;
  line = rest_.substr(0, end);
  rest_.remove_prefix(ended_ ? end + 1 : rest_.size());
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  ++line_;
  return true;
}

void SplitFields(std::string_view line, char delimiter, std::vector<std::string_view>& fields) {
  fields.clear();
  while (fields.size() <= kMostFields) {
    const std::size_t end = FieldEnd(line, delimiter);
    fields.push_back(TrimField(line.substr(0, end)));
    if (end == std::string_view::npos) return;
    line.remove_prefix(end + 1);
  }
}

std::optional<double> ParseNumber(std::string_view field) {
  if (field.size() > 1 && field[0] == '+' && field[1] != '-') field.remove_prefix(1);
  double value = 0;
  const auto [end, code] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (end != field.data() + field.size()) return std::nullopt;
  if (code == std::errc::result_out_of_range) return std::numeric_limits<double>::infinity();
  if (code != std::errc()) return std::nullopt;
  return value;
}

bool IsMissingText(std::string_view field) {
  constexpr std::array<std::string_view, 6> kMissing{"", ".", "null", "NA", "N/A", "n/a"};
  return std::find(kMissing.begin(), kMissing.end(), field) != kMissing.end();
}

std::string Shown(std::string_view field) {
  std::string shown(field.substr(0, kShown));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  return field.size() > kShown ? shown + "..." : shown;
}

}  // namespace hone
