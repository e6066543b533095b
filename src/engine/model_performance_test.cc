#include "engine/model_performance.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "base/executor.h"
#include "engine/answer.h"
#include "engine/live_engine.h"
#include "engine/testing/ridge_market.h"
#include "engine/train_model.h"
#include "performance/metric_status.h"
#include "performance/return_metrics.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

constexpr int kTrainingBars = 400;

const SyntheticMarket& Calm() {
  static const SyntheticMarket market = Market("calm", 520, 4);
  return market;
}

const Time kStart = Calm().series().bars[kTrainingBars].known_at;

// Versions 1.0.0 (active) and 1.0.1 (staging) of the model "ridges".
void Train(const std::filesystem::path& folder) {
  BarSeries series = Calm().series();
  series.bars.resize(kTrainingBars);
  series.instrument = "calm";
  const auto store = LiveStore::Open(folder);
  ASSERT_TRUE(store.ok()) << store.error().ToString();
  const auto executor = MakeInlineExecutor();
  for (int i = 0; i < 2; ++i) {
    const auto report = TrainModel(**store, series, RidgeModel(), 1, kStart, *executor);
    ASSERT_TRUE(report.ok()) << report.error().ToString();
  }
}

// Every number of every version, as bits.
std::vector<std::uint64_t> Bits(const ModelPerformance& performance) {
  std::vector<std::uint64_t> bits;
  const auto add = [&](double value) { bits.push_back(std::bit_cast<std::uint64_t>(value)); };
  for (const std::int64_t value :
       {performance.as_of, performance.window, performance.matured, performance.pending, performance.overdue}) {
    bits.push_back(static_cast<std::uint64_t>(value));
  }
  for (const VersionPerformance& version : performance.versions) {
    const PerformanceReport& r = version.report;
    for (const double value : {r.rmse, r.rmse_interval.low, r.rmse_interval.high, r.mae, r.mean_loss,
                               r.mean_loss_interval.low, r.mean_loss_interval.high, r.bias, r.win_rate,
                               r.win_rate_interval.low, r.win_rate_interval.high, r.effective_rows, r.loss_ratio}) {
      add(value);
    }
    for (const std::int64_t value : {r.rows, r.pending, r.overdue, r.compared, r.first, r.last}) {
      bits.push_back(static_cast<std::uint64_t>(value));
    }
    bits.push_back(static_cast<std::uint64_t>(r.status));
  }
  return bits;
}

const VersionPerformance& Of(const ModelPerformance& performance, const std::string& version) {
  for (const VersionPerformance& measured : performance.versions) {
    if (measured.report.version == version) return measured;
  }
  ADD_FAILURE() << "no " << version;
  static const VersionPerformance none;
  return none;
}

// Requests a day apart, answered by hand-made values, and their outcomes.
class ModelPerformanceTest : public testing::Test {
 protected:
  void SetUp() override {
    Train(folder_.path());
    Reopen();
    definition_ = *store_->definitions.Get("ridges");
    definition_.instrument.clear();  // driven by requests
    definition_.bar_size = kDay;
  }
  void Reopen() {
    store_.reset();
    store_ = std::move(*LiveStore::Open(folder_.path()));
  }

  // Every third request is the canary's, every tenth persistence's, and another model is asked in between.
  void Ask(int count) {
    Random random(9);
    for (int i = 0; i < count; ++i) {
      Prediction row;
      row.time = kStart + i * kDay;
      row.id = ids_.Next(row.time);
      row.model = "ridges";
      row.features.assign(definition_.model.features.size(), 0.5);
      const double outcome = random.Normal();
      const double baseline = outcome + 2 * random.Normal();
      row.features[PersistenceColumn(definition_.model)] = baseline;
      const double champion = outcome + random.Normal(), other = outcome + 1.5 * random.Normal();
      const bool canary = i % 3 == 0, frozen = i % 10 == 9;
      row.version = frozen ? "persistence" : canary ? "1.0.1" : "1.0.0";
      row.value = frozen ? baseline : canary ? other : champion;
      if (frozen || canary) shadows_.push_back({row.id, "1.0.0", champion});
      if (frozen || !canary) shadows_.push_back({row.id, "1.0.1", other});
      outcomes_.push_back({row.id, outcome, row.time + 5 * kDay});
      Prediction elsewhere = row;
      elsewhere.id = ids_.Next(row.time);
      elsewhere.model = "other";
      predictions_.push_back(std::move(row));
      predictions_.push_back(std::move(elsewhere));
    }
  }
  void Store(const std::vector<Outcome>& outcomes) {
    ASSERT_TRUE(store_->predictions.Append(predictions_).ok());
    ASSERT_TRUE(store_->predictions.AppendShadow(shadows_).ok());
    ASSERT_TRUE(store_->outcomes.Append(outcomes).ok());
  }
  ModelPerformance Read(Time now, std::int64_t window = 0, const std::string& version = "") {
    const auto performance = ReadPerformance(*store_, definition_, policy_, {now, window, version});
    EXPECT_TRUE(performance.ok()) << performance.error().ToString();
    return performance.ok() ? *performance : ModelPerformance();
  }

