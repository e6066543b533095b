#include "drift/detectors/levels_and_innovations.h"

#include <algorithm>
#include <cmath>

#include "stats/autoregression.h"

namespace hone {
namespace {

// Far beyond any measurement, and squares of it still have room.
constexpr double kLargestLevel = 1e100;

class LevelsAndInnovations final : public ColumnDetector {
 public:
  LevelsAndInnovations(const char* name, std::size_t all, const std::vector<double>& finite, const DriftPolicy& policy,
                       const MakeSampleTest& make_test)
      : name_(name),
        rows_(finite.size()),
        missing_(MissingShare(all, finite.size())),
        autoregression_(FitAutoregression(finite, policy.autoregression_order)),
        levels_(make_test(finite)),
        innovations_(make_test(InnovationsOf(finite))) {}

  const char* name() const override { return name_; }

  ColumnTests Compare(std::span<const double> current) const override {
    std::vector<double> values = FiniteValues(current);
    ColumnTests tests;
    tests.reference_rows = static_cast<std::int64_t>(rows_);
    tests.current_rows = static_cast<std::int64_t>(values.size());
    tests.reference_missing = missing_;
    tests.current_missing = MissingShare(current.size(), values.size());
    std::vector<double> innovations = InnovationsOf(values);
    tests.innovations = innovations_->Compare(innovations);
    tests.levels = levels_->Compare(values);
    return tests;
  }

 private:
  std::vector<double> InnovationsOf(std::span<const double> values) const {
    std::vector<double> innovations;
    autoregression_.Residuals(values, innovations);
    return innovations;
  }

  const char* name_;
  std::size_t rows_;
  double missing_;
  Autoregression autoregression_;
  std::unique_ptr<SampleTest> levels_;
  std::unique_ptr<SampleTest> innovations_;
};

}  // namespace

double MissingShare(std::size_t all, std::size_t finite) {
  return all == 0 ? 0 : static_cast<double>(all - finite) / static_cast<double>(all);
}

std::vector<double> FiniteValues(std::span<const double> values) {
  std::vector<double> finite;
  finite.reserve(values.size());
  for (const double value : values)
    if (std::isfinite(value)) finite.push_back(std::clamp(value, -kLargestLevel, kLargestLevel));
  return finite;
}

std::unique_ptr<ColumnDetector> MakeLevelsAndInnovations(const char* name, std::span<const double> reference,
                                                         const DriftPolicy& policy, const MakeSampleTest& make_test) {
  return std::make_unique<LevelsAndInnovations>(name, reference.size(), FiniteValues(reference), policy, make_test);
}

}  // namespace hone
