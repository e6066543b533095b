// Models that learn from registered features: what they train on, serve and keep.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <map>

#include "base/executor.h"
#include "engine/bar_feed.h"
#include "engine/feature_consumers.h"
#include "engine/live_engine.h"
#include "engine/testing/feature_folder.h"
#include "engine/train_model.h"
#include "features/build_dataset.h"
#include "features/store/materialise.h"
#include "market/synthetic.h"
#include "registry/model_artifacts.h"

namespace hone {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Time kToday = Time{4} * 365 * 20 * kDay;

class RegisteredFeaturesInModels : public FeatureFolder {
 protected:
  BarSeries Bars(std::size_t count) const {
    BarSeries series = market_.series();
    series.instrument = "calm";
    series.bars.resize(count);
    return series;
  }
  Result<TrainReport> Train(const ModelDefinition& model, std::size_t bars) {
    const auto store = LiveStore::Open(folder_.path());
    return TrainModel(**store, Bars(bars), model, 1, kToday, *MakeInlineExecutor());
  }
  void Open() {
    engine_.reset();
    LiveOptions options;
    options.folder = folder_.path();
    options.program = "/bin/false";
    auto engine = LiveEngine::Open(options, clock_);
    ASSERT_TRUE(engine.ok()) << engine.error().ToString();
    engine_ = std::move(*engine);
  }
  // The predictions made from bars [begin, end).
  std::vector<Prediction> Feed(std::size_t begin, std::size_t end) {
    std::vector<Prediction> made;
    for (std::size_t i = begin; i < end; ++i) {
      engine_->Submit(
          [&, i](LiveEngine& core) -> Result<std::string> {
            HONE_ASSIGN_OR_RETURN(const auto taken, core.AddBars("calm", {market_.series().bars[i]}));
            made.insert(made.end(), taken.predictions.begin(), taken.predictions.end());
            return std::string();
          },
          [](const Result<std::string>& result) { EXPECT_TRUE(result.ok()) << result.error().ToString(); });
      engine_->Turn(0);
    }
    return made;
  }
  // Each was made from the row that training makes of the same bars, by the version of `folder_`.
  void ExpectRowsOfTraining(const std::vector<Prediction>& made, const ModelDefinition& model) {
    const auto store = LiveStore::Open(folder_.path(), true);
    for (const Prediction& prediction : made) {
      if (rows_.count(prediction.time) == 0) AddRows(model);
      const auto loaded =
          LoadVersion((*store)->artifacts, (*store)->versions.Get(prediction.model, prediction.version).value());
      ASSERT_TRUE(loaded.ok()) << loaded.error().ToString();
      ExpectSameBits(prediction.features, rows_.at(prediction.time));
      EXPECT_EQ(prediction.value, (*loaded)->Predict(prediction.features));
    }
  }
  static void ExpectSameBits(std::span<const double> a, std::span<const double> b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(a[i]), std::bit_cast<std::uint64_t>(b[i])) << "column " << i;
    }
  }
  void AddRows(const ModelDefinition& model) {
    const Dataset data =
        BuildDataset(market_.series(), model.features, model.target, model.horizon, model.pinned.definitions()).value();
    for (std::size_t i = 0; i < data.rows(); ++i) {
      const std::span<const double> row = data.row(i);
      rows_[data.time[i]] = std::vector<double>(row.begin(), row.end());
    }
  }

  struct StillClock final : Clock {
    Time Now() const override { return kToday; }
  };
  StillClock clock_;
  SyntheticMarket market_{{"calm", 700}, 5};
  std::unique_ptr<LiveEngine> engine_;
  std::map<Time, std::vector<double>> rows_;  // of the whole market
};

// Training, streaming and the feature store compute the same bits, for every way a definition has.
TEST_F(RegisteredFeaturesInModels, EveryKindHasTheBitsOfTheStoreInTrainingAndInStreaming) {
  const std::string all = "trend, calm_trend, span, rise, last_rise, usual_rise, no_rise, up, weekday";
  const auto model = Read(WithFeatures(all));
  ASSERT_TRUE(model.ok()) << model.error().ToString();
  const Dataset data =
      BuildDataset(market_.series(), model->features, model->target, model->horizon, model->pinned.definitions())
          .value();
  ASSERT_GT(data.rows(), 500U);

  auto feed = BarFeed::Make(*model, TraitsOf(market_.series()));
  ASSERT_TRUE(feed.ok()) << feed.error().ToString();
  std::size_t row = 0;
  for (const Bar& bar : market_.series().bars) {
    const BarFeed::Step step = feed->Update(bar);
    if (step.ready && row < data.rows()) ExpectSameBits(step.features, data.row(row++));
  }
  EXPECT_EQ(row, data.rows());

  const auto store = LiveStore::Open(folder_.path());
  Database& database = *(*store)->database;
  const auto registered = RegisteredFeatures::Load(database);
  ASSERT_TRUE(BarHistory(database).Add("calm", market_.series(), kToday).ok());
  const FeatureEntity entity = BarHistory(database).Find("calm").value();
  for (std::size_t column = 0; column + 1 < data.width(); ++column) {  // all but rsi_14
    const RegisteredFeature* feature = registered->Find(data.names[column]).value();
    ASSERT_TRUE(Materialise(database, *registered, {feature}, entity, kToday).ok());
    std::map<Time, double> stored;
    const auto history = FeatureValues(database).History(feature->id, entity.id);
    for (const FeatureValue& value : *history) stored[value.event_time] = value.value;
    std::size_t missing = 0;
    for (std::size_t i = 0; i < data.rows(); ++i) {
      const double computed = data.row(i)[column];
      missing += std::isnan(computed) ? 1 : 0;
      ASSERT_EQ(stored.count(data.time[i]), 1U);
      if (std::isnan(computed) && std::isnan(stored[data.time[i]])) continue;
      ASSERT_EQ(std::bit_cast<std::uint64_t>(computed), std::bit_cast<std::uint64_t>(stored[data.time[i]]))
          << data.names[column] << ", row " << i;
    }
    EXPECT_EQ(missing > 0, data.names[column] == "rise@1") << data.names[column];
  }
}

