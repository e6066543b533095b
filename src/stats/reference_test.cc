// Holds stats to SciPy, NumPy and statsmodels: every line of tests/reference/stats_reference.csv (written by
// make_stats_reference.py there, versions in its first line), 1e-12 relative unless said here.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "stats/autoregression.h"
#include "stats/benjamini_hochberg.h"
#include "stats/binomial_density.h"
#include "stats/incomplete_gamma.h"
#include "stats/kolmogorov_distribution.h"
#include "stats/kolmogorov_one_sample.h"
#include "stats/kolmogorov_smirnov.h"
#include "stats/normal.h"
#include "stats/quantile.h"
#include "stats/reference_table_for_test.h"
#include "stats/wasserstein.h"
#include "stats/wilson_interval.h"

namespace hone {
namespace {

const ReferenceTable& Table() {
  static const auto* table = new ReferenceTable(std::string(HONE_SOURCE_DIR) + "/tests/reference/stats");
  return *table;
}

const std::vector<double>& Sample(const std::string& name) { return Table().Sample(name); }

std::vector<double> Sorted(const std::string& name) {
  std::vector<double> values = Sample(name);
  std::sort(values.begin(), values.end());
  return values;
}

double TestP(const Arguments& a, KolmogorovSmirnovMethod method) {
  return KolmogorovSmirnovTest(Sample(a[0]), Sample(a[1]), method).p_value;
}

double AdjustedP(const Arguments& a) {
  std::vector<double> p_values;
  std::transform(a.begin() + 1, a.end(), std::back_inserter(p_values), Number);
  return BenjaminiHochberg(p_values)[static_cast<std::size_t>(Number(a[0]))];
}

Interval Wilson(const Arguments& a) { return WilsonInterval(Number(a[0]), Number(a[1]), Number(a[2])); }

const std::map<std::string, std::function<double(const Arguments&)>>& Functions() {
  using A = Arguments;
  static const auto* functions = new std::map<std::string, std::function<double(const Arguments&)>>{
      {"ks_p_exact", [](const A& a) { return TestP(a, KolmogorovSmirnovMethod::kExact); }},
      {"ks_p_asymp", [](const A& a) { return TestP(a, KolmogorovSmirnovMethod::kAsymptotic); }},
      {"ks_statistic", [](const A& a) { return KolmogorovSmirnovStatistic(Sorted(a[0]), Sorted(a[1])); }},
      {"wasserstein_1", [](const A& a) { return Wasserstein1(Sorted(a[0]), Sorted(a[1])); }},
      {"wasserstein_2", [](const A& a) { return Wasserstein2(Sorted(a[0]), Sorted(a[1])); }},
      {"quantile", [](const A& a) { return Quantile(Sample(a[0]), Number(a[1])); }},
      {"yule_walker_5",
       [](const A& a) {
         return FitAutoregression(Sample(a[0]), 5).coefficients[static_cast<std::size_t>(Number(a[1]))];
       }},
      {"normal_cdf", [](const A& a) { return NormalCdf(Number(a[0])); }},
      {"normal_quantile", [](const A& a) { return NormalQuantile(Number(a[0])); }},
      {"kolmogorov", [](const A& a) { return KolmogorovSurvival(Number(a[0])); }},
      {"kolmogorov_n",
       [](const A& a) { return OneSampleKolmogorovSurvival(std::llround(Number(a[0])), Number(a[1])); }},
      {"smirnov", [](const A& a) { return SmirnovSurvival(std::llround(Number(a[0])), Number(a[1])); }},
      {"chi_square", [](const A& a) { return ChiSquareSurvival(Number(a[0]), Number(a[1])); }},
      {"binomial", [](const A& a) { return BinomialDensity(Number(a[0]), Number(a[1]), Number(a[2])); }},
      {"benjamini_hochberg", AdjustedP},
      {"wilson_low", [](const A& a) { return Wilson(a).low; }},
      {"wilson_high", [](const A& a) { return Wilson(a).high; }},
  };
  return *functions;
}

constexpr double kRelative = 1e-12;
// Where both sides are 1 minus something near 1, or an exact zero, an absolute error of a few roundings is what is
// left.
constexpr double kAbsolute = 1e-15;

TEST(StatsReference, EveryLineOfSciPyAgrees) {
  ASSERT_GT(Table().lines().size(), 200U);
  std::set<std::string> seen;
  for (const ReferenceTable::Line& line : Table().lines()) {
    seen.insert(line.function);
    const double expected = line.expected, actual = Functions().at(line.function)(line.arguments);
    EXPECT_NEAR(actual, expected, std::max(kRelative * std::abs(expected), kAbsolute))
        << line.function << " " << line.name;
    if (expected > 0 && expected < 1e-15) {
      EXPECT_NEAR(actual / expected, 1, 1e-10) << line.function << " " << line.name;
    }
  }
  EXPECT_EQ(seen.size(), Functions().size()) << "a function has no line in stats_reference.csv";
}

}  // namespace
}  // namespace hone
