#include "learning/learners/ridge.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "learning/test_rows.h"

namespace hone {
namespace {

// Reference: solves (A + diagonal) b = c by Gauss-Jordan elimination in long double, independent of the code under
// test.
std::vector<long double> SolveReference(std::vector<std::vector<long double>> a, std::vector<long double> c) {
  const std::size_t n = c.size();
  for (std::size_t p = 0; p < n; ++p) {
    std::size_t pivot = p;
    for (std::size_t r = p; r < n; ++r) pivot = std::fabs(a[r][p]) > std::fabs(a[pivot][p]) ? r : pivot;
    std::swap(a[p], a[pivot]);
    std::swap(c[p], c[pivot]);
    for (std::size_t r = 0; r < n; ++r) {
      if (r == p) continue;
      const long double factor = a[r][p] / a[p][p];
      for (std::size_t k = p; k < n; ++k) a[r][k] -= factor * a[p][k];
      c[r] -= factor * c[p];
    }
  }
  for (std::size_t p = 0; p < n; ++p) c[p] /= a[p][p];
  return c;
}

// The header's formula, term by term, in long double: answer(row).
long double ReferenceAnswer(const Dataset& data, long double lambda, std::span<const double> row) {
  const std::size_t n = data.rows(), w = data.width();
  std::vector<long double> mean(w), deviation(w), c(w);
  long double label = 0;
  for (std::size_t i = 0; i < n; ++i) label += data.y[i];
  label /= n;
  for (std::size_t j = 0; j < w; ++j) {
    for (std::size_t i = 0; i < n; ++i) mean[j] += data.row(i)[j];
    mean[j] /= n;
    for (std::size_t i = 0; i < n; ++i) deviation[j] += (data.row(i)[j] - mean[j]) * (data.row(i)[j] - mean[j]);
    deviation[j] = std::sqrt(deviation[j] / n);
  }
  std::vector<std::vector<long double>> a(w, std::vector<long double>(w));
  const auto z = [&](std::size_t i, std::size_t j) { return (data.row(i)[j] - mean[j]) / deviation[j]; };
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < w; ++j) {
      c[j] += z(i, j) * (data.y[i] - label) / n;
      for (std::size_t k = 0; k < w; ++k) a[j][k] += z(i, j) * z(i, k) / n;
    }
  }
  for (std::size_t j = 0; j < w; ++j) a[j][j] += lambda;
  const std::vector<long double> b = SolveReference(a, c);
  long double answer = label;
  for (std::size_t j = 0; j < w; ++j) answer += b[j] * (row[j] - mean[j]) / deviation[j];
  return answer;
}

TEST(Ridge, EqualsTheClosedFormTo1e10) {
  Dataset data = MakeTestRows(200, 5, 5);
  for (std::size_t i = 0; i < data.rows(); ++i) data.x[i * 5] = 1000 + 50 * data.x[i * 5];
  for (const double lambda : {0.0, 1e-3, 1.0, 100.0}) {
    auto fitted = RidgeLearner().Fit(data, {{"lambda", lambda}}, 1);
    ASSERT_TRUE(fitted.ok()) << fitted.error().ToString();
    for (std::size_t i = 0; i < data.rows(); i += 17) {
      EXPECT_NEAR(fitted->model->Predict(data.row(i)), static_cast<double>(ReferenceAnswer(data, lambda, data.row(i))),
                  1e-10);
    }
  }
}

TEST(Ridge, AMissingValueCountsAsTheTrainingMean) {
  const Dataset data = MakeTestRows(200, 2, 6);
  auto fitted = RidgeLearner().Fit(data, {}, 1);
  ASSERT_TRUE(fitted.ok());
  double mean = 0;
  for (std::size_t i = 0; i < data.rows(); ++i) mean += data.row(i)[1] / static_cast<double>(data.rows());
  EXPECT_NEAR(fitted->model->Predict(std::vector{0.7, std::nan("")}), fitted->model->Predict(std::vector{0.7, mean}),
              1e-12);
}

TEST(Ridge, CrossValidationShrinksNoiseAndKeepsSignal) {
  Random random(8);
  Dataset noise = MakeTestRows(200, 20, 7);
  for (double& y : noise.y) y = random.Normal();
  Dataset signal = MakeTestRows(2000, 2, 7);
  for (std::size_t i = 0; i < signal.rows(); ++i) signal.y[i] = 3 * signal.row(i)[0];
  auto shrunk = RidgeLearner().Fit(noise, {{"gcv", 1}}, 1);
  auto plain = RidgeLearner().Fit(noise, {{"lambda", 1e-6}}, 1);
  auto kept = RidgeLearner().Fit(signal, {{"gcv", 1}}, 1);
  ASSERT_TRUE(shrunk.ok() && plain.ok() && kept.ok());
  double size_shrunk = 0, size_plain = 0;
  for (std::size_t i = 0; i < noise.rows(); ++i) {
    size_shrunk += std::pow(shrunk->model->Predict(noise.row(i)), 2);
    size_plain += std::pow(plain->model->Predict(noise.row(i)), 2);
  }
  EXPECT_LT(size_shrunk, 0.5 * size_plain);
  EXPECT_NEAR(kept->model->Predict(std::vector{1.0, 0.0}) - kept->model->Predict(std::vector{0.0, 0.0}), 3, 1e-4);
}

TEST(Ridge, EqualColumnsAreNoTroubleUnderThePenalty) {
  Dataset data = MakeTestRows(100, 2, 9);
  for (std::size_t i = 0; i < data.rows(); ++i) data.x[2 * i + 1] = data.x[2 * i];
  auto fitted = RidgeLearner().Fit(data, {}, 1);
  ASSERT_TRUE(fitted.ok()) << fitted.error().ToString();
  EXPECT_NEAR(fitted->model->Predict(std::vector{1.0, 0.0}), fitted->model->Predict(std::vector{0.0, 1.0}), 1e-9);
}

TEST(Ridge, KnowsRegressionOnly) {
  Dataset data = MakeTestRows(100, 2, 1);
  data.y.assign(100, 1.0);
  const auto fitted = RidgeLearner().Fit(data, Objective::kBinary, {}, 1);
  ASSERT_FALSE(fitted.ok());
  EXPECT_EQ(fitted.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(fitted.error().key, "objective");
}

}  // namespace
}  // namespace hone
