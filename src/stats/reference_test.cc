// Holds stats to SciPy, NumPy, statsmodels, scikit-learn and arch: every line of tests/reference/stats_reference.csv
// (written by make_stats_reference.py there, versions in its first line), 1e-12 relative unless said here.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "stats/anderson_darling.h"
#include "stats/area_under_curve.h"
#include "stats/autoregression.h"
#include "stats/benjamini_hochberg.h"
#include "stats/benjamini_yekutieli.h"
#include "stats/binomial_density.h"
#include "stats/chi_squared.h"
#include "stats/cramer_von_mises.h"
#include "stats/energy_distance.h"
#include "stats/hellinger.h"
#include "stats/incomplete_beta.h"
#include "stats/incomplete_gamma.h"
#include "stats/jensen_shannon.h"
#include "stats/kolmogorov_distribution.h"
#include "stats/kolmogorov_one_sample.h"
#include "stats/kolmogorov_smirnov.h"
#include "stats/logistic_regression.h"
#include "stats/maximum_mean_discrepancy.h"
#include "stats/normal.h"
#include "stats/pooled_counts.h"
#include "stats/quantile.h"
#include "stats/reference_table_for_test.h"
#include "stats/stationary_bootstrap.h"
#include "stats/symmetric_eigen.h"
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

PooledCounts Pooled(const Arguments& a) { return PoolSorted(Sorted(a[0]), Sorted(a[1])); }

// "k;first counts;second counts"
struct Counts {
  std::vector<double> first, second;
};

Counts ReadCounts(const Arguments& a) {
  const auto split = a.begin() + 1 + std::stoi(a[0]);
  Counts counts;
  std::transform(a.begin() + 1, split, std::back_inserter(counts.first), Number);
  std::transform(split, a.end(), std::back_inserter(counts.second), Number);
  return counts;
}

ChiSquared ChiSquaredOf(const Arguments& a) {
  const Counts counts = ReadCounts(a);
  return ChiSquaredOfCounts(counts.first, counts.second);
}

double OfShares(const Arguments& a, double (*distance)(std::span<const double>, std::span<const double>)) {
  Counts counts = ReadCounts(a);
  for (std::vector<double>* row : {&counts.first, &counts.second}) {
    const double sum = std::accumulate(row->begin(), row->end(), 0.0);
    for (double& share : *row) share /= sum;
  }
  return distance(counts.first, counts.second);
}

double MeanDiscrepancy(const Arguments& a) {
  PooledCounts counts = Pooled(a);
  for (double& share : counts.first) share /= counts.first_rows;
  for (double& share : counts.second) share /= counts.second_rows;
  return SquaredMeanDiscrepancy(counts.first, counts.second, GaussianKernel(counts.values, 1.5));
}

// Two samples side by side, labels by a noisy line, penalty, which coefficient; the intercept is the last.
double LogisticCoefficient(const Arguments& a) {
  std::vector<double> rows, labels;
  for (std::size_t i = 0; i < Sample(a[0]).size(); ++i) {
    const double x = Sample(a[0])[i], y = Sample(a[1])[i];
    rows.insert(rows.end(), {x, y});
    labels.push_back(x + 0.5 * y + Sample(a[2])[i] > 0 ? 1 : 0);
  }
  const std::vector<double> weights(labels.size(), 1.0);
  const LogisticRegression fit = FitLogisticRegression(rows, 2, labels, weights, Number(a[3]));
  return Number(a[4]) < 2 ? fit.weights[static_cast<std::size_t>(Number(a[4]))] : fit.intercept;
}

// "which;matrix": the eigenvalue, and the largest element of its vector without its sign.
SymmetricEigen EigenOf(const Arguments& a) {
  std::vector<double> matrix;
  std::transform(a.begin() + 1, a.end(), std::back_inserter(matrix), Number);
  return DecomposeSymmetric(matrix, static_cast<std::size_t>(std::lround(std::sqrt(matrix.size()))));
}

double LargestElement(const Arguments& a) {
  const SymmetricEigen eigen = EigenOf(a);
  const std::size_t size = eigen.values.size(), begin = static_cast<std::size_t>(std::stoi(a[0])) * size;
  double largest = 0;
  for (std::size_t i = begin; i < begin + size; ++i) largest = std::max(largest, std::abs(eigen.vectors[i]));
  return largest;
}

