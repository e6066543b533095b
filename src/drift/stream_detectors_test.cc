// Names and parameters of the stream detectors, and what of single ones no other implementation answers.
#include "drift/stream_detectors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/random.h"

namespace hone {
namespace {

std::unique_ptr<StreamDetector> Make(const std::string& name, const std::vector<std::string>& settings = {}) {
  auto made = MakeStreamDetector(name, settings);
  EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().ToString());
  return std::move(made).value();
}

TEST(StreamDetectors, TheDefaultIsTheFirst) { EXPECT_EQ(StreamDetectorNames().front(), kDefaultStreamDetector); }

TEST(StreamDetectors, WhatIsWrongIsSaid) {
  const struct {
    const char *name, *setting, *says;
  } cases[] = {
      {"adwinn", "", "there is no detector 'adwinn', did you mean adwin?"},
      {"zzz", "", "there are prewhitened_ranks, adwin,"},
      {"adwin", "detla=0.1", "adwin: detla: is no parameter of this detector, did you mean delta?"},
      {"adwin", "zzzzz=0.1", "there are delta, clock,"},
      {"adwin", "delta", "'delta' is no setting; key=value was expected"},
      {"adwin", "delta=2", "delta: must be a number within [1e-12, 0.999999999999], is '2'"},
      {"adwin", "delta=nan", "is 'nan'"},
      {"adwin", "clock=1.5", "clock: must be a whole number within [1, 1000000000], is '1.5'"},
      {"adwin", "keep_window=yes", "must be true or false, is 'yes'"},
      {"eddm", "alpha=0.5", "alpha must be at least beta"},
      {"cusum", "mean=0", "mean and deviation must be given both, or neither"},
      {"kswin", "recent=900", "window must be at least 2 recent"},
  };
  for (const auto& wrong : cases) {
    std::vector<std::string> settings;
    if (*wrong.setting != 0) settings.emplace_back(wrong.setting);
    const auto made = MakeStreamDetector(wrong.name, settings);
    ASSERT_FALSE(made.ok()) << wrong.setting;
    EXPECT_EQ(made.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(made.error().ToString().find(wrong.says), std::string::npos) << made.error().ToString();
  }
  EXPECT_FALSE(MakeStreamDetector("adwin", std::vector<std::string>{"clock=1", "clock=2"}).ok());
}

TEST(StreamDetectors, ValuesOutsideTheInputAreTakenToItsEnd) {
  const auto one = Make("hddm_a"), other = Make("hddm_a");
  for (int i = 0; i < 200; ++i) {
    const double value = i < 100 ? 0.2 : 7;
    EXPECT_EQ(one->Update(value).status, other->Update(std::min(value, 1.0)).status);
  }
}

// Average rows to an alarm, over `runs` streams of normal values.
double RunLength(const std::vector<std::string>& settings, double shift, int runs) {
  double total = 0;
  for (int run = 0; run < runs; ++run) {
    Random random(static_cast<std::uint64_t>(run));
    const auto detector = Make("cusum", settings);
    int rows = 1;
    while (detector->Update(random.Normal() + shift).status != StreamStatus::kDrift) ++rows;
    total += rows;
  }
  return total / runs;
}

// Average run lengths of the two-sided chart, k = 1/2: Montgomery, "Introduction to statistical quality control", table
// 9.3 of the sixth edition. 4,000 runs: 3.3 standard errors are 5 %.
TEST(Cusum, RunsAsLongAsPublished) {
  const struct {
    const char* h;
    double shift, published;
  } table[] = {{"h=4", 0, 168},  {"h=4", 0.5, 26.6}, {"h=4", 1, 8.38}, {"h=5", 0, 465},
               {"h=5", 0.5, 38}, {"h=5", 1, 10.4},   {"h=5", 2, 4.01}};
  for (const auto& row : table) {
    const double length = RunLength({"mean=0", "deviation=1", row.h}, row.shift, 4000);
    EXPECT_NEAR(length, row.published, 0.055 * row.published) << row.h << " " << row.shift;
  }
}

TEST(Stepd, RareErrorsThatDoNotChangeAreNoDrift) {
  const auto detector = Make("stepd");
  for (int i = 0; i < 20'000; ++i) EXPECT_NE(detector->Update(i == 50 ? 1 : 0).status, StreamStatus::kDrift) << i;
}

TEST(Kswin, TheSeedChoosesWhatIsDrawn) {
  std::vector<std::vector<int>> drifts;
  for (const std::uint64_t seed : {1, 1, 2}) {
    const auto detector = std::move(MakeStreamDetector("kswin", {}, seed)).value();
    Random random(3);
    drifts.emplace_back();
    for (int i = 0; i < 5000; ++i)
      if (detector->Update(random.Normal()).status == StreamStatus::kDrift) drifts.back().push_back(i);
  }
  EXPECT_EQ(drifts[0], drifts[1]);
  EXPECT_NE(drifts[0], drifts[2]);
}

}  // namespace
}  // namespace hone
