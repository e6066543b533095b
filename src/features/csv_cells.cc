#include "features/csv_cells.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

namespace hone {
namespace {

// Where the cell that begins the text ends: at a comma outside quotes.
std::size_t CellEnd(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  if (begin == text.size() || text[begin] != '"') return text.find(',');
  std::size_t quote = text.find('"', begin + 1);
  while (quote != std::string_view::npos && text.substr(quote + 1).starts_with('"')) quote = text.find('"', quote + 2);
  return quote == std::string_view::npos ? quote : text.find(',', quote);
}

bool IsQuoted(std::string_view cell) { return cell.size() >= 2 && cell.front() == '"' && cell.back() == '"'; }

}  // namespace

std::string_view TrimmedCell(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

void SplitCells(std::string_view line, std::vector<std::string_view>& cells) {
  cells.clear();
  while (true) {
    const std::size_t end = CellEnd(line);
    cells.push_back(TrimmedCell(line.substr(0, end)));
    if (end == std::string_view::npos) return;
    line.remove_prefix(end + 1);
  }
}

std::string CellText(std::string_view cell) {
  if (!IsQuoted(cell)) return std::string(cell);
  std::string text;
  const std::string_view inner = cell.substr(1, cell.size() - 2);
  for (std::size_t i = 0; i < inner.size(); ++i) {
    text += inner[i];
    if (inner[i] == '"') ++i;
  }
  return text;
}

bool ParseNumberCell(std::string_view cell, double& value) {
  if (IsQuoted(cell)) cell = TrimmedCell(cell.substr(1, cell.size() - 2));
  if (cell.empty()) {
    value = std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  if (cell.front() == '+' && !cell.starts_with("+-")) cell.remove_prefix(1);
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return error == std::errc() && end == cell.data() + cell.size();
}

}  // namespace hone
