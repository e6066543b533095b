#include "engine/train_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/random.h"
#include "engine/live_engine.h"
#include "engine/replay.h"
#include "engine/testing/ridge_market.h"
#include "learning/learners.h"
#include "registry/model_artifacts.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

using testing::HasSubstr;

BarSeries Bars() {
  BarSeries series = Market("calm", 500, 6).series();
  series.instrument = "calm";
  return series;
}

Recipe Multiclass(const std::string& learner) {
  Recipe recipe;
  recipe.name = recipe.learner = learner;
  recipe.features = {"return_1_scaled", "return_5_scaled"};
  recipe.objective = Objective::kMulticlass;
  recipe.parameters = {{"classes", 3}, {"trees", 10}};
  return recipe;
}

// Of the boosters there are.
ModelDefinition MoveModel() {
  ModelDefinition model;
  model.name = "move";
  model.target = "move";
  model.features = {"range_1_to_22", "return_1_scaled", "return_5_scaled"};
  model.windows = {0};
  for (const char* learner : {"lightgbm", "xgboost"}) {
    if (FindLearner(learner) != nullptr) model.recipes.push_back(Multiclass(learner));
  }
  return model;
}

class TrainModelOfClasses : public testing::Test {
 protected:
  void SetUp() override {
    if (MoveModel().recipes.empty()) GTEST_SKIP() << "neither booster is there";
  }

  Result<TrainReport> Train(const ModelDefinition& model) {
    const auto store = LiveStore::Open(folder_.path()).value();
    return TrainModel(*store, Bars(), model, 1, kStart, *MakeInlineExecutor());
  }
  std::unique_ptr<LiveEngine> Serve() {
    LiveOptions options;
    options.folder = folder_.path();
    auto engine = LiveEngine::Open(options, clock_).value();
    engine->ConnectReaders([](int, const std::function<void()>& task) { task(); });
    return engine;
  }

  static constexpr Time kStart = 1'600'000'000 * kSecond;
  TemporaryFolder folder_;
  VirtualClock clock_{kStart};
};

TEST_F(TrainModelOfClasses, IsJudgedByLogLossAndAccuracy) {
  const auto report = Train(MoveModel());
  ASSERT_TRUE(report.ok()) << report.error().ToString();
  EXPECT_EQ(report->stage, "active");
  ASSERT_EQ(report->validation.size(), MoveModel().recipes.size());
  double least = INFINITY;
  for (const TrainedRecipe& recipe : report->validation) {
    EXPECT_TRUE(std::isnan(recipe.rmse) && std::isnan(recipe.mae));
    EXPECT_TRUE(recipe.log_loss > 0.5 && recipe.log_loss < 2) << recipe.log_loss;  // ln 3 = 1.1 where nothing is known
    EXPECT_TRUE(recipe.accuracy > 0.2 && recipe.accuracy < 0.8) << recipe.accuracy;
    least = std::min(least, recipe.log_loss);
  }
  const auto chosen = std::ranges::find(report->validation, report->recipe, &TrainedRecipe::recipe);
  ASSERT_NE(chosen, report->validation.end());
  EXPECT_EQ(chosen->log_loss, least);
  const auto store = LiveStore::Open(folder_.path()).value();
  const VersionRecord record = store->versions.Get("move", "1.0.0").value();
  const auto metrics = nlohmann::json::parse(record.metrics);
  EXPECT_EQ(metrics.at("validation_log_loss").get<double>(), least);
  EXPECT_TRUE(metrics.contains("validation_accuracy") && metrics.contains("validation_rows"));
  EXPECT_FALSE(metrics.contains("validation_rmse"));
  EXPECT_EQ(LoadManifest(store->artifacts, record.artifact)->target, "move");
}

TEST_F(TrainModelOfClasses, EachBoosterIsServedWithOneProbabilityForEachClass) {
  for (const Recipe& recipe : MoveModel().recipes) {
    ModelDefinition model = MoveModel();
    model.name = recipe.name;
    model.recipes = {recipe};
    ASSERT_TRUE(Train(model).ok());
  }
  const auto engine = Serve();
  const Dataset data = RowsOf(Bars(), MoveModel());
  for (const Recipe& recipe : MoveModel().recipes) {
    EXPECT_TRUE(engine->registered().contains(recipe.name));
    const ModelSnapshot* const snapshot = engine->snapshots(0)->Find(recipe.name);
    ASSERT_NE(snapshot, nullptr) << recipe.name;
    EXPECT_EQ(snapshot->features(), MoveModel().features);
    ASSERT_EQ(snapshot->outputs(), 3U);
    const FittedRecipe fitted =
        FitRecipe(recipe, std::span(&recipe, 1), data, 0, data.rows(), 1).value();  // what TrainModel fitted
    for (std::size_t i = 0; i < data.rows(); i += 50) {
      std::vector<double> served(3), expected(3);
      snapshot->champion().model->PredictAll(data.row(i), served);
      fitted.model->PredictAll(data.row(i), expected);
      EXPECT_EQ(served, expected) << recipe.name << ", row " << i;
      EXPECT_NEAR(served[0] + served[1] + served[2], 1, 1e-6);
    }
  }
}

TEST_F(TrainModelOfClasses, IsRegisteredPromotedAndSplitByHand) {
  ASSERT_TRUE(Train(MoveModel()).ok());
  const auto second = Train(MoveModel());
  ASSERT_TRUE(second.ok()) << second.error().ToString();
  EXPECT_EQ(second->version, "1.0.1");
  EXPECT_EQ(second->stage, "staging");
  const auto engine = Serve();
  const auto test = engine->SplitTraffic("move", {{"1.0.0", 0.5}, {"1.0.1", 0.5}});
  ASSERT_TRUE(test.ok()) << test.error().ToString();
  engine->Turn(0);
  EXPECT_EQ(engine->snapshots(0)->Find("move")->challengers().size(), 1U);
  ASSERT_TRUE(engine->Promote("move", "1.0.1").ok());
  engine->Turn(0);
  EXPECT_EQ(engine->snapshots(0)->Find("move")->champion().version, "1.0.1");
  const Status retrain = engine->RequestRetraining("move");
  ASSERT_FALSE(retrain.ok());
  EXPECT_EQ(retrain.error().code, ErrorCode::kConflict);
  EXPECT_THAT(retrain.error().message, HasSubstr("has no loop"));
}

TEST_F(TrainModelOfClasses, AnotherKindOfAnswerNeedsAnotherName) {
  ASSERT_TRUE(Train(MoveModel()).ok());
  ModelDefinition numbers = RidgeModel();
  numbers.name = "move";
  const auto refused = Train(numbers);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_THAT(refused.error().message, HasSubstr("answer 3 numbers, these would answer 1"));
}

TEST_F(TrainModelOfClasses, ReplayRefusesThem) {
  ReplayOptions options;
  options.model = MoveModel();
  const auto replay = Replay(Bars(), options, *MakeInlineExecutor());
  ASSERT_FALSE(replay.ok());
  EXPECT_EQ(replay.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(replay.error().message, HasSubstr("answers classes"));
}

}  // namespace
}  // namespace hone
