// libraries: features
// Point-in-time joins of 10^7 rows with 10^7 values: hone's on one thread beside those of polars and DuckDB on all
// cores, of rows in order of time and shuffled. hone's answers are written to a folder, where bench/peers/as_of_join.py
// times the peers, compares every row to the bit and prints the table. Peers come from .deps/peers (tools/setup bench).
#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "features/store/as_of_join.h"

namespace {

namespace fs = std::filesystem;
using hone::FeatureValue;
using hone::Time;

constexpr std::size_t kRows = 10'000'000;
constexpr int kTurns = 3;
constexpr hone::Duration kDelay = 250, kTtl = 5'000;  // a value is known so long after its event, and holds so long

// Some time after the one before, 1,000 on average.
std::vector<Time> MakeTimes(std::mt19937_64& random) {
  std::exponential_distribution<double> gap(1e-3);
  std::vector<Time> times(kRows);
  Time now = 0;
  for (Time& time : times) time = now += 1 + static_cast<Time>(gap(random));
  return times;
}

std::vector<FeatureValue> MakeHistory(std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  std::vector<FeatureValue> history;
  for (const Time event : MakeTimes(random)) history.push_back({event, event + kDelay, event + kDelay, normal(random)});
  return history;
}

template <typename Number>
void Write(const fs::path& file, const std::vector<Number>& numbers) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(numbers.data()),
            static_cast<std::streamsize>(numbers.size() * sizeof(Number)));
}

void WriteHistory(const fs::path& folder, const std::vector<FeatureValue>& history) {
  std::vector<Time> events;
  std::vector<double> values;
  for (const FeatureValue& value : history) {
    events.push_back(value.event_time);
    values.push_back(value.value);
  }
  Write(folder / "event", events);
  Write(folder / "value", values);
}

// Writes rows and answers; seconds of the best turn.
double Join(const fs::path& folder, const std::string& name, const std::vector<FeatureValue>& history,
            const std::vector<Time>& times) {
  double best = 1e9;
  std::vector<double> joined;
  for (int turn = 0; turn < kTurns; ++turn) {
    const auto start = std::chrono::steady_clock::now();
    joined = hone::AsOfJoin(history, times, {.ttl = kTtl});
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  Write(folder / (name + ".time"), times);
  Write(folder / (name + ".joined"), joined);
  return best;
}

}  // namespace

int main() {
  if (!fs::exists(HONE_ROOT "/.deps/peers/duckdb")) {
    fmt::print("DuckDB is not in .deps/peers: tools/setup bench fetches it\n");
    return 2;
  }
  std::string name = (fs::temp_directory_path() / "hone_as_of_join_XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) return 2;
  const fs::path folder = name;
  std::mt19937_64 random(1);
  const std::vector<FeatureValue> history = MakeHistory(random);
  std::vector<Time> times = MakeTimes(random);
  WriteHistory(folder, history);
  const double ordered = Join(folder, "ordered", history, times);
  std::shuffle(times.begin(), times.end(), random);
  const double shuffled = Join(folder, "shuffled", history, times);
  const int status =
      std::system(fmt::format("PYTHONPATH='{0}/.deps/peers' PYTHONDONTWRITEBYTECODE=1 '{0}/.deps/python/bin/python' "
                              "'{0}/bench/peers/as_of_join.py' '{1}' {2} {3} ordered {4} shuffled {5}",
                              HONE_ROOT, folder.string(), kDelay, kTtl, ordered, shuffled)
                      .c_str());
  fs::remove_all(folder);
  return status == 0 ? 0 : 1;
}
