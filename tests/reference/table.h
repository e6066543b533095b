// Tables beside stored models: CSV with a header and texts, tab-separated numbers, libsvm.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

struct Table {
  std::vector<std::string> names;               // of the columns; empty where the file has none
  std::vector<std::vector<std::string>> cells;  // by row
};

// `delimiter` ',' has a header line; '\t' has none, and a label in front of `width` columns is left out; ' ' is libsvm,
// whose label is left out.
Table ReadTable(std::string_view text, char delimiter, std::size_t width);

// Texts as a model takes them. A category is the place of its text among the sorted ones of its column; a column named
// NAME_TEXT is 1 where NAME holds TEXT.
class Encoder {
 public:
  // Categories are those of `learned`, the table the model was trained on.
  explicit Encoder(const Table& learned);
  // Rows of the columns `names`; missing, and categories that were not learned, are NaN.
  std::vector<double> Rows(const Table& table, const std::vector<std::string>& names) const;

 private:
  double Cell(const std::string& column, const std::string& text) const;

  std::map<std::string, std::map<std::string, double>> codes_;  // by column
};

}  // namespace hone
