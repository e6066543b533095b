// Holds indicators to TA-Lib, NumPy, pandas and SciPy: every line of tests/reference/indicator_reference.csv (written
// by make_indicator_reference.py there, versions in its first line), 1e-9 of the value or of its column's standard
// deviation.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "features/testing/indicator_runs.h"

namespace hone {
namespace {

using testing_features::IndicatorCall;

const std::string kFolder = std::string(HONE_SOURCE_DIR) + "/tests/reference/";

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

std::map<std::string, std::vector<double>> ReadBars() {
  std::ifstream in(kFolder + "indicator_bars.csv");
  std::string line;
  std::getline(in, line);
  std::getline(in, line);
  const std::vector<std::string> names = Split(line, ',');
  std::map<std::string, std::vector<double>> columns;
  while (std::getline(in, line)) {
    const std::vector<std::string> cells = Split(line, ',');
    for (std::size_t i = 0; i < names.size(); ++i) columns[names[i]].push_back(std::stod(cells.at(i)));
  }
  return columns;
}

double Spread(const std::vector<double>& values) {
  double mean = 0, squares = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

// "13=47.8 14=47.6": expected values by bar, the first of all first.
void ExpectValues(const std::vector<double>& column, const std::string& expected, int warmup) {
  std::vector<std::size_t> bars;
  std::vector<double> values;
  for (const std::string& pair : Split(expected, ' ')) {
    bars.push_back(std::stoul(pair));
    values.push_back(std::stod(pair.substr(pair.find('=') + 1)));
  }
  ASSERT_GT(values.size(), 15U);
  EXPECT_EQ(static_cast<std::size_t>(warmup), bars[0] + 1);
  if (bars[0] > 0) {
    EXPECT_TRUE(std::isnan(column[bars[0] - 1]));
  }
  const double spread = Spread(values);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    EXPECT_NEAR(column.at(bars[i]), values[i], 1e-9 * std::max(std::abs(values[i]), spread)) << "bar " << bars[i];
  }
}

TEST(IndicatorReference, EqualsOutsideNumbers) {
  const auto columns = ReadBars();
  std::ifstream in(kFolder + "indicator_reference.csv");
  std::map<std::string_view, int> lines;
  for (std::string line; std::getline(in, line);) {
    if (line[0] == '#') continue;
    SCOPED_TRACE(line.substr(0, line.find('=')));
    const std::vector<std::string> cells = Split(line, ';');
    const IndicatorCall call = testing_features::ParseIndicatorCall(cells.at(0), columns);
    ASSERT_NE(call.definition, nullptr);
    ASSERT_EQ(call.inputs.size(), call.definition->inputs.size());
    ASSERT_EQ(call.parameters.size(), call.definition->parameters.size());
    const auto outputs = testing_features::RunIndicator(*call.definition, call.parameters, call.inputs, 64);
    const int warmup = testing_features::MakeIndicator(*call.definition, call.parameters)->warmup();
    ExpectValues(outputs.at(std::stoul(cells.at(1))), cells.at(2), warmup);
    ++lines[call.definition->name];
  }
  EXPECT_GE(lines.size(), 130U);
}

}  // namespace
}  // namespace hone
