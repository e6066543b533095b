// Holds metrics to scikit-learn, empyrical and the like: every line of tests/reference/metrics_reference.csv (written
// by make_metrics_reference.py there, versions in its first line), 1e-9 relative or 1e-12 absolute; DeLong's variance
// 1e-7 relative, for its source keeps ranks as 32-bit floats.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "stats/autocorrelation.h"
#include "stats/binary_losses.h"
#include "stats/calibration_error.h"
#include "stats/losses.h"
#include "stats/maximum_drawdown.h"
#include "stats/profit_factor.h"
#include "stats/reference_table_for_test.h"
#include "stats/roc_area.h"
#include "stats/sharpe_ratio.h"
#include "stats/sortino_ratio.h"

namespace hone {
namespace {

const ReferenceTable& MetricsTable() {
  static const auto* table = new ReferenceTable(std::string(HONE_SOURCE_DIR) + "/tests/reference/metrics");
  return *table;
}

using Values = std::vector<double>;
const Values& First(const Arguments& a) { return MetricsTable().Sample(a[0]); }
const Values& Second(const Arguments& a) { return MetricsTable().Sample(a[1]); }
int Integer(const std::string& text) { return static_cast<int>(Number(text)); }

// The mean over rows of a formula of prediction and outcome.
template <typename Formula>
double MeanOf(const Arguments& a, Formula formula) {
  double sum = 0;
  for (std::size_t i = 0; i < First(a).size(); ++i) sum += formula(First(a)[i], Second(a)[i]);
  return sum / static_cast<double>(First(a).size());
}

const std::map<std::string, std::function<double(const Arguments&)>>& MetricFunctions() {
  using A = Arguments;
  static const auto* functions = new std::map<std::string, std::function<double(const Arguments&)>>{
      {"accuracy", [](const A& a) { return MeanOf(a, Hit); }},
      {"log_loss", [](const A& a) { return MeanOf(a, LogLoss); }},
      {"brier", [](const A& a) { return MeanOf(a, BrierLoss); }},
      {"roc_area", [](const A& a) { return AreaUnderRoc(First(a), Second(a)).area; }},
      {"roc_variance", [](const A& a) { return AreaUnderRoc(First(a), Second(a)).variance; }},
      {"squared_calibration",
       [](const A& a) { return DebiasedSquaredCalibrationError(First(a), Second(a), Integer(a[2])); }},
      {"plain_calibration", [](const A& a) { return PlainCalibrationError(First(a), Second(a), Integer(a[2])); }},
      {"sharpe", [](const A& a) { return ComputeSharpeRatio(First(a), 1, 0.95).annualised; }},
      {"sortino", [](const A& a) { return SortinoRatio(First(a)); }},
      {"max_drawdown", [](const A& a) { return MaximumDrawdown(First(a)); }},
      {"profit_factor", [](const A& a) { return ProfitFactor(First(a)); }},
      {"autocorrelation", [](const A& a) { return Autocorrelations(First(a), Integer(a[1])).back(); }},
      {"sharpe_scale", [](const A& a) { return SharpeScale(Integer(a[1]), Autocorrelations(First(a), 12)); }},
      {"mae", [](const A& a) { return MeanAbsoluteError(First(a), Second(a)); }},
      {"rmse", [](const A& a) { return RootMeanSquaredError(First(a), Second(a)); }},
      {"qlike", [](const A& a) { return MeanQlike(First(a), Second(a)); }},
  };
  return *functions;
}

TEST(MetricsReference, EveryLineAgrees) {
  ASSERT_GT(MetricsTable().lines().size(), 60U);
  std::set<std::string> seen;
  for (const ReferenceTable::Line& line : MetricsTable().lines()) {
    seen.insert(line.function);
    const double relative = line.function == "roc_variance" ? 1e-7 : 1e-9;
    EXPECT_NEAR(MetricFunctions().at(line.function)(line.arguments), line.expected,
                std::max(relative * std::abs(line.expected), 1e-12))
        << line.function << " " << line.name;
  }
  EXPECT_EQ(seen.size(), MetricFunctions().size()) << "a function has no line in metrics_reference.csv";
}

}  // namespace
}  // namespace hone
