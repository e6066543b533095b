// How often a screen discovers what is not there, and what is; docs/reference/feature_selection.md has larger runs.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "learning/feature_screen.h"
#include "learning/screen_rows_for_test.h"

namespace hone {
namespace {

struct Rates {
  double any_false = 0;    // share of the runs with a false discovery
  double false_share = 0;  // mean share of the discoveries that are false: the false discovery rate
  double found = 0;        // mean share of the planted candidates that are discovered
};

Rates Simulate(const ScreenMarket& market, int runs, const char* learner = "ridge") {
  const auto executor = MakeInlineExecutor();
  Rates rates;
  for (int run = 0; run < runs; ++run) {
    const Dataset data = MakeScreenRows(market, 1000 + static_cast<std::uint64_t>(run));
    Recipe recipe;
    recipe.learner = learner;
    recipe.features = NamesFrom(data, "base_");
    std::vector<std::string> candidates = NamesFrom(data, "null_");
    for (const std::string& planted : NamesFrom(data, "planted_")) candidates.push_back(planted);
    ScreenOptions options;
    options.folds.embargo_rows = static_cast<std::size_t>(market.horizon);
    options.most_selected = 0;
    const auto screen = ScreenFeatures(recipe, data, 0, data.rows(), candidates, options, *executor);
    EXPECT_TRUE(screen.ok()) << screen.error().ToString();
    int wrong = 0, right = 0;
    for (const ScreenedCandidate& candidate : screen->candidates) {
      if (candidate.state < CandidateState::kDiscovered) continue;
      ++(candidate.name.starts_with("null_") ? wrong : right);
    }
    rates.any_false += wrong > 0;
    if (wrong > 0) rates.false_share += static_cast<double>(wrong) / (wrong + right);
    if (market.planted > 0) rates.found += static_cast<double>(right) / market.planted;
  }
  for (double* rate : {&rates.any_false, &rates.false_share, &rates.found}) *rate /= runs;
  return rates;
}

constexpr double kAlpha = 0.1;

TEST(FeatureScreenSimulation, DiscoversNothingAmongIndependentRows) { EXPECT_LE(Simulate({}, 150).any_false, kAlpha); }

TEST(FeatureScreenSimulation, DiscoversNothingWhereLabelsOverlapAndFeaturesMoveSlowly) {
  ScreenMarket market;
  market.horizon = 5;
  market.persistence = 0.9;
  EXPECT_LE(Simulate(market, 100).any_false, kAlpha);
}

TEST(FeatureScreenSimulation, DiscoversNothingWhereLabelsMoveSlowlyToo) {
  ScreenMarket market;
  market.persistence = 0.95;
  market.noise = 0.95;
  EXPECT_LE(Simulate(market, 100).any_false, kAlpha);
}

TEST(FeatureScreenSimulation, FindsWhatIsThereAndLittleElse) {
  ScreenMarket market;
  market.planted = 3;
  market.null = 17;
  const Rates rates = Simulate(market, 50);
  EXPECT_LE(rates.false_share, kAlpha);
  EXPECT_GE(rates.found, 0.9);
}

}  // namespace
}  // namespace hone