  TemporaryFolder folder_;
  std::unique_ptr<LiveStore> store_;
  StoredDefinition definition_;
  PerformancePolicy policy_;
  IdGenerator ids_{3};
  std::vector<Prediction> predictions_;
  std::vector<ShadowPrediction> shadows_;
  std::vector<Outcome> outcomes_;
};

TEST_F(ModelPerformanceTest, LimitsBesideWinRateAreMeasuredWhereTheTargetHasThem) {
  Ask(60);
  Store(outcomes_);
  const auto limited = [&](const char* target, const char* instrument) {
    definition_.model.target = target;
    definition_.instrument = instrument;
    const auto champion = ReadChampionPerformance(*store_, definition_, policy_, kStart + 100 * kDay, true);
    return champion.ok() && *champion ? (*champion)->limited : std::vector<Metric>();
  };
  EXPECT_TRUE(limited("volatility", "calm").empty());
  EXPECT_EQ(limited("direction", "").size(), 1U);
  EXPECT_EQ(limited("return", "").size(), 1U) << "several answers to a bar are no strategy";
  const std::vector<Metric> all = limited("return", "calm");
  ASSERT_EQ(all.size(), 3U);
  std::vector<ScoredRow> bets;
  double hits = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    const Prediction& row = predictions_[2 * i];
    double champion = row.value;
    for (const ShadowPrediction& shadow : shadows_) {
      if (shadow.prediction_id == row.id && shadow.version == "1.0.0") champion = shadow.value;
    }
    hits += champion * outcomes_[i].value > 0 ? 1 : 0;
    bets.push_back({row.time, (champion > 0 ? 1.0 : -1.0) / definition_.model.horizon, std::expm1(outcomes_[i].value)});
  }
  EXPECT_EQ(all[0].name, "accuracy");
  EXPECT_NEAR(all[0].value, hits / 60, 1e-12);
  MetricTerms terms;
  terms.rows_a_year = 365;
  for (const Metric& metric : ReturnMetrics(bets, terms)) {
    const bool sharpe = metric.name == "sharpe";
    if (!sharpe && metric.name != "max_drawdown") continue;
    EXPECT_NEAR(all[sharpe ? 1 : 2].value, metric.value, 1e-9) << metric.name;
  }
  EXPECT_EQ(JudgeMetric(all[0], policy_)->status, MetricStatus::kOnTarget);
}

TEST_F(ModelPerformanceTest, MetricsAreThoseOfTheStoredAnswers) {
  Ask(60);
  Store(outcomes_);
  const ModelPerformance performance = Read(kStart + 100 * kDay, 40);
  EXPECT_EQ(performance.matured, 40);
  EXPECT_EQ(performance.pending, 0);
  ASSERT_EQ(performance.versions.size(), 3U) << "two versions and persistence";
  EXPECT_EQ(performance.versions[0].stage, Stage::kActive);
  EXPECT_FALSE(performance.versions[2].stage.has_value());
  double squares = 0, wins = 0, bias = 0;
  for (std::size_t i = 20; i < 60; ++i) {
    const Prediction& row = predictions_[2 * i];
    double champion = row.value;
    for (const ShadowPrediction& shadow : shadows_) {
      if (shadow.prediction_id == row.id && shadow.version == "1.0.0") champion = shadow.value;
    }
    const double error = champion - outcomes_[i].value;
    squares += error * error;
    bias += error;
    const double baseline = row.features[PersistenceColumn(definition_.model)];
    wins += std::abs(error) < std::abs(baseline - outcomes_[i].value);
  }
  const PerformanceReport& champion = Of(performance, "1.0.0").report;
  EXPECT_EQ(champion.rows, 40);
  EXPECT_EQ(champion.rmse, std::sqrt(squares / 40));
  EXPECT_EQ(champion.bias, bias / 40);
  EXPECT_EQ(champion.win_rate, wins / 40);
  EXPECT_TRUE(champion.rmse_interval.Contains(champion.rmse));
  EXPECT_EQ(Of(performance, "persistence").report.rows, 40);
  EXPECT_EQ(Of(performance, "persistence").report.win_rate, 0.5) << "a tie with itself";
}