TEST_F(RegisteredFeaturesInModels, AreServedAsTheyWereTrainedWhateverIsRegisteredLater) {
  const ModelDefinition model = Read(kModelOfRegistered).value();
  const auto report = Train(model, 500);
  ASSERT_TRUE(report.ok()) << report.error().ToString();
  Open();
  const std::vector<Prediction> before = Feed(500, 510);
  ASSERT_EQ(before.size(), 10U);
  ExpectRowsOfTraining(before, model);

  Register(
      "  - {name: trend, version: 2, expression: 'close / ema(close, 50) - 1'}\n"
      "  - {name: usual_rise, version: 2, expression: rise, fill: zero}\n"
      "  - {name: trend, version: 1, expression: 'close / ema(close, 20) - 1', deprecated: true}\n");
  ExpectRowsOfTraining(Feed(510, 515), model);
  Open();  // as after kill -9
  ExpectRowsOfTraining(Feed(515, 530), model);
  EXPECT_EQ(engine_->models().at("named")->definition().model.features[0], "trend@1");
  engine_.reset();

  // The same YAML: the model that is there keeps its versions, a new one takes the newest.
  const auto kept = Read(kModelOfRegistered, "named");
  ASSERT_TRUE(kept.ok()) << kept.error().ToString();
  EXPECT_EQ(kept->features, model.features);
  EXPECT_EQ(Train(*kept, 520)->stage, "staging");
  const auto newest = Read(kModelOfRegistered);
  EXPECT_THAT(newest->features, ElementsAre("trend@2", "usual_rise@2", "calm_trend * 100", "rsi_14"));
  const auto refused = Train(*newest, 520);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_THAT(refused.error().message, HasSubstr("learn from trend@1, usual_rise@1"));
  ModelDefinition another = *newest;
  another.name = "another";
  EXPECT_TRUE(Train(another, 520).ok());
}

// Features that remember every bar, over more bars than any window: a restart feeds them all again.
TEST_F(RegisteredFeaturesInModels, AMeanOfAllValuesSurvivesARestartToTheBit) {
  market_ = SyntheticMarket({"calm", 5600}, 7);
  const ModelDefinition model = Read(kModelOfRegistered).value();
  const auto report = Train(model, 5500);
  ASSERT_TRUE(report.ok()) << report.error().ToString();
  Open();
  ExpectRowsOfTraining(Feed(5500, 5503), model);
  Open();
  const std::vector<Prediction> made = Feed(5503, 5506);
  ASSERT_EQ(made.size(), 3U);
  ExpectRowsOfTraining(made, model);
}

TEST_F(RegisteredFeaturesInModels, ManifestsTellWhichTheyRead) {
  const ModelDefinition model = Read(kModelOfRegistered).value();
  ASSERT_TRUE(Train(model, 500).ok());
  const auto store = LiveStore::Open(folder_.path(), true);
  const auto readers = [&](const std::string& key) {
    const auto found = ConsumersOf({{}, {key}}, (*store)->versions, (*store)->artifacts);
    EXPECT_TRUE(found.ok());
    std::vector<std::string> told;
    for (const FeatureConsumer& one : *found) {
      told.push_back(one.model + " " + one.version + " " + one.stage + " " + one.feature);
    }
    return told;
  };
  EXPECT_THAT(readers("trend@1"), ElementsAre("named 1.0.0 active trend@1"));
  EXPECT_THAT(readers("calm_trend@1"), ElementsAre("named 1.0.0 active calm_trend * 100"));
  EXPECT_THAT(readers("span@1"), IsEmpty());
}

TEST_F(RegisteredFeaturesInModels, AChangedOrRemovedDefinitionIsToldAndNeverUsed) {
  const ModelDefinition model = Read(kModelOfRegistered).value();
  ASSERT_TRUE(Train(model, 500).ok());
  Execute("UPDATE feature_definitions SET expression = 'close', hash = '" + std::string(64, 'a') +
          "' WHERE name = 'trend'");
  EXPECT_THAT(Refusal(kModelOfRegistered), HasSubstr("a formula it uses has changed since it was registered"));
  const auto kept = Read(kModelOfRegistered, "named");
  ASSERT_FALSE(kept.ok());
  EXPECT_THAT(kept.error().ToString(), HasSubstr("trend@1: is registered here with another formula"));
  Open();  // serves the formula it was trained with
  ExpectRowsOfTraining(Feed(500, 503), model);
  engine_.reset();
  const auto store = LiveStore::Open(folder_.path());
  const auto registered = RegisteredFeatures::Load(*(*store)->database);
  EXPECT_THAT(WordsAbout(model.pinned, *registered), ElementsAre(HasSubstr("trend@1 is registered with another")));
}

TEST_F(RegisteredFeaturesInModels, AModelThatIsThereKeepsWhatNoOtherMayTake) {
  ASSERT_TRUE(Train(Read(kModelOfRegistered).value(), 500).ok());
  Register("  - {name: trend, expression: 'close / ema(close, 20) - 1', deprecated: true}\n");
  EXPECT_THAT(Refusal(kModelOfRegistered), HasSubstr("trend: every version of it is deprecated"));
  const auto kept = Read(kModelOfRegistered, "named");
  ASSERT_TRUE(kept.ok()) << kept.error().ToString();
  EXPECT_EQ(Train(*kept, 520)->version, "1.0.1");
}

}  // namespace
}  // namespace hone
