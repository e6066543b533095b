// Holds the stream detectors to River and MOA: the same drifts and warnings at the same rows, on the streams of
// tests/reference/make_stream_reference.py, which says where either departs from the papers.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/random.h"
#include "drift/stream_detectors.h"

namespace hone {
namespace {

struct Phase {
  int rows;
  double level, scale;  // of a stream of errors: its rate
};

double Noise(Random& random) {
  double total = 0;
  for (int i = 0; i < 12; ++i) total += random.Uniform();
  return total - 6;
}

std::vector<double> Levels(Random random, const std::vector<Phase>& phases) {
  std::vector<double> values;
  for (const Phase& phase : phases)
    for (int i = 0; i < phase.rows; ++i) values.push_back(phase.level + phase.scale * Noise(random));
  return values;
}

std::vector<double> Errors(Random random, const std::vector<Phase>& phases) {
  std::vector<double> values;
  for (const Phase& phase : phases)
    for (int i = 0; i < phase.rows; ++i) values.push_back(random.Uniform() < phase.level ? 1 : 0);
  return values;
}

std::vector<double> Persistent(Random random) {
  std::vector<double> values;
  for (double value = 0; values.size() < 2000; values.push_back(value))
    value = 0.9 * value + 0.4358898943540674 * Noise(random);
  return values;
}

std::vector<double> StreamOf(const std::string& name, std::uint64_t seed) {
  const Random random(seed);
  if (name == "steps") return Levels(random, {{800, 0, 1}, {800, 1, 1}, {600, -0.5, 1}, {400, -0.5, 3}});
  if (name == "persistent") return Persistent(random);
  if (name == "errors") return Errors(random, {{1000, 0.2, 0}, {1000, 0.35, 0}, {1000, 0.1, 0}, {600, 0.5, 0}});
  if (name == "long_errors") return Errors(random, {{9000, 0.05, 0}, {1000, 0.07, 0}, {1500, 0.12, 0}});
  ADD_FAILURE() << "no stream " << name;
  return {};
}

// The file's way to write rows: "3 7-9".
std::string RangesOf(const std::vector<int>& rows) {
  std::string text;
  for (std::size_t i = 0; i < rows.size();) {
    std::size_t last = i;
    while (last + 1 < rows.size() && rows[last + 1] == rows[last] + 1) ++last;
    if (!text.empty()) text += ' ';
    text += std::to_string(rows[i]);
    if (last > i) text += '-' + std::to_string(rows[last]);
    i = last + 1;
  }
  return text;
}

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

struct Case {
  std::string detector, settings, stream, seed, source, drifts, warnings;
};

std::vector<Case> ReadCases() {
  std::ifstream in(std::string(HONE_SOURCE_DIR) + "/tests/reference/stream_reference.csv");
  std::vector<Case> cases;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    std::vector<std::string> cells = Split(line, ',');
    cells.resize(7);
    cases.push_back({cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6]});
  }
  return cases;
}

TEST(StreamReference, AlarmsAtTheSameRowsAsRiverAndMoa) {
  const std::vector<Case> cases = ReadCases();
  std::set<std::string> held;
  for (const Case& expected : cases) {
    const auto detector = MakeStreamDetector(expected.detector, Split(expected.settings, ' '));
    ASSERT_TRUE(detector.ok()) << detector.error().ToString();
    std::vector<int> drifts, warnings;
    int row = 0;
    for (const double value : StreamOf(expected.stream, std::stoull(expected.seed))) {
      const StreamStatus status = (*detector)->Update(value).status;
      if (status == StreamStatus::kDrift) drifts.push_back(row);
      if (status == StreamStatus::kWarning) warnings.push_back(row);
      ++row;
    }
    const std::string where = expected.detector + " " + expected.settings + " " + expected.stream + " " + expected.seed;
    EXPECT_EQ(RangesOf(drifts), expected.drifts) << where;
    EXPECT_EQ(RangesOf(warnings), expected.warnings) << where;
    if (!drifts.empty()) held.insert(expected.detector);
  }
  EXPECT_EQ(held.size(), 9U) << "detectors that alarmed";
}

}  // namespace
}  // namespace hone
