#include "drift/detectors/dependent_kolmogorov_smirnov.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "drift/detectors/reference_sample.h"
#include "stats/autoregression.h"

namespace hone {
namespace {

// Far beyond any measurement, and squares of it still have room.
constexpr double kLargest = 1e100;

std::vector<double> FiniteValues(std::span<const double> values) {
  std::vector<double> finite;
  finite.reserve(values.size());
  for (const double value : values)
    if (std::isfinite(value)) finite.push_back(std::clamp(value, -kLargest, kLargest));
  return finite;
}

double MissingShare(std::size_t all, std::size_t finite) {
  return all == 0 ? 0 : static_cast<double>(all - finite) / static_cast<double>(all);
}

class DependentKolmogorovSmirnov final : public ColumnDetector {
 public:
  DependentKolmogorovSmirnov(std::span<const double> all, const std::vector<double>& finite, const DriftPolicy& policy,
                             double level)
      : rows_(finite.size()),
        missing_(MissingShare(all.size(), finite.size())),
        autoregression_(FitAutoregression(finite, policy.autoregression_order)),
        levels_(finite, policy, level),
        innovations_(InnovationsOf(finite), policy, level) {}

  const char* name() const override { return "dependent_kolmogorov_smirnov"; }

  ColumnTests Compare(std::span<const double> current) const override {
    std::vector<double> values = FiniteValues(current);
    ColumnTests tests;
    tests.reference_rows = static_cast<std::int64_t>(rows_);
    tests.current_rows = static_cast<std::int64_t>(values.size());
    tests.reference_missing = missing_;
    tests.current_missing = MissingShare(current.size(), values.size());
    std::vector<double> innovations = InnovationsOf(values);
    tests.innovations = innovations_.Compare(innovations);
    tests.levels = levels_.Compare(values);
    return tests;
  }

 private:
  std::vector<double> InnovationsOf(std::span<const double> values) const {
    std::vector<double> innovations;
    autoregression_.Residuals(values, innovations);
    return innovations;
  }

  std::size_t rows_;
  double missing_;
  Autoregression autoregression_;
  ReferenceSample levels_;
  ReferenceSample innovations_;
};

}  // namespace

std::unique_ptr<ColumnDetector> MakeDependentKolmogorovSmirnov(std::span<const double> reference,
                                                               const DriftPolicy& policy, double level) {
  return std::make_unique<DependentKolmogorovSmirnov>(reference, FiniteValues(reference), policy, level);
}

}  // namespace hone
