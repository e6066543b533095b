#include "reference/table.h"

#include <strings.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

namespace hone {
namespace {

bool IsMissing(const std::string& text) { return text.empty() || text == "NA" || text == "N/A"; }

bool ParseNumber(const std::string& text, double& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::vector<std::string> SplitText(std::string_view line, char delimiter) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = line.find(delimiter);
    parts.emplace_back(line.substr(0, end));
    if (end == std::string_view::npos) return parts;
    line.remove_prefix(end + 1);
  }
}

std::vector<std::string> SparseRow(std::string_view line, std::size_t width) {
  std::vector<std::string> row(width);
  for (const std::string& part : SplitText(line, ' ')) {
    const std::size_t colon = part.find(':');
    if (colon != std::string::npos) row.at(std::stoul(part.substr(0, colon))) = part.substr(colon + 1);
  }
  return row;
}

// Columns of whole numbers that these tables mean as categories.
bool IsCategory(const std::string& column) {
  return column == "cylinders" || column == "model_year" || column == "origin";
}

// Numbers by value, texts by letter.
bool Before(const std::string& a, const std::string& b) {
  double left = 0, right = 0;
  return ParseNumber(a, left) && ParseNumber(b, right) ? left < right : a < b;
}

}  // namespace

Table ReadTable(std::string_view text, char delimiter, std::size_t width) {
  Table table;
  for (const std::string& line : SplitText(text, '\n')) {
    const std::string_view whole = std::string_view(line).substr(0, line.find('\r'));
    if (whole.empty()) continue;
    std::vector<std::string> row = delimiter == ' ' ? SparseRow(whole, width) : SplitText(whole, delimiter);
    if (delimiter == '\t' && width > 1 && row.size() == width + 1) row.erase(row.begin());
    if (delimiter == ',' && table.names.empty()) {
      table.names = std::move(row);
    } else {
      table.cells.push_back(std::move(row));
    }
  }
  return table;
}

Encoder::Encoder(const Table& learned) {
  for (std::size_t i = 0; i < learned.names.size(); ++i) {
    std::set<std::string, decltype(&Before)> texts(&Before);
    bool numbers = !IsCategory(learned.names[i]);
    for (const auto& row : learned.cells) {
      double value = 0;
      if (IsMissing(row[i])) continue;
      numbers = numbers && ParseNumber(row[i], value);
      texts.insert(row[i]);
    }
    if (numbers) continue;
    auto& codes = codes_[learned.names[i]];
    for (const std::string& text : texts) codes.emplace(text, static_cast<double>(codes.size()));
  }
}

double Encoder::Cell(const std::string& column, const std::string& text) const {
  double value = std::nan("");
  if (IsMissing(text)) return value;
  const auto codes = codes_.find(column);
  if (codes == codes_.end()) return ParseNumber(text, value) ? value : std::nan("");
  const auto code = codes->second.find(text);
  return code == codes->second.end() ? value : code->second;
}

std::vector<double> Encoder::Rows(const Table& table, const std::vector<std::string>& names) const {
  std::vector<double> rows;
  for (const auto& cells : table.cells) {
    for (std::size_t j = 0; j < names.size(); ++j) {
      if (table.names.empty()) {
        rows.push_back(Cell("", cells.at(j)));
        continue;
      }
      std::size_t i = 0;
      while (i < table.names.size() && table.names[i] != names[j]) ++i;
      if (i < table.names.size()) {
        rows.push_back(Cell(names[j], cells.at(i)));
        continue;
      }
      // One of the columns that a category was spread over.
      const std::size_t bar = names[j].find('_');
      i = 0;
      while (i < table.names.size() && table.names[i] != names[j].substr(0, bar)) ++i;
      rows.push_back(strcasecmp(cells.at(i).c_str(), names[j].substr(bar + 1).c_str()) == 0 ? 1 : 0);
    }
  }
  return rows;
}

}  // namespace hone
