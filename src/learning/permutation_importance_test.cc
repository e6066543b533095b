#include "learning/permutation_importance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <numeric>

#include "learning/contribution_importance.h"
#include "learning/fit_recipe.h"
#include "learning/test_rows.h"
#include "models/forest/contributions.h"
#include "models/forest/forest.h"
#include "models/linear/linear.h"

namespace hone {
namespace {

// A model by its formula.
class Formula : public Model {
 public:
  Formula(std::size_t width, std::size_t outputs,
          std::function<void(std::span<const double>, std::span<double>)> formula)
      : width_(width), outputs_(outputs), formula_(std::move(formula)) {}
  std::size_t width() const override { return width_; }
  std::size_t outputs() const override { return outputs_; }
  double Predict(std::span<const double> row) const noexcept override {
    std::vector<double> out(outputs_);
    formula_(row, out);
    return out[0];
  }
  void PredictAll(std::span<const double> row, std::span<double> out) const noexcept override { formula_(row, out); }

 private:
  const std::size_t width_, outputs_;
  const std::function<void(std::span<const double>, std::span<double>)> formula_;
};

Formula TwoColumns() {
  return {3, 1, [](auto row, auto out) { out[0] = row[0] * row[1] + row[1] * row[1]; }};
}

// The rows that tests/reference/make_importance_reference.py gives scikit-learn.
Dataset WavyRows() {
  Dataset data;
  data.names = {"a", "b", "unused"};
  for (int i = 0; i < 200; ++i) {
    const double a = std::sin(0.7 * i), b = std::fmod(37.0 * i, 101) / 101;
    data.x.insert(data.x.end(), {a, b, std::cos(0.3 * i)});
    data.y.push_back(a * b + b * b + 0.5 * std::cos(i));
    data.time.push_back(i);
    data.label_time.push_back(i + 1);
  }
  return data;
}

// The mean over all pairs of rows: what permutations give in expectation.
double ExactImportance(const Model& model, const Dataset& data, std::size_t column) {
  double sum = 0;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    std::vector<double> row(data.row(i).begin(), data.row(i).end());
    const double loss = std::pow(data.y[i] - model.Predict(row), 2);
    for (std::size_t j = 0; j < data.rows(); ++j) {
      row[column] = data.row(j)[column];
      sum += std::pow(data.y[i] - model.Predict(row), 2) - loss;
    }
  }
  return sum / static_cast<double>(data.rows() * data.rows());
}

PermutationImportance Measured(const Model& model, const Dataset& data, const PermutationOptions& options = {},
                               int threads = 1, Objective objective = Objective::kRegression) {
  const auto executor = threads == 1 ? MakeInlineExecutor() : MakeThreadPool(threads);
  auto measured = MeasurePermutationImportance(model, objective, data, options, *executor);
  EXPECT_TRUE(measured.ok()) << measured.error().ToString();
  return *std::move(measured);
}

// Four standard errors of the mean over the repeats; scikit-learn's own mean has one too.
TEST(PermutationImportance, IsThatOfScikitLearnAndOfAllPairsOfRows) {
  const Formula model = TwoColumns();
  const Dataset data = WavyRows();
  const double scikit_learn[] = {0.309508, 0.250342, 0};  // 1.9.1, 2,000 repeats

  for (const int block : {1, 12}) {
    PermutationOptions options;
    options.repeats = 2'000;
    options.block_rows = block;
    const PermutationImportance measured = Measured(model, data, options);
    for (std::size_t j = 0; j < 2; ++j) {
      const double error = measured.columns[j].spread / std::sqrt(2'000);
      EXPECT_NEAR(measured.columns[j].importance.mean, ExactImportance(model, data, j), 4 * error) << block << " " << j;
      EXPECT_NEAR(measured.columns[j].importance.mean, scikit_learn[j], 6 * error) << block << " " << j;
    }
    EXPECT_EQ(measured.columns[2].importance.mean, 0);
    EXPECT_EQ(measured.columns[2].importance.interval.width(), 0);
  }
}

TEST(PermutationImportance, OfAColumnDependsOnNoThreadAndOnNoOtherColumn) {
  const Dataset data = MakeTestRows(400, 4, 3, 0.1);
  Recipe recipe;
  recipe.name = "line";
  recipe.learner = "ridge";
  recipe.features = data.names;
  const auto fitted = FitRecipe(recipe, {&recipe, 1}, data, 0, 200, 0);
  ASSERT_TRUE(fitted.ok());
  const Dataset later = Slice(data, 205, 400);
  const PermutationImportance one = Measured(*fitted->model, later), three = Measured(*fitted->model, later, {}, 3);
  EXPECT_GE(one.block_rows, 10) << "two horizons";
  for (std::size_t j = 0; j < 4; ++j) {
    EXPECT_EQ(one.columns[j].importance.mean, three.columns[j].importance.mean);
    EXPECT_EQ(one.columns[j].importance.interval.low, three.columns[j].importance.interval.low);
    EXPECT_TRUE(one.columns[j].importance.interval.Contains(one.columns[j].importance.mean));
  }
  EXPECT_GT(one.columns[0].importance.interval.low, 0);
  EXPECT_GT(one.columns[0].importance.mean, one.columns[3].importance.mean);
}

TEST(PermutationImportance, OfProbabilitiesIsInLogLoss) {
  const Formula model(1, 2, [](auto row, auto out) { out[0] = 1 - row[0], out[1] = row[0]; });
  Dataset data;
  data.names = {"p"};
  for (int i = 0; i < 40; ++i) {
    data.x.push_back(i % 2 == 0 ? 0.9 : 0.1);
    data.y.push_back(i % 2 == 0 ? 1 : 0);
    data.time.push_back(i);
    data.label_time.push_back(i + 1);
  }
  PermutationOptions options;
  options.repeats = 400;
  options.block_rows = 1;
  const PermutationImportance measured = Measured(model, data, options, 1, Objective::kMulticlass);
  EXPECT_NEAR(measured.loss, -std::log(0.9), 1e-12);
  EXPECT_NEAR(measured.columns[0].importance.mean, 0.5 * std::log(9), 4 * measured.columns[0].spread / 20);
}

TEST(PermutationImportance, PassesOverRowsWithoutAnAnswer) {
  const Formula model = TwoColumns();
  Dataset data = WavyRows();
  data.x[30] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(Measured(model, data).rows, 199U);
  data = Slice(data, 0, 20);
  const auto executor = MakeInlineExecutor();
  const auto refused = MeasurePermutationImportance(model, Objective::kRegression, data, {}, *executor);
  EXPECT_EQ(refused.error().message, "19 rows have a finite answer and a label; at least 20 are needed");
}

ContributionImportance Contributed(const std::vector<ModelPart>& parts, const Dataset& data, int threads = 1) {
  const auto executor = threads == 1 ? MakeInlineExecutor() : MakeThreadPool(threads);
  auto measured = MeasureContributions(parts, data, {}, *executor);
  EXPECT_TRUE(measured.ok()) << measured.error().ToString();
  return *std::move(measured);
}

ModelPart LinearPart(std::vector<double> weights, std::vector<double> means, std::vector<std::uint32_t> columns,
                     int offset) {
  return {ReadLinear(WriteLinear(0.5, weights, means), "test").value(), std::move(columns), offset};
}

TEST(ContributionImportance, OfLinearModelsIsTheirTerms) {
  const Dataset data = WavyRows();
  const auto parts = std::vector{LinearPart({2}, {0.25}, {1}, -1), LinearPart({-1, 3}, {0, 1}, {2, 0}, 1)};
  double offset_mean = 0, a = 0, b = 0, unused = 0;
  for (std::size_t i = 0; i < data.rows(); ++i) offset_mean += data.row(i)[1] / 200;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    a += std::fabs(3 * (data.row(i)[0] - 1)) / 400;
    b += std::fabs(2 * (data.row(i)[1] - 0.25) + data.row(i)[1] - offset_mean) / 400;
    unused += std::fabs(data.row(i)[2]) / 400;
  }
  const ContributionImportance measured = Contributed(parts, data);
  EXPECT_NEAR(measured.columns[0].mean, a, 1e-12);
  EXPECT_NEAR(measured.columns[1].mean, b, 1e-12);
  EXPECT_NEAR(measured.columns[2].mean, unused, 1e-12);
  EXPECT_TRUE(measured.columns[0].interval.Contains(a));
}

TEST(ContributionImportance, OfAForestIsTheMeanSizeOfItsContributions) {
  Tree tree;
  tree.splits = {Split{}};
  tree.splits[0].feature = 1;
  tree.splits[0].threshold = 0.5;
  tree.splits[0].left = ~0;
  tree.splits[0].right = ~1;
  tree.leaves = {-1, 3};
  tree.training = {{4}, {1, 3}, {2}};
  Forest forest;
  forest.width = 2;
  forest.start = {0, 0};
  forest.trees = {tree, tree};
  forest.trees[1].output = 1;
  forest.trees[1].leaves = {10, -10};
  const Dataset data = WavyRows();
  double below = 0;
  for (std::size_t i = 0; i < data.rows(); ++i) below += data.row(i)[1] <= 0.5 ? 1.0 / 200 : 0;
  const auto parts = std::vector{ModelPart{MakeForestModel(forest), {0, 1}, -1}};
  const ContributionImportance measured = Contributed(parts, data), again = Contributed(parts, data, 3);
  EXPECT_NEAR(measured.columns[1].mean, below * (3 + 15) + (1 - below) * (1 + 5), 1e-12);
  EXPECT_EQ(measured.columns[0].mean, 0);
  EXPECT_EQ(again.columns[1].mean, measured.columns[1].mean);
  EXPECT_EQ(again.columns[1].interval.high, measured.columns[1].interval.high);
}

TEST(ContributionImportance, RefusesWhatIsNotMadeOfContributions) {
  const auto executor = MakeInlineExecutor();
  const ModelPart part{std::make_shared<Formula>(TwoColumns()), {0, 1, 2}, -1};
  EXPECT_NE(MeasureContributions({&part, 1}, WavyRows(), {}, *executor).error().message.find("only forests"),
            std::string::npos);
}

}  // namespace
}  // namespace hone
