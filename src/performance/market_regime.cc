#include "performance/market_regime.h"

#include <algorithm>
#include <cmath>

#include "stats/effective_sample_size.h"
#include "stats/quantile.h"
#include "stats/running_moments.h"

namespace hone {
namespace {

RunningMoments MomentsOf(std::span<const double> values) {
  RunningMoments moments;
  for (const double value : values) moments.Add(value);
  return moments;
}

VolatilityState StateOf(double deviation, double low_third, double high_third) {
  if (deviation <= low_third) return VolatilityState::kCalm;
  return deviation <= high_third ? VolatilityState::kNormal : VolatilityState::kVolatile;
}

TrendState StateOf(double standard_errors) {
  if (standard_errors > 1) return TrendState::kUp;
  return standard_errors < -1 ? TrendState::kDown : TrendState::kFlat;
}

}  // namespace

const char* VolatilityStateName(VolatilityState state) {
  switch (state) {
    case VolatilityState::kUnknown: return "unknown";
    case VolatilityState::kCalm: return "calm";
    case VolatilityState::kNormal: return "normal";
    case VolatilityState::kVolatile: return "volatile";
  }
  return "unknown";
}

const char* TrendStateName(TrendState state) {
  switch (state) {
    case TrendState::kUnknown: return "unknown";
    case TrendState::kDown: return "down";
    case TrendState::kFlat: return "flat";
    case TrendState::kUp: return "up";
  }
  return "unknown";
}

std::vector<MarketRegime> MarketRegimes(std::span<const double> outcomes, int horizon, int span) {
  const std::size_t length = static_cast<std::size_t>(span), first = length + static_cast<std::size_t>(horizon) - 1;
  std::vector<MarketRegime> regimes(outcomes.size());
  if (outcomes.size() <= first) return regimes;
  std::vector<RunningMoments> before;  // of row first + i
  std::vector<double> deviations;
  for (std::size_t begin = 0; begin + first < outcomes.size(); ++begin) {
    before.push_back(MomentsOf(outcomes.subspan(begin, length)));
    deviations.push_back(before.back().standard_deviation());
  }
  const double low_third = Quantile(deviations, 1.0 / 3), high_third = Quantile(deviations, 2.0 / 3);
  const RunningMoments all = MomentsOf(outcomes);
  const double error =
      all.standard_deviation() * std::sqrt(IntegratedAutocorrelationTime(outcomes).tau / static_cast<double>(span));
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double off = before[i].mean() - all.mean();
    regimes[first + i] = {StateOf(deviations[i], low_third, high_third), StateOf(error > 0 ? off / error : 0)};
  }
  return regimes;
}

}  // namespace hone
