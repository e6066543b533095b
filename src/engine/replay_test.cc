#include "engine/replay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/testing/ridge_market.h"

namespace hone {
namespace {

// Everything a replay says, numbers to the bit.
std::string Bytes(const ReplayResult& result) {
  std::string text = result.data + " " + result.model;
  const auto put = [&](double number) { text.append(reinterpret_cast<const char*>(&number), sizeof number); };
  for (const PolicyResult& policy : result.policies) {
    text += "\n";
    text += policy.name;
    for (const double number :
         {policy.loss, policy.interval.low, policy.interval.high, policy.difference.low, policy.difference.high}) {
      put(number);
    }
    for (const int count : {policy.retrains, policy.fits, policy.promotions, policy.rollbacks, policy.rejections}) {
      text += std::to_string(count) + " ";
    }
    for (const RecipeLoss& recipe : policy.recipes) {
      text += recipe.recipe + " ";
      put(recipe.loss);
    }
    for (const double error : policy.squared_errors) put(error);
  }
  for (const Decision& decision : result.decisions) {
    text += "\n";
    text += decision.id.ToString() + FormatTime(decision.time) + DecisionKindName(decision.kind) + decision.version +
            decision.reason + decision.evidence;
  }
  for (const DriftEvent& event : result.drift) {
    text += "\n";
    text += event.id.ToString() + event.version + event.subject + event.method;
    put(event.statistic);
  }
  for (const Prediction& prediction : result.predictions) {
    text += prediction.id.ToString() + prediction.version;
    put(prediction.value);
    put(prediction.propensity);
  }
  return text;
}

ReplayOptions Options(const SyntheticMarket& market, std::uint64_t seed) {
  ReplayOptions options;
  options.model = RidgeModel();
  options.seed = seed;
  options.truth = &market;
  return options;
}

ReplayResult RunReplay(const SyntheticMarket& market, const ReplayOptions& options, Executor& executor) {
  auto result = Replay(market.series(), options, executor);
  EXPECT_TRUE(result.ok()) << result.error().ToString();
  return std::move(result).value();
}

class ReplayTest : public testing::Test {
 protected:
  SyntheticMarket market_ = Market("break", 1500, 5);
  std::unique_ptr<Executor> inline_ = MakeInlineExecutor();
};

TEST_F(ReplayTest, IsTheSameToTheByteWhateverTheThreads) {
  const ReplayOptions options = Options(market_, 1);
  const std::string once = Bytes(RunReplay(market_, options, *inline_));
  EXPECT_TRUE(Bytes(RunReplay(market_, options, *inline_)) == once);
  for (const int threads : {1, 2, 4}) {
    const auto pool = MakeThreadPool(threads);
    EXPECT_TRUE(Bytes(RunReplay(market_, options, *pool)) == once) << threads << " threads";
  }
}

TEST_F(ReplayTest, AnotherSeedIsAnotherRun) {
  const std::string one = Bytes(RunReplay(market_, Options(market_, 1), *inline_));
  EXPECT_FALSE(Bytes(RunReplay(market_, Options(market_, 2), *inline_)) == one);
}

TEST_F(ReplayTest, EveryPolicyAnswersTheSameRows) {
  const ReplayResult result = RunReplay(market_, Options(market_, 1), *inline_);
  std::vector<std::string> names;
  for (const PolicyResult& policy : result.policies) {
    names.push_back(policy.name);
    ASSERT_EQ(policy.squared_errors.size(), result.rows.size()) << policy.name;
    double sum = 0;
    for (const double error : policy.squared_errors) sum += error;
    EXPECT_NEAR(policy.loss, std::sqrt(sum / static_cast<double>(result.rows.size())), 1e-12) << policy.name;
    EXPECT_LE(policy.interval.low, policy.loss) << policy.name;
    EXPECT_GE(policy.interval.high, policy.loss) << policy.name;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"hone", "never", "quarterly", "rolling", "persistence", "unchecked"}));
}

TEST_F(ReplayTest, WithoutComparisonsHoneDoesTheSame) {
  ReplayResult compared = RunReplay(market_, Options(market_, 1), *inline_);
  ReplayOptions alone = Options(market_, 1);
  alone.compare = false;
  compared.policies.resize(1);
  EXPECT_TRUE(Bytes(RunReplay(market_, alone, *inline_)) == Bytes(compared));
}

TEST_F(ReplayTest, APredictionIsMadeByTheVersionItNamesAndMaturesOnce) {
  const ReplayResult result = RunReplay(market_, Options(market_, 1), *inline_);
  ASSERT_EQ(result.predictions.size(), result.outcomes.size());
  for (std::size_t i = 0; i < result.outcomes.size(); ++i) {
    EXPECT_EQ(result.predictions[i].id, result.outcomes[i].prediction_id);
    EXPECT_LT(result.predictions[i].time, result.outcomes[i].time);
    EXPECT_GT(result.predictions[i].propensity, 0);
    const std::string& version = result.predictions[i].version;
    const bool known = version == "persistence" ||
                       std::any_of(result.versions.begin(), result.versions.end(),
                                   [&](const VersionRecord& record) { return record.number.ToString() == version; });
    EXPECT_TRUE(known) << version;
  }
  int active = 0;
  for (const VersionRecord& version : result.versions) active += version.stage == Stage::kActive ? 1 : 0;
  EXPECT_EQ(active, 1);
}

TEST_F(ReplayTest, ABreakIsCaughtAndAnsweredBetterThanByNeverRetraining) {
  const ReplayResult result = RunReplay(market_, Options(market_, 1), *inline_);
  EXPECT_GT(result.policies[0].retrains, 0);
  EXPECT_GT(result.policies[0].promotions, 0);
  EXPECT_LT(result.policies[0].loss, result.policies[1].loss);
}

TEST_F(ReplayTest, TooFewBarsAreRefusedWithTheNumberNeeded) {
  const SyntheticMarket small = Market("calm", 300, 5);
  const auto result = Replay(small.series(), Options(small, 1), *inline_);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidData);
  EXPECT_NE(result.error().ToString().find("at least 360"), std::string::npos) << result.error().ToString();
}

TEST_F(ReplayTest, ProgressCountsEveryRow) {
  ReplayOptions options = Options(market_, 1);
  std::size_t calls = 0, last = 0, all = 0;
  options.progress = [&](std::size_t done, std::size_t rows, const std::vector<Decision>&) {
    EXPECT_EQ(done, ++calls);
    last = done;
    all = rows;
  };
  const ReplayResult result = RunReplay(market_, options, *inline_);
  EXPECT_EQ(last, all);
  EXPECT_EQ(all, result.rows.size());
}

}  // namespace
}  // namespace hone
