// Prediction intervals through the HTTP API: told with answers, judged by outcomes, kept over a restart.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "api/testing/running_api_test.h"
#include "base/executor.h"
#include "base/random.h"
#include "engine/testing/ridge_market.h"
#include "engine/train_model.h"
#include "performance/interval_replay.h"
#include "storage/testing/temporary_folder.h"
#include "wire/json.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

constexpr int kHorizon = 5;  // the model's
constexpr std::size_t kTrainingBars = 400, kBars = 430;
constexpr int kRows = 1'000, kGrowth = 500, kRestart = 700;

class SharedClock final : public Clock {
 public:
  Time Now() const override { return now_; }
  void Advance(Duration duration) { now_ += duration; }

 private:
  std::atomic<Time> now_{20'000 * kDay};
};

class ServedIntervals : public testing::Test {
 protected:
  ServedIntervals() {
    BarSeries series = market_.series();
    series.bars.resize(kTrainingBars);
    series.instrument = "calm";
    const auto store = LiveStore::Open(folder_.path()).value();
    const auto executor = MakeInlineExecutor();
    EXPECT_TRUE(TrainModel(*store, series, RidgeModel(), 1, clock_.Now(), *executor).ok());
    options_.folder = folder_.path();
    options_.program = "/bin/false";
    options_.policy.performance.intervals.models = {"ridges"};
    options_.policy.performance.intervals.window = 100;
  }

  // Anew where it runs.
  void Start() {
    running_.reset();
    running_.emplace(options_, clock_);
  }
  JsonValue Post(const std::string& path, const std::string& body) {
    const HttpAnswer answer = running_->Post(path, body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return ParseJson(answer.body).value();
  }
  // A day after the one before.
  JsonValue Predict() {
    clock_.Advance(kDay);
    JsonWriter json;
    json.BeginMap().Member("model", "ridges").Key("features").BeginList();
    for (std::size_t i = 0; i < RidgeModel().features.size(); ++i) json.Value(0.1 * random_.Normal() - 9);
    json.EndList().EndMap();
    return Post("/predict/single", json.text());
  }
  void Tell(const std::string& id, double outcome) {
    JsonWriter json;
    json.BeginMap().Member("prediction_id", id).Member("value", outcome).EndMap();
    Post("/outcomes", json.text());
  }
  double Metric(const std::string& name) {
    const std::string text = running_->Get("/metrics").body, series = "\n" + name + "{model=\"ridges\"} ";
    const std::size_t place = text.find(series);
    return place == text.npos ? NAN : std::stod(text.substr(place + series.size()));
  }

  const SyntheticMarket market_ = hone::Market("calm", kBars, 4);
  TemporaryFolder folder_;
  SharedClock clock_;
  LiveOptions options_;
  Random random_{11};
  std::optional<testing_api::RunningApi> running_;
};

// Errors are AR(0.5) and grow 3-fold midway; outcomes are told five predictions later. What is told is to the bit what
// `hone performance intervals` says of the same log, a restart notwithstanding, and holds 0.90 +- 0.02 of the outcomes.
TEST_F(ServedIntervals, HoldAsManyOutcomesAsTheySay) {
  Start();
  std::vector<ScoredRow> rows;
  std::vector<std::string> ids;
  std::vector<Interval> told;
  double error = 0;
  for (int i = 0; i < kRows; ++i) {
    if (i == kRestart) Start();
    const JsonValue answer = Predict();
    const JsonValue& interval = *answer.Find("interval");
    told.push_back(interval.is_map() && interval.Find("low")->is_number()
                       ? Interval{interval.Find("low")->number, interval.Find("high")->number}
                       : Interval());
    ASSERT_TRUE(interval.is_null() || interval.Find("coverage")->number == 0.9);
    error = 0.5 * error + random_.Normal();
    ids.push_back(answer.Find("prediction_id")->text);
    rows.push_back({clock_.Now(), answer.Find("value")->number, 0});
    rows.back().outcome = rows.back().prediction + (i < kGrowth ? 1 : 3) * error;
    if (i < kHorizon) continue;
    Tell(ids[static_cast<std::size_t>(i - kHorizon)], rows[static_cast<std::size_t>(i - kHorizon)].outcome);
  }
  ConformalTerms terms;
  terms.window = 100;
  const auto replayed = ReplayIntervals(rows, terms, kHorizon + 1);
  int given = 0, held = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!replayed[i].given) continue;
    ++given;
    held += told[i].Contains(rows[i].outcome) ? 1 : 0;
    EXPECT_EQ(told[i].low, replayed[i].interval.low) << i;
    EXPECT_EQ(told[i].high, replayed[i].interval.high) << i;
  }
  EXPECT_GT(given, kRows - 120);
  RecordProperty("coverage", std::to_string(static_cast<double>(held) / given));
  EXPECT_NEAR(static_cast<double>(held) / given, 0.9, 0.02);
  EXPECT_GT(Metric("model_intervals_judged_total"), given);
  EXPECT_NEAR(Metric("model_intervals_held_total") / Metric("model_intervals_judged_total"), 0.9, 0.02);
  EXPECT_NEAR(Metric("model_interval_coverage"), 0.9, 0.1) << "of the newest hundred";
}

TEST_F(ServedIntervals, AreToldWithWhatBarsAreAnswered) {
  Start();
  JsonWriter json;
  json.BeginMap().Member("instrument", "calm").Key("bars").BeginList();
  for (std::size_t i = kTrainingBars; i < kBars; ++i) {
    const Bar& bar = market_.series().bars[i];
    json.BeginMap().Member("time", FormatTime(bar.open_time)).Member("open", bar.open).Member("high", bar.high);
    json.Member("low", bar.low).Member("close", bar.close).Member("volume", bar.volume).EndMap();
  }
  json.EndList().EndMap();
  const JsonValue taken = Post("/market/bars", json.text());
  const std::vector<JsonValue>& answers = taken.Find("predictions")->items;
  ASSERT_EQ(answers.size(), kBars - kTrainingBars);
  EXPECT_TRUE(answers.front().Find("interval")->is_null());
  const JsonValue& last = *answers.back().Find("interval");
  ASSERT_TRUE(last.is_map());
  EXPECT_LT(last.Find("low")->number, answers.back().Find("value")->number);
  EXPECT_LT(answers.back().Find("value")->number, last.Find("high")->number);
  EXPECT_GT(Metric("model_intervals_judged_total"), 0);
}

TEST_F(ServedIntervals, BeginWithTheErrorsOfTheLogAndEndWithThePolicysWord) {
  options_.policy.performance.intervals.models.clear();
  Start();
  for (int i = 0; i < 20; ++i) {
    const JsonValue answer = Predict();
    EXPECT_EQ(answer.Find("interval"), nullptr);
    Tell(answer.Find("prediction_id")->text, answer.Find("value")->number + i - 10);
  }
  options_.policy.performance.intervals.models = {"ridges"};
  Start();
  const JsonValue first = Predict();
  const double value = first.Find("value")->number, reach = first.Find("interval")->Find("high")->number - value;
  EXPECT_NEAR(reach, 9, 1e-9) << "the 19th of 20 errors: 0, 1, 1, ... 9, 9, 10";
  EXPECT_EQ(Metric("model_intervals_judged_total"), 0);
  options_.policy.performance.intervals.coverage = 0.99;
  Start();
  EXPECT_TRUE(Predict().Find("interval")->is_null()) << "20 errors cannot show 0.99";
}

}  // namespace
}  // namespace hone
