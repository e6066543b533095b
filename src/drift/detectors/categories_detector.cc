#include "drift/detectors/categories_detector.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "drift/detectors/detectable_shift.h"
#include "drift/detectors/levels_and_innovations.h"
#include "stats/chi_squared.h"
#include "stats/effective_sample_size.h"
#include "stats/pooled_counts.h"
#include "stats/population_stability.h"
#include "stats/stationary_bootstrap.h"

namespace hone {
namespace {

constexpr std::size_t kIndicators = 8;

// Codes of a sample, most frequent first; ties by code.
std::vector<double> ByFrequency(const std::vector<double>& codes) {
  std::map<double, std::int64_t> counts;
  for (const double code : codes) ++counts[code];
  std::vector<std::pair<double, std::int64_t>> ordered(counts.begin(), counts.end());
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<double> sorted;
  for (const auto& [code, count] : ordered) sorted.push_back(code);
  return sorted;
}

std::vector<double> Shares(std::vector<double> counts, double rows) {
  for (double& count : counts) count /= rows;
  return counts;
}

class CategoriesDetector final : public ColumnDetector {
 public:
  CategoriesDetector(std::span<const double> all, const DriftPolicy& policy, double level)
      : policy_(policy), level_(level), all_rows_(all.size()) {
    const std::vector<double> codes = FiniteValues(all);
    std::vector<double> named = ByFrequency(codes);
    if (named.size() > static_cast<std::size_t>(policy.categories))
      named.resize(static_cast<std::size_t>(policy.categories));
    for (std::size_t i = 0; i < named.size(); ++i) places_of_.emplace(named[i], static_cast<std::uint32_t>(i));
    places_ = PlacesOf(codes);
    counts_ = Count(places_);
    for (std::size_t i = 0; i < std::min(named.size(), kIndicators); ++i) TakeIndicator(static_cast<std::uint32_t>(i));
  }

  const char* name() const override { return "chi_squared_categories"; }

  ColumnTests Compare(std::span<const double> current) const override {
    const std::vector<std::uint32_t> places = PlacesOf(FiniteValues(current));
    ColumnTests tests;
    tests.reference_rows = static_cast<std::int64_t>(places_.size());
    tests.current_rows = static_cast<std::int64_t>(places.size());
    tests.reference_missing = MissingShare(all_rows_, places_.size());
    tests.current_missing = MissingShare(current.size(), places.size());
    tests.levels = Test(places);
    return tests;
  }

 private:
  std::vector<std::uint32_t> PlacesOf(const std::vector<double>& codes) const {
    const auto other = static_cast<std::uint32_t>(places_of_.size());
    std::vector<std::uint32_t> places;
    for (const double code : codes) {
      const auto found = places_of_.find(code);
      places.push_back(found == places_of_.end() ? other : found->second);
    }
    return places;
  }

  std::vector<double> Count(const std::vector<std::uint32_t>& places) const {
    std::vector<double> counts(places_of_.size() + 1);
    for (const std::uint32_t place : places) ++counts[place];
    return counts;
  }

  void TakeIndicator(std::uint32_t place) {
    std::vector<double> indicator;
    for (const std::uint32_t other : places_) indicator.push_back(other == place ? 1 : 0);
    tau_ = std::max(tau_, IntegratedAutocorrelationTime(indicator).tau);
    block_ = LongerBlock(block_, OptimalBlockLength(indicator));
  }

  DriftTest Test(const std::vector<std::uint32_t>& places) const {
    DriftTest test;
    const double n = static_cast<double>(places_.size()), m = static_cast<double>(places.size());
    test.tau = tau_;
    test.needed_reference_rows = NeededRows(n, policy_.minimum_effective_reference_rows, tau_);
    test.needed_current_rows = NeededRows(m, policy_.minimum_effective_current_rows, tau_);
    if (places_.empty() || places.empty()) return test;
    const std::vector<double> counts = Count(places);
    const ChiSquared chi = ChiSquaredOfCounts(counts_, counts);
    const std::vector<double> first = Shares(counts_, n), second = Shares(counts, m);
    for (std::size_t i = 0; i < first.size(); ++i) test.distance += 0.5 * std::abs(first[i] - second[i]);
    test.distance = std::min(test.distance, 1.0);
    test.statistic = chi.cramers_v;
    test.stability = CompareShares(first, second, n / tau_, m / tau_).corrected;
    test.smallest_detectable_shift = DetectableShift(n * m / ((n + m) * tau_), level_);
    if (test.needed_reference_rows > 0 || test.needed_current_rows > 0) return test;
    test.status = DriftStatus::kOk;
    test.p_value = PValue(chi.statistic, places.size());
    return test;
  }

  double PValue(double observed, std::size_t current_rows) const {
    Random random = Random::Stream(0, name());
    std::vector<double> first(counts_.size()), second(counts_.size());
    std::vector<double> draws(static_cast<std::size_t>(policy_.resamples));
    for (double& draw : draws) {
      ResampleCounts(places_, places_.size(), block_.stationary, random, first);
      ResampleCounts(places_, current_rows, block_.stationary, random, second);
      draw = block_.inflation * ChiSquaredOfCounts(first, second).statistic;
    }
    return ExponentialTailPValue(observed, draws);
  }

  DriftPolicy policy_;
  double level_;
  std::size_t all_rows_;
  std::map<double, std::uint32_t> places_of_;  // of the codes told apart
  std::vector<std::uint32_t> places_;          // of the reference's rows
  std::vector<double> counts_;
  double tau_ = 1;
  BlockLength block_;
};

}  // namespace

std::unique_ptr<ColumnDetector> MakeCategoriesDetector(std::span<const double> reference, const DriftPolicy& policy,
                                                       double level) {
  return std::make_unique<CategoriesDetector>(reference, policy, level);
}

}  // namespace hone
