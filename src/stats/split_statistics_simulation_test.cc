// The rates in docs/reference/experiments.md: how often the tests of a split say something when nothing is wrong,
// looked at after every unit, and how soon they see what is.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "base/random.h"
#include "stats/sequential_multinomial.h"
#include "stats/share_excess.h"

namespace hone {
namespace {

constexpr double kAlpha = 0.05;

double AtMost(double alpha, int runs) { return alpha + 3.1 * std::sqrt(alpha * (1 - alpha) / runs); }

std::size_t Draw(const std::vector<double>& shares, Random& random) {
  double left = random.Uniform();
  for (std::size_t category = 0; category + 1 < shares.size(); ++category) {
    left -= shares[category];
    if (left < 0) return category;
  }
  return shares.size() - 1;
}

// Units until a mismatch is proven; `most` + 1 where it is not by then.
int UnitsToMismatch(const std::vector<double>& stated, const std::vector<double>& real, double alpha, int most,
                    std::uint64_t seed) {
  Random random(seed);
  SequentialMultinomial test(stated);
  for (int unit = 1; unit <= most; ++unit) {
    test.Add(Draw(real, random));
    if (test.log_peak() >= -std::log(alpha)) return unit;
  }
  return most + 1;
}

double MismatchRate(const std::vector<double>& shares, double alpha, int runs, int units) {
  int proven = 0;
  for (int run = 0; run < runs; ++run) {
    proven += UnitsToMismatch(shares, shares, alpha, units, 100 + static_cast<std::uint64_t>(run)) <= units;
  }
  return static_cast<double>(proven) / runs;
}

int Median(std::vector<int> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

int MedianToMismatch(const std::vector<double>& stated, const std::vector<double>& real, int most) {
  std::vector<int> units;
  for (std::uint64_t run = 0; run < 301; ++run) units.push_back(UnitsToMismatch(stated, real, 0.001, most, 900 + run));
  return Median(std::move(units));
}

TEST(SequentialMultinomialSimulation, ARightSplitIsSeldomTakenForAWrongOne) {
  constexpr int kTrials = 4000, kUnitsEach = 5000;
  for (const std::vector<double>& shares : {std::vector<double>{0.5, 0.5}, {0.9, 0.1}, {0.99, 0.01}, {0.6, 0.3, 0.1}}) {
    const double rate = MismatchRate(shares, kAlpha, kTrials, kUnitsEach);
    EXPECT_LE(rate, AtMost(kAlpha, kTrials)) << shares[0];
    RecordProperty("mismatch_" + std::to_string(shares[0]), std::to_string(rate));
  }
  EXPECT_LE(MismatchRate({0.5, 0.5}, 0.001, kTrials, kUnitsEach), AtMost(0.001, kTrials));
}

// What looking at a chi-squared test of the shares comes to.
TEST(SequentialMultinomialSimulation, AFixedTestLookedAtEveryHundredUnitsIsOftenWrong) {
  constexpr int kTrials = 1000;
  int alarms = 0;
  for (std::uint64_t run = 0; run < kTrials; ++run) {
    Random random(run);
    double first = 0;
    bool alarm = false;
    for (int unit = 1; unit <= 5000; ++unit) {
      first += random.Uniform() < 0.5;
      if (unit % 100 == 0) alarm = alarm || std::abs(first - unit / 2.0) > 1.959964 * std::sqrt(unit / 4.0);
    }
    alarms += alarm;
  }
  EXPECT_GE(alarms, 0.25 * kTrials);
  RecordProperty("fixed", alarms);
}

TEST(SequentialMultinomialSimulation, AWrongSplitIsSeenInTime) {
  const int slight = MedianToMismatch({0.5, 0.5}, {0.48, 0.52}, 40'000);
  const int small = MedianToMismatch({0.9, 0.1}, {0.88, 0.12}, 40'000);
  const int large = MedianToMismatch({0.5, 0.5}, {0.4, 0.6}, 40'000);
  const int broken = MedianToMismatch({0.5, 0.5}, {1, 0}, 40'000);
  EXPECT_LE(slight, 14'000);
  EXPECT_LE(small, 5'000);
  EXPECT_LE(large, 700);
  EXPECT_LE(broken, 60);
  RecordProperty("slight", slight);
  RecordProperty("small", small);
  RecordProperty("large", large);
  RecordProperty("broken", broken);
}

// The probability of the event, by arm, at a unit.
using Events = std::function<double(bool challenger, int unit)>;

int UnitsToExcess(double share, double margin, const Events& events, int most, std::uint64_t seed) {
  Random random(seed);
  ShareExcess test(share, margin);
  for (int unit = 1; unit <= most; ++unit) {
    const bool challenger = random.Uniform() < share;
    test.Add(challenger, random.Uniform() < events(challenger, unit));
    if (test.log_peak() >= -std::log(kAlpha)) return unit;
  }
  return most + 1;
}

double ExcessRate(double share, double margin, const Events& events, int runs, int units) {
  int proven = 0;
  for (int run = 0; run < runs; ++run) {
    proven += UnitsToExcess(share, margin, events, units, 40 + static_cast<std::uint64_t>(run)) <= units;
  }
  return static_cast<double>(proven) / runs;
}

int MedianToExcess(double share, double margin, double champion, double challenger) {
  std::vector<int> units;
  for (std::uint64_t run = 0; run < 301; ++run) {
    units.push_back(UnitsToExcess(
        share, margin, [=](bool of_challenger, int) { return of_challenger ? challenger : champion; }, 20'000,
        5000 + run));
  }
  return Median(std::move(units));
}

TEST(ShareExcessSimulation, AChallengerThatIsNoWorseIsSeldomAccused) {
  constexpr int kTrials = 1500, kUnitsEach = 3000;
  const auto same = [](double share) { return [share](bool, int) { return share; }; };
  const auto at_margin = [](bool challenger, int) { return challenger ? 0.03 : 0.02; };
  // Outages hit both arms, and the arm's own failures grow: never beyond the margin.
  const auto outages = [](bool challenger, int unit) { return unit / 200 % 5 == 0 ? 0.4 : challenger ? 0.012 : 0.002; };
  int number = 0;
  for (const double share : {0.1, 0.5}) {
    const double rates[] = {
        ExcessRate(share, 0, same(0.01), kTrials, kUnitsEach), ExcessRate(share, 0, same(0.2), kTrials, kUnitsEach),
        ExcessRate(share, 0.01, at_margin, kTrials, kUnitsEach), ExcessRate(share, 0.01, outages, kTrials, kUnitsEach)};
    for (const double rate : rates) {
      EXPECT_LE(rate, AtMost(kAlpha, kTrials)) << share << " case " << number;
      RecordProperty("excess_" + std::to_string(number++), std::to_string(rate));
    }
  }
}

TEST(ShareExcessSimulation, AChallengerThatIsWorseIsSeenInTime) {
  const int tenth = MedianToExcess(0.1, 0.01, 0.01, 0.05), half = MedianToExcess(0.5, 0.01, 0.01, 0.05);
  const int broken = MedianToExcess(0.1, 0.01, 0.001, 0.5), slow = MedianToExcess(0.1, 0.05, 0.02, 0.2);
  EXPECT_LE(tenth, 3500);
  EXPECT_LE(half, 1400);
  EXPECT_LE(broken, 120);
  EXPECT_LE(slow, 800);
  RecordProperty("tenth", tenth);
  RecordProperty("half", half);
  RecordProperty("broken", broken);
  RecordProperty("slow", slow);
}

}  // namespace
}  // namespace hone
