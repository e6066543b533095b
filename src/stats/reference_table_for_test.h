// Numbers of outside programs that a test is held to: lines of function, case, arguments separated by ';' and expected
// value, and samples called by name, as the scripts in tests/reference write them.
#pragma once

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace hone {

using Arguments = std::vector<std::string>;

inline double Number(const std::string& text) { return std::stod(text); }

class ReferenceTable {
 public:
  struct Line {
    std::string function, name;
    Arguments arguments;
    double expected = 0;
  };

  // Reads PREFIX_reference.csv and PREFIX_samples.csv.
  explicit ReferenceTable(const std::string& prefix) {
    for (const auto& row : ReadRows(prefix + "_reference.csv")) {
      lines_.push_back({row.at(0), row.at(1), Split(row.at(2), ';'), Number(row.at(3))});
    }
    for (const auto& row : ReadRows(prefix + "_samples.csv")) {
      std::transform(row.begin() + 1, row.end(), std::back_inserter(samples_[row.at(0)]), Number);
    }
  }

  const std::vector<Line>& lines() const { return lines_; }
  const std::vector<double>& Sample(const std::string& name) const { return samples_.at(name); }

 private:
  static Arguments Split(const std::string& text, char separator) {
    Arguments parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
    return parts;
  }
  static std::vector<Arguments> ReadRows(const std::string& path) {
    std::ifstream in(path);
    std::vector<Arguments> rows;
    for (std::string line; std::getline(in, line);)
      if (!line.empty() && line[0] != '#') rows.push_back(Split(line, ','));
    return rows;
  }

  std::vector<Line> lines_;
  std::map<std::string, std::vector<double>> samples_;
};

}  // namespace hone
