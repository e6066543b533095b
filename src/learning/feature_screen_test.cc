#include "learning/feature_screen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "learning/fit_recipe.h"
#include "learning/screen_rows_for_test.h"
#include "learning/select_features.h"

namespace hone {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Recipe AtHand(std::vector<std::string> features) {
  Recipe recipe;
  recipe.name = "at_hand";
  recipe.learner = "ridge";
  recipe.features = std::move(features);
  return recipe;
}

FeatureScreen Screened(const Dataset& data, const std::vector<std::string>& candidates, int threads = 1,
                       const ScreenOptions& options = {}) {
  const auto executor = threads == 1 ? MakeInlineExecutor() : MakeThreadPool(threads);
  auto screen =
      ScreenFeatures(AtHand({"base_0", "base_1", "base_2"}), data, 0, data.rows(), candidates, options, *executor);
  EXPECT_TRUE(screen.ok()) << screen.error().ToString();
  return *std::move(screen);
}

Dataset PlantedRows(std::uint64_t seed = 1) {
  ScreenMarket market;
  market.null = 4;
  market.planted = 2;
  market.strength = 0.6;
  market.horizon = 3;
  return MakeScreenRows(market, seed);
}

// Adds a column made of a row.
template <typename Formula>
void AddColumn(Dataset& data, const std::string& name, Formula formula) {
  std::vector<double> x;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    x.insert(x.end(), data.row(i).begin(), data.row(i).end());
    x.push_back(formula(data.row(i), i));
  }
  data.names.push_back(name);
  data.x = std::move(x);
}

TEST(FeatureScreen, SelectsWhatTellsSomethingBeyondTheFeaturesAtHand) {
  const Dataset data = PlantedRows();
  const FeatureScreen screen = Screened(data, {"null_0", "planted_0", "null_1", "planted_1", "null_2"});
  EXPECT_EQ(screen.horizon, 3);
  EXPECT_EQ(screen.judged_candidates, 5U);
  EXPECT_EQ(screen.judged_rows, 500U);
  EXPECT_THAT(screen.selected, testing::UnorderedElementsAre("planted_0", "planted_1"));
  EXPECT_LT(screen.selected_loss, screen.loss);
  for (const ScreenedCandidate& candidate : screen.candidates) {
    const bool planted = candidate.name.starts_with("planted");
    EXPECT_EQ(candidate.state, planted ? CandidateState::kSelected : CandidateState::kRefused) << candidate.name;
    EXPECT_GE(candidate.adjusted_p, candidate.p);
    EXPECT_GT(candidate.effective_rows, 12) << candidate.name;
    EXPECT_LT(candidate.effective_rows, 500.0 / 6 + 1) << "a block is two horizons at least";
  }
}

TEST(FeatureScreen, LeavesOutWithoutALookAtLabelsWhatCanTellNothingNew) {
  Dataset data = PlantedRows();
  AddColumn(data, "same", [](auto row, std::size_t) { return 3 - 2 * row[0]; });
  AddColumn(data, "constant", [](auto, std::size_t) { return 0.1; });
  AddColumn(data, "sparse",
            [](auto row, std::size_t i) { return i % 3 == 0 ? row[1] : std::numeric_limits<double>::quiet_NaN(); });
  AddColumn(data, "again", [](auto row, std::size_t) { return row[7] * 1e9; });
  const FeatureScreen screen = Screened(data, {"same", "constant", "sparse", "planted_0", "again"});
  EXPECT_EQ(data.names[7], "planted_0");
  EXPECT_EQ(screen.candidates[0].state, CandidateState::kRedundant);
  EXPECT_EQ(screen.candidates[0].same_as, "base_0");
  EXPECT_EQ(screen.candidates[1].state, CandidateState::kConstant);
  EXPECT_EQ(screen.candidates[2].state, CandidateState::kMostlyMissing);
  EXPECT_EQ(screen.candidates[3].state, CandidateState::kSelected);
  EXPECT_EQ(screen.candidates[4].same_as, "planted_0");
  EXPECT_EQ(screen.judged_candidates, 1U);
}

TEST(FeatureScreen, OfDiscoveriesThatTellTheSameSelectsOne) {
  Dataset data = PlantedRows();
  Random random(3);
  AddColumn(data, "echo", [&random](auto row, std::size_t) { return row[7] + 0.3 * random.Normal(); });
  const FeatureScreen screen = Screened(data, {"echo", "planted_0"});
  EXPECT_EQ(screen.candidates[0].state, CandidateState::kDiscovered);
  EXPECT_THAT(screen.selected, ElementsAre("planted_0"));
}

TEST(FeatureScreen, ShowsNothingWithFewIndependentRows) {
  ScreenMarket market;
  market.rows = 400;
  market.horizon = 20;  // 12 blocks of two horizons are 480 rows
  market.planted = 1;
  market.strength = 5;
  const FeatureScreen screen = Screened(MakeScreenRows(market, 2), {"planted_0"});
  EXPECT_GT(screen.candidates[0].gain, 0);
  EXPECT_EQ(screen.candidates[0].p, 1);
  EXPECT_EQ(screen.candidates[0].effective_rows, 0);
  EXPECT_THAT(screen.selected, ElementsAre());
}