TEST_F(ModelPerformanceTest, TheReferenceIsTheVersionsOwnValidation) {
  Ask(60);
  Store(outcomes_);
  const VersionPerformance champion = Of(Read(kStart + 100 * kDay), "1.0.0");
  EXPECT_GT(champion.reference_rmse, 0);
  EXPECT_EQ(champion.report.loss_ratio, champion.report.rmse / champion.reference_rmse);
  EXPECT_EQ(champion.report.status, PerformanceStatus::kDegraded) << "answers made of noise";
}

TEST_F(ModelPerformanceTest, TheSameBitsWhateverTheOrderOfOutcomes) {
  Ask(300);
  Store(outcomes_);
  const Time now = kStart + 290 * kDay;  // the newest are not due
  const auto expected = Bits(Read(now, 200));
  Reopen();
  EXPECT_EQ(Bits(Read(now, 200)), expected) << "after a restart";
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const TemporaryFolder folder;
    Train(folder.path());
    store_ = std::move(*LiveStore::Open(folder.path()));
    std::vector<Outcome> arrival = outcomes_;
    Random random(seed);
    Shuffle(arrival, random);
    for (std::size_t i = 0; i < 50; ++i) {  // doubles with another value: the first stands
      Outcome doubled = arrival[i];
      doubled.value += 1;
      arrival.push_back(doubled);
    }
    if (seed == 0) {  // outcomes before their predictions
      ASSERT_TRUE(store_->outcomes.Append(arrival).ok());
      Store({});
    } else {
      Store(arrival);
    }
    ASSERT_EQ(Bits(Read(now, 200)), expected) << "arrival order " << seed;
    store_.reset();
  }
}

TEST_F(ModelPerformanceTest, AnOutcomeCountsWhenTheHorizonHasPassed) {
  Ask(20);
  for (Outcome& outcome : outcomes_) outcome.time -= 4 * kDay;  // told four days early
  outcomes_.erase(outcomes_.begin() + 3);                       // never told
  Store(outcomes_);
  const ModelPerformance performance = Read(kStart + 19 * kDay);
  EXPECT_EQ(performance.matured, 14) << "of the 15 five days old";
  EXPECT_EQ(performance.pending, 6);
  EXPECT_EQ(performance.overdue, 1);
  EXPECT_EQ(Of(performance, "1.0.0").report.overdue, 1);
  EXPECT_EQ(Of(performance, "1.0.0").report.status, PerformanceStatus::kNoData) << "below the policy's minimum";
  EXPECT_EQ(Read(kStart + 24 * kDay).matured, 19);
  EXPECT_EQ(Read(0).as_of, kStart + 19 * kDay) << "market time, where the clock is behind";
}

