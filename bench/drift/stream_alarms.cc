// Where a stream detector alarms in many streams at once: what bench/drift_false_alarms.sh sets beside its peers.
//
//   stream_alarms ROWS FILE DETECTOR [key=value]...
//
// FILE holds streams of ROWS little-endian float64 each, one after the other. Prints, a line a stream, the rows
// (0-based) of its drifts; on stderr the nanoseconds of processor time an update took.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "drift/stream_detectors.h"

namespace {

// The rows that drifted in one stream.
std::string DriftsOf(hone::StreamDetector& detector, const std::vector<double>& stream) {
  std::string drifts;
  for (std::size_t row = 0; row < stream.size(); ++row) {
    if (detector.Update(stream[row]).status != hone::StreamStatus::kDrift) continue;
    if (!drifts.empty()) drifts += ' ';
    drifts += std::to_string(row);
  }
  return drifts;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: stream_alarms ROWS FILE DETECTOR [key=value]...\n");
    return 2;
  }
  const std::vector<std::string> settings(argv + 4, argv + argc);
  std::vector<double> stream(std::strtoull(argv[1], nullptr, 10));
  std::ifstream file(argv[2], std::ios::binary);
  std::clock_t spent = 0;  // processor time: others' load does not count
  std::uint64_t seed = 0;
  while (file.read(reinterpret_cast<char*>(stream.data()), static_cast<std::streamsize>(stream.size() * 8))) {
    const auto detector = hone::MakeStreamDetector(argv[3], settings, seed++);
    if (!detector.ok()) {
      std::fprintf(stderr, "%s\n", detector.error().ToString().c_str());
      return 2;
    }
    const std::clock_t begin = std::clock();
    const std::string drifts = DriftsOf(**detector, stream);
    spent += std::clock() - begin;
    std::printf("%s\n", drifts.c_str());
  }
  const double updates = static_cast<double>(seed) * static_cast<double>(stream.size());
  std::fprintf(stderr, "%.1f\n", 1e9 * static_cast<double>(spent) / CLOCKS_PER_SEC / updates);
  return 0;
}