double AdjustedP(const Arguments& a, std::vector<double> (*adjust)(std::span<const double>)) {
  std::vector<double> p_values;
  std::transform(a.begin() + 1, a.end(), std::back_inserter(p_values), Number);
  return adjust(p_values)[static_cast<std::size_t>(Number(a[0]))];
}

Interval Wilson(const Arguments& a) { return WilsonInterval(Number(a[0]), Number(a[1]), Number(a[2])); }

const std::map<std::string, std::function<double(const Arguments&)>>& Functions() {
  using A = Arguments;
  static const auto* functions = new std::map<std::string, std::function<double(const Arguments&)>>{
      {"ks_p_exact", [](const A& a) { return TestP(a, KolmogorovSmirnovMethod::kExact); }},
      {"ks_p_asymp", [](const A& a) { return TestP(a, KolmogorovSmirnovMethod::kAsymptotic); }},
      {"ks_statistic", [](const A& a) { return KolmogorovSmirnovStatistic(Sorted(a[0]), Sorted(a[1])); }},
      {"wasserstein_1", [](const A& a) { return Wasserstein1(Sorted(a[0]), Sorted(a[1])); }},
      {"ks_statistic_pooled", [](const A& a) { return KolmogorovSmirnovStatistic(Pooled(a)); }},
      {"wasserstein_1_pooled", [](const A& a) { return Wasserstein1(Pooled(a)); }},
      {"energy_distance", [](const A& a) { return EnergyDistance(Pooled(a)); }},
      {"cramer_von_mises", [](const A& a) { return CramerVonMisesStatistic(Pooled(a)); }},
      {"cramer_von_mises_distance", [](const A& a) { return CramerVonMisesDistance(Pooled(a)); }},
      {"anderson_darling", [](const A& a) { return AndersonDarlingStandardized(Pooled(a)); }},
      {"area_under_curve", [](const A& a) { return AreaUnderRocCurve(Sample(a[0]), Sample(a[1])); }},
      {"mean_discrepancy", MeanDiscrepancy},
      {"median_distance", [](const A& a) { return MedianDistance(Sorted(a[0])); }},
      {"jensen_shannon", [](const A& a) { return OfShares(a, &JensenShannonDistance); }},
      {"hellinger", [](const A& a) { return OfShares(a, &HellingerDistance); }},
      {"chi_squared", [](const A& a) { return ChiSquaredOf(a).statistic; }},
      {"chi_squared_p", [](const A& a) { return ChiSquaredOf(a).p_value; }},
      {"cramers_v", [](const A& a) { return ChiSquaredOf(a).cramers_v; }},
      {"block_length", [](const A& a) { return OptimalBlockLength(Sample(a[0])).stationary; }},
      {"logistic_regression", LogisticCoefficient},
      {"eigenvalue", [](const A& a) { return EigenOf(a).values[static_cast<std::size_t>(std::stoi(a[0]))]; }},
      {"eigenvector", LargestElement},
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
      {"student", [](const A& a) { return StudentSurvival(Number(a[0]), Number(a[1])); }},
      {"benjamini_hochberg", [](const A& a) { return AdjustedP(a, &BenjaminiHochberg); }},
      {"benjamini_yekutieli", [](const A& a) { return AdjustedP(a, &BenjaminiYekutieli); }},
      {"wilson_low", [](const A& a) { return Wilson(a).low; }},
      {"wilson_high", [](const A& a) { return Wilson(a).high; }},
  };
  return *functions;
}

constexpr double kRelative = 1e-12;
constexpr double kRelativeOfFits = 1e-9;  // the other side stops where its gradient is small
// Where both sides are 1 minus something near 1, or an exact zero, an absolute error of a few roundings is what is
// left.
constexpr double kAbsolute = 1e-15;

TEST(StatsReference, EveryLineOfSciPyAgrees) {
  ASSERT_GT(Table().lines().size(), 200U);
  std::set<std::string> seen;
  for (const ReferenceTable::Line& line : Table().lines()) {
    seen.insert(line.function);
    const double expected = line.expected, actual = Functions().at(line.function)(line.arguments);
    const double relative = line.function == "logistic_regression" ? kRelativeOfFits : kRelative;
    EXPECT_NEAR(actual, expected, std::max(relative * std::abs(expected), kAbsolute))
        << line.function << " " << line.name;
    if (expected > 0 && expected < 1e-15) {
      EXPECT_NEAR(actual / expected, 1, 1e-10) << line.function << " " << line.name;
    }
  }
  EXPECT_EQ(seen.size(), Functions().size()) << "a function has no line in stats_reference.csv";
}

}  // namespace
}  // namespace hone
