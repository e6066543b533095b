// Series whose truth is known, for tests of drift detectors: ten columns, row-major, after a burn-in.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"

namespace hone {

struct DependentSeries {
  std::string name;
  double phi = 0;      // AR(1), variance 1
  bool garch = false;  // instead: GARCH(1,1), 0.02 + 0.08 e^2 + 0.90 h, variance 1
  double shared = 0;   // share of the noise variance that all columns have in common
};

inline const DependentSeries kIid{"iid"}, kAr5{"ar5", 0.5}, kAr9{"ar9", 0.9}, kAr99{"ar99", 0.99},
    kGarch{"garch", 0, true};

// 0.05 and its 99.9 % Monte-Carlo limit: what a rate of false alarms may show in `runs` runs.
inline double AlarmLimit(int runs) { return 0.05 + 3.1 * std::sqrt(0.05 * 0.95 / runs); }

inline constexpr int kColumns = 10;

// x0 ... x9
inline std::vector<std::string> SeriesNames() {
  std::vector<std::string> names;
  for (char digit = '0'; digit <= '9'; ++digit) names.push_back({'x', digit});
  return names;
}

inline std::vector<double> MakeSeries(const DependentSeries& kind, std::int64_t rows, std::uint64_t seed) {
  constexpr int kBurnIn = 500;
  Random random = Random::Stream(seed, kind.name);
  std::vector<double> values, state(kColumns), variance(kColumns, 1.0);
  values.reserve(static_cast<std::size_t>(rows) * kColumns);
  for (double& start : state) start = random.Normal();
  for (std::int64_t i = -kBurnIn; i < rows; ++i) {
    const double common = random.Normal();
    for (std::size_t c = 0; c < kColumns; ++c) {
      const double noise = std::sqrt(kind.shared) * common + std::sqrt(1 - kind.shared) * random.Normal();
      if (kind.garch) {
        variance[c] = 0.02 + 0.08 * state[c] * state[c] + 0.90 * variance[c];
        state[c] = std::sqrt(variance[c]) * noise;
      } else {
        state[c] = kind.phi * state[c] + std::sqrt(1 - kind.phi * kind.phi) * noise;
      }
      if (i >= 0) values.push_back(state[c]);
    }
  }
  return values;
}

}  // namespace hone