TEST_F(ModelPerformanceTest, OneVersionOnItsOwnRows) {
  Ask(60);
  std::erase_if(shadows_, [](const ShadowPrediction& shadow) { return shadow.version == "1.0.1"; });
  Store(outcomes_);
  const Time now = kStart + 100 * kDay;
  EXPECT_EQ(Of(Read(now, 12), "1.0.1").report.rows, 4) << "every third or tenth of the newest 12";
  const ModelPerformance own = Read(now, 12, "1.0.1");
  ASSERT_EQ(own.versions.size(), 1U);
  EXPECT_EQ(own.versions[0].report.rows, 12) << "its own newest 12";
  const auto unknown = ReadPerformance(*store_, definition_, policy_, {now, 12, "7.0.0"});
  EXPECT_EQ(unknown.error().code, ErrorCode::kNotFound);
  for (const std::int64_t window : {-1, 5'001}) {
    const auto refused = ReadPerformance(*store_, definition_, policy_, {now, window, ""});
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(refused.error().key, "window");
  }
}

TEST_F(ModelPerformanceTest, WithoutRequestsThereIsNoData) {
  const ModelPerformance performance = Read(kStart);
  EXPECT_EQ(performance.matured, 0);
  ASSERT_EQ(performance.versions.size(), 2U) << "the active version and persistence";
  EXPECT_EQ(performance.versions[0].report.status, PerformanceStatus::kNoData);
  EXPECT_TRUE(std::isnan(performance.versions[0].report.rmse));
}

// The whole engine, fed by bars.
class LivePerformanceTest : public testing::Test {
 protected:
  void SetUp() override { Train(folder_.path()); }

  void Start() {
    LiveOptions options;
    options.folder = folder_.path();
    options.program = "/bin/false";
    auto engine = LiveEngine::Open(options, clock_);
    ASSERT_TRUE(engine.ok()) << engine.error().ToString();
    engine_ = std::move(*engine);
  }
  void Feed(std::size_t begin, std::size_t end) {
    const std::vector<Bar>& bars = Calm().series().bars;
    const std::vector<Bar> some(bars.begin() + static_cast<std::ptrdiff_t>(begin),
                                bars.begin() + static_cast<std::ptrdiff_t>(end));
    clock_.AdvanceTo(some.back().known_at);
    Do([&](LiveEngine& core) { return core.AddBars("calm", some); });
  }
  template <typename Act>
  void Do(const Act& act) {
    engine_->Submit(
        [&act](LiveEngine& core) -> Result<std::string> {
          HONE_RETURN_IF_ERROR(act(core));
          return std::string();
        },
        [](const Result<std::string>& result) { ASSERT_TRUE(result.ok()) << result.error().ToString(); });
    engine_->Turn(0);
  }
  ModelPerformance Read() {
    LiveModel& model = **engine_->FindModel("ridges");
    return *ReadPerformance(engine_->store(), model.definition(), engine_->policy().performance, {clock_.Now()});
  }

  TemporaryFolder folder_;
  VirtualClock clock_{kStart};
  std::unique_ptr<LiveEngine> engine_;
};

TEST_F(LivePerformanceTest, BarsMatureWhatIsMeasuredAndARestartChangesNoBit) {
  Start();
  Feed(400, 470);
  const ModelPerformance before = Read();
  EXPECT_EQ(before.matured, 65);
  EXPECT_EQ(before.pending, 5);
  EXPECT_EQ(before.overdue, 0) << "a week-end delays the next bar, no outcome is late";
  const PerformanceReport& champion = Of(before, "1.0.0").report;
  EXPECT_EQ(champion.rows, 65);
  EXPECT_LT(champion.loss_ratio, 2);
  engine_.reset();
  Start();
  EXPECT_EQ(Bits(Read()), Bits(before));
  Feed(470, 490);
  EXPECT_EQ(Read().matured, 85);
}

TEST_F(LivePerformanceTest, FiguresAreForAnyThread) {
  Start();
  const ModelFigures& figures = engine_->figures().at("ridges");
  EXPECT_EQ(figures.rows, 0);
  EXPECT_TRUE(std::isnan(figures.rmse));
  Feed(400, 450);
  Do([](LiveEngine& core) { return core.RefreshPerformance(); });
  EXPECT_EQ(figures.rows, 45);
  EXPECT_EQ(figures.rmse, Of(Read(), "1.0.0").report.rmse);
  EXPECT_LE(figures.rmse_low, figures.rmse);
  EXPECT_GE(figures.rmse_high, figures.rmse);
  EXPECT_EQ(figures.promotions, 0);
  Do([](LiveEngine& core) { return core.Promote("ridges", "1.0.1"); });
  EXPECT_EQ(figures.promotions, 1);
  Do([](LiveEngine& core) { return core.RollBack("ridges", ""); });
  EXPECT_EQ(figures.rollbacks, 1);
  engine_.reset();
  Start();
  EXPECT_EQ(engine_->figures().at("ridges").promotions, 1) << "counted over the life of the model";
  EXPECT_EQ(engine_->figures().at("ridges").rows, 45);
}

}  // namespace
}  // namespace hone
