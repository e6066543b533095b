// False alarms, delays and power of the prewhitened ranks (docs/reference/streaming_drift.md): a reference of 1,000
// rows and 3,000 more, alpha = 0.05.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "drift/dependent_series_for_test.h"
#include "drift/stream_detectors.h"

namespace hone {
namespace {

constexpr std::int64_t kReference = 1000, kWatched = 3000, kChangeAt = 2000;

// From row `at` on.
struct ChangeAtRow {
  std::int64_t at = kReference + kWatched;
  double shift = 0, scale = 1;
};

struct Found {
  double share = 0;   // of the streams
  double median = 0;  // rows from the change to the alarm, of those found
};

// The first alarm from the change on (before it, where nothing changes) in 10 streams a seed.
Found Simulate(const DependentSeries& kind, int seeds, ChangeAtRow change, const std::string& detector) {
  std::vector<double> delays;
  for (int seed = 0; seed < seeds; ++seed) {
    const auto rows = MakeSeries(kind, kReference + kWatched, static_cast<std::uint64_t>(seed));
    for (std::size_t c = 0; c < kColumns; ++c) {
      const auto watch = std::move(MakeStreamDetector(detector, {})).value();
      for (std::int64_t i = 0; i < kReference + kWatched; ++i) {
        double value = rows[static_cast<std::size_t>(i) * kColumns + c];
        if (i >= change.at) value = value * change.scale + change.shift;
        if (watch->Update(value).status != StreamStatus::kDrift) continue;
        if (change.at < kReference + kWatched && i < change.at) continue;
        delays.push_back(static_cast<double>(i - change.at));
        break;
      }
    }
  }
  Found found{static_cast<double>(delays.size()) / (seeds * kColumns), 0};
  if (delays.empty()) return found;
  std::nth_element(delays.begin(), delays.begin() + static_cast<std::ptrdiff_t>(delays.size() / 2), delays.end());
  found.median = delays[delays.size() / 2];
  return found;
}

double FalseAlarms(const DependentSeries& kind, const std::string& detector = kDefaultStreamDetector) {
  return Simulate(kind, 20, {}, detector).share;
}

// 0.05 and its 99.9 % Monte-Carlo limit for 200 streams.
const double kLimit = 0.05 + 3.1 * std::sqrt(0.05 * 0.95 / 200);

TEST(PrewhitenedRanksSimulation, AStreamWithoutChangeRarelyAlarmsAtAnyTime) {
  EXPECT_LE(FalseAlarms(kIid), 0.02);
  EXPECT_LE(FalseAlarms(kAr5), 0.03);
  EXPECT_LE(FalseAlarms(kAr9), kLimit);
  EXPECT_LE(FalseAlarms(kAr99), kLimit);
  EXPECT_LE(FalseAlarms(kGarch), kLimit);
}

void ExpectFound(const DependentSeries& kind, ChangeAtRow change, double share, double delay) {
  change.at = kChangeAt;
  const Found found = Simulate(kind, 5, change, kDefaultStreamDetector);
  EXPECT_GE(found.share, share) << kind.name << " " << change.shift << " " << change.scale;
  EXPECT_LE(found.median, delay) << kind.name << " " << change.shift << " " << change.scale;
}

TEST(PrewhitenedRanksSimulation, MeanShiftsAreFound) {
  ExpectFound(kIid, {.shift = 1}, 0.97, 110);
  ExpectFound(kIid, {.shift = -0.5}, 0.97, 440);
  ExpectFound(kAr5, {.shift = 1}, 0.95, 320);
  ExpectFound(kGarch, {.shift = 1}, 0.95, 110);
  ExpectFound(kAr9, {.shift = 2}, 0.85, 400);
}

TEST(PrewhitenedRanksSimulation, ChangesOfVarianceAreFoundHoweverPersistentTheLevel) {
  for (const DependentSeries& kind : {kIid, kAr5, kAr9, kAr99}) {
    ExpectFound(kind, {.scale = 1.5}, 0.9, 420);
    ExpectFound(kind, {.scale = 0.5}, 0.9, 150);
  }
}

// What it is there for: detectors that take dependent rows for independent ones.
TEST(PrewhitenedRanksSimulation, TheClassicDetectorsAlarmOnPersistentStreamsWithoutChange) {
  for (const char* detector : {"adwin", "kswin", "page_hinkley"})
    EXPECT_GE(Simulate(kAr9, 2, {}, detector).share, 0.95) << detector;
}

}  // namespace
}  // namespace hone