TEST(FeatureScreen, AnswersTheSameOnAnyNumberOfThreads) {
  const Dataset data = PlantedRows();
  const std::vector<std::string> candidates = {"null_0", "planted_0", "planted_1"};
  const FeatureScreen one = Screened(data, candidates), three = Screened(data, candidates, 3);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    EXPECT_EQ(one.candidates[i].p, three.candidates[i].p);
    EXPECT_EQ(one.candidates[i].gain, three.candidates[i].gain);
  }
  EXPECT_EQ(one.selected, three.selected);
}

TEST(FeatureScreen, KeepsToTheMostSelected) {
  ScreenOptions options;
  options.most_selected = 1;
  const FeatureScreen screen = Screened(PlantedRows(), {"planted_0", "planted_1"}, 1, options);
  EXPECT_EQ(screen.selected.size(), 1U);
}

TEST(FeatureScreen, NamesWhatIsWrong) {
  const Dataset data = PlantedRows();
  const auto executor = MakeInlineExecutor();
  const auto refusal = [&](const Recipe& recipe, std::vector<std::string> candidates, std::size_t end) {
    const auto screen = ScreenFeatures(recipe, data, 0, end, candidates, {}, *executor);
    return screen.ok() ? "none" : screen.error().ToString();
  };
  EXPECT_THAT(refusal(AtHand({"base_0"}), {"other"}, 600), HasSubstr("\"other\" is not one of the model's"));
  EXPECT_THAT(refusal(AtHand({"base_9"}), {"null_0"}, 600), HasSubstr("\"base_9\" is not one of the model's"));
  EXPECT_THAT(refusal(AtHand({"base_0"}), {"null_0"}, 601), HasSubstr("[0, 601) are not within the 600 rows"));
  Recipe mean = AtHand({"base_0"});
  mean.learner = "mean";
  EXPECT_THAT(refusal(mean, {"null_0"}, 600), HasSubstr("not for a mean"));
}

Recipe Selecting(const Dataset& data) {
  Recipe recipe = AtHand(data.names);
  recipe.selection = FeatureSelection{{"base_0", "base_1"}, 0.1, 5};
  return recipe;
}

TEST(SelectFeatures, FitsARecipeOnWhatItsRowsShow) {
  const Dataset data = PlantedRows();
  const auto chosen = WithSelectedFeatures(Selecting(data), data, 0, 600, 0);
  ASSERT_TRUE(chosen.ok()) << chosen.error().ToString();
  EXPECT_THAT(chosen->features, ElementsAre("base_0", "base_1", "base_2", "planted_0", "planted_1"));
  EXPECT_FALSE(chosen->selection);
  const Recipe recipe = Selecting(data);
  const auto fitted = FitRecipe(recipe, {&recipe, 1}, data, 0, 600, 0);
  ASSERT_TRUE(fitted.ok()) << fitted.error().ToString();
  EXPECT_THAT(fitted->pieces[0].columns, ElementsAre(0, 1, 2, 7, 8));
  EXPECT_EQ(fitted->model->width(), data.width());
}

// Labels and features after the window turn to noise: not a bit of the fit changes.
TEST(SelectFeatures, LooksAtNoRowOutsideTheWindow) {
  const Dataset data = PlantedRows();
  Dataset other = data;
  Random random(9);
  for (std::size_t i = 450; i < other.rows(); ++i) {
    other.y[i] = random.Normal();
    for (std::size_t j = 0; j < other.width(); ++j) other.x[i * other.width() + j] = random.Normal();
  }
  const Recipe recipe = Selecting(data);
  const auto fitted = FitRecipe(recipe, {&recipe, 1}, data, 0, 450, 0);
  const auto again = FitRecipe(recipe, {&recipe, 1}, other, 0, 450, 0);
  ASSERT_TRUE(fitted.ok() && again.ok());
  EXPECT_EQ(fitted->pieces[0].columns, again->pieces[0].columns);
  EXPECT_EQ(fitted->pieces[0].bytes, again->pieces[0].bytes);
}

TEST(SelectFeatures, KeepsToWhatItAlwaysHasWhereFewRowsCanShowNothing) {
  const Dataset data = PlantedRows();
  const auto chosen = WithSelectedFeatures(Selecting(data), data, 0, 200, 0);
  ASSERT_TRUE(chosen.ok()) << chosen.error().ToString();
  EXPECT_THAT(chosen->features, ElementsAre("base_0", "base_1"));
}

TEST(SelectFeatures, RefusesWhatIsNoSelection) {
  const Dataset data = PlantedRows();
  Recipe recipe = Selecting(data);
  recipe.selection->always = {"planted_7"};
  EXPECT_THAT(CheckRecipes({&recipe, 1}, data.names).error().message, HasSubstr("always \"planted_7\" is not one"));
  recipe.selection->always.clear();
  EXPECT_THAT(CheckRecipes({&recipe, 1}, data.names).error().message, HasSubstr("needs a feature"));
}

}  // namespace
}  // namespace hone
