// Backfill, incremental materialisation, late data and point-in-time joins, held against the streaming features and
// naive computations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "features/feature_set.h"
#include "features/same_bits.h"
#include "features/store/as_of_join.h"
#include "features/store/feature_statistics.h"
#include "features/store/materialise.h"
#include "features/store/schema.h"
#include "features/testing/series_part.h"
#include "market/synthetic.h"
#include "stats/quantile.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

using testing::HasSubstr;
using testing_features::SeriesPart;

constexpr Time kNow = 4'000'000'000 * kSecond;

constexpr char kDefinitions[] =
    "features:\n"
    "  - {name: trend, expression: 'close / ema(close, 20) - 1'}\n"
    "  - {name: swing, expression: 'rolling_std(log(close / close[1]), 10)'}\n"
    "  - {name: minus, expression: 0 * (open - close - 1)}\n"
    "  - {name: gaps, expression: log(close - open)}\n";
const std::vector<std::string> kNames = {"trend", "swing", "minus", "gaps"};

BarSeries Market(int bars) { return SyntheticMarket({"break", bars}, 3).series(); }

// One store in a folder of its own.
struct Store {
  Store() {
    EXPECT_TRUE(database->Execute(FeatureStoreSql() + LatestValuesSql()).ok());
    Register(kDefinitions);
  }
  void Register(const std::string& yaml) {
    auto loaded = RegisteredFeatures::Load(*database);
    ASSERT_TRUE(loaded.ok()) << loaded.error().ToString();
    registered = std::make_unique<RegisteredFeatures>(std::move(loaded).value());
    const auto done = registered->Register(yaml, "my.yaml", 1);
    ASSERT_TRUE(done.ok()) << done.error().ToString();
  }
  Result<Materialised> Write(const std::vector<std::string>& names, Time now, std::size_t rows = 500) {
    HONE_ASSIGN_OR_RETURN(const auto scalars, registered->Scalars(names));
    HONE_ASSIGN_OR_RETURN(const FeatureEntity entity, BarHistory(*database).Find("spx"));
    return Materialise(*database, *registered, scalars, entity, now, rows);
  }
  Result<Materialised> Backfill(const BarSeries& series, Time now, std::size_t rows = 500) {
    HONE_RETURN_IF_ERROR(BarHistory(*database).Add("spx", series, now));
    return Write(kNames, now, rows);
  }
  std::vector<FeatureValue> History(const std::string& name) {
    return FeatureValues(*database).History((*registered->Find(name))->id, 1).value();
  }

  TemporaryFolder folder;
  std::unique_ptr<Database> database =
      std::move(*Database::Open(folder / "hone.db", {.synchronous = Synchronous::kOff}));
  std::unique_ptr<RegisteredFeatures> registered;
};

void ExpectSame(const std::vector<FeatureValue>& a, const std::vector<FeatureValue>& b, bool with_record_time = false) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].event_time, b[i].event_time);
    ASSERT_EQ(a[i].known_at, b[i].known_at);
    ASSERT_TRUE(!with_record_time || a[i].recorded_at == b[i].recorded_at);
    ASSERT_TRUE(SameBits(a[i].value, b[i].value)) << i << ": " << a[i].value << " " << b[i].value;
  }
}

TEST(FeatureStore, InOneGoInPiecesAndOnlineTheBitsAreTheSame) {
  const BarSeries market = Market(700);
  Store whole, pieces;
  ASSERT_TRUE(whole.Backfill(market, kNow).ok());
  const std::size_t cuts[] = {0, 5, 6, 100, 101, 350, 700};
  for (std::size_t i = 0; i + 1 < std::size(cuts); ++i) {
    const auto done = pieces.Backfill(SeriesPart(market, cuts[i], cuts[i + 1]), kNow + static_cast<Time>(i));
    ASSERT_TRUE(done.ok()) << done.error().ToString();
    EXPECT_EQ(done->values, static_cast<std::int64_t>(4 * (cuts[i + 1] - cuts[i])));
  }
  auto online = FeatureSet::Make(kNames, TraitsOf(market), whole.registered->definitions());
  ASSERT_TRUE(online.ok());
  std::vector<std::vector<FeatureValue>> histories;
  for (const std::string& name : kNames) {
    histories.push_back(whole.History(name));
    ExpectSame(histories.back(), pieces.History(name));
    ASSERT_EQ(histories.back().size(), 700u);
  }
  std::vector<double> row(kNames.size());
  bool minus = false;
  for (std::size_t bar = 0; bar < 700; ++bar) {
    online->Update(market.bars[bar], row);
    for (std::size_t i = 0; i < row.size(); ++i) {
      ASSERT_TRUE(SameBits(row[i], histories[i][bar].value)) << kNames[i] << " at bar " << bar;
      ASSERT_EQ(histories[i][bar].event_time, market.bars[bar].known_at);
      minus = minus || (row[i] == 0 && std::signbit(row[i]));
    }
  }
  EXPECT_TRUE(minus) << "a value of -0 was among them";
}

TEST(FeatureStore, AnotherCallWritesNothing) {
  const BarSeries market = Market(60);
  Store store;
  ASSERT_TRUE(store.Backfill(market, kNow).ok());
  EXPECT_EQ(store.Backfill(market, kNow)->values, 0);
  EXPECT_EQ(BarHistory(*store.database).Batches({.id = 1})->size(), 1u) << "the same bars are no batch";
}

TEST(FeatureStore, GoesOnAfterACrashWithTheSameRows) {
  const BarSeries market = Market(3000);
  Store whole;
  ASSERT_TRUE(whole.Backfill(market, kNow).ok());
  for (const int commits_kept : {1, 2, 3}) {
    Store killed;
    ASSERT_TRUE(BarHistory(*killed.database).Add("spx", market, kNow).ok());
    // The writer dies at its n-th transaction: a trigger refuses it.
    ASSERT_TRUE(killed.database
                    ->Execute("CREATE TABLE commits (n); CREATE TRIGGER die BEFORE INSERT ON feature_progress WHEN "
                              "NEW.feature = 1 BEGIN INSERT INTO commits VALUES (1); SELECT RAISE(ABORT, 'killed') "
                              "WHERE (SELECT count(*) FROM commits) > " +
                              std::to_string(commits_kept) + "; END")
                    .ok());
    ASSERT_FALSE(killed.Write(kNames, kNow, 100).ok());
    ASSERT_TRUE(killed.database->Execute("DROP TRIGGER die").ok());
    const std::size_t before = killed.History("trend").size();
    EXPECT_GT(before, 0u);
    EXPECT_LT(before, 3000u);
    ASSERT_TRUE(killed.Write(kNames, kNow + 1, 100).ok());
    for (const std::string& name : kNames) ExpectSame(whole.History(name), killed.History(name));
  }
}

TEST(FeatureStore, ALateBarMakesVersionsKnownWhenItCame) {
  const BarSeries market = Market(120);
  BarSeries gappy = market;
  gappy.bars.erase(gappy.bars.begin() + 60);
  BarSeries wrong = gappy;
  wrong.bars[30].close *= 1.01;
  Store store;
  ASSERT_TRUE(store.Backfill(wrong, kNow).ok());
  const auto before = store.History("swing");
  const auto done = store.Backfill(market, kNow + kDay);  // bar 60 comes late, bar 30 is corrected
  ASSERT_TRUE(done.ok()) << done.error().ToString();
  EXPECT_GT(done->revisions, 0);

  Store right;
  ASSERT_TRUE(right.Backfill(market, kNow).ok());
  const auto after = store.History("swing"), truth = right.History("swing");
  std::vector<FeatureValue> newest, first;
  for (const FeatureValue& value : after) {
    if (!newest.empty() && newest.back().event_time == value.event_time) {
      EXPECT_EQ(value.known_at, kNow + kDay);
      EXPECT_EQ(value.recorded_at, kNow + kDay);
      newest.back() = value;
    } else {
      newest.push_back(value);
    }
    if (value.recorded_at == kNow) first.push_back(value);
  }
  ExpectSame(first, before, true);
  ASSERT_EQ(newest.size(), truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) EXPECT_TRUE(SameBits(newest[i].value, truth[i].value)) << i;

  // A row at the close of bar 35 sees what was known then, whatever came later.
  const Time at = market.bars[35].known_at;
  const std::vector<Time> times = {at, kNow + kDay};
  const auto seen = AsOfJoin(after, times, {});
  EXPECT_TRUE(SameBits(seen[0], before[35].value));
  EXPECT_NE(before[35].value, truth[35].value);
  const std::vector<Time> late = {kNow + 2 * kDay};
  EXPECT_TRUE(SameBits(AsOfJoin(after, late, {})[0], truth.back().value));
}

TEST(FeatureStore, AFeatureRegisteredLaterDoesNotSeeCorrectionsEarly) {
  const BarSeries market = Market(80);
  BarSeries wrong = market;
  wrong.bars[40].close *= 1.05;
  Store early, late;
  for (Store* store : {&early, &late}) {
    ASSERT_TRUE(BarHistory(*store->database).Add("spx", wrong, kNow).ok());
    ASSERT_TRUE(store == &late || store->Write(kNames, kNow).ok());
    ASSERT_TRUE(BarHistory(*store->database).Add("spx", market, kNow + kDay).ok());
    ASSERT_TRUE(store->Write(kNames, kNow + kDay).ok());
  }
  for (const std::string& name : kNames) ExpectSame(early.History(name), late.History(name));
}

TEST(FeatureStore, RefusesWhatCannotBe) {
  const BarSeries market = Market(50);
  Store store;
  ASSERT_TRUE(store.Backfill(market, kNow).ok());
  BarSeries hourly = Market(80);
  hourly.bar_size = kDay / 24;
  EXPECT_THAT(store.Backfill(hourly, kNow + 1).error().ToString(), HasSubstr("bars of 3600 s; those of spx"));
  BarSeries closes = Market(80);
  closes.has_range = false;
  EXPECT_THAT(store.Backfill(closes, kNow + 1).error().ToString(), HasSubstr("without ranges"));
  EXPECT_THAT(store.Backfill(Market(80), kNow - 1).error().ToString(), HasSubstr("time must not go backwards"));
  BarSeries close_alone = SeriesPart(Market(80), 50, 51);
  close_alone.has_range = false;
  EXPECT_THAT(store.Backfill(close_alone, kNow + 1).error().ToString(), HasSubstr("without ranges"));
  BarHistory history(*store.database);
  EXPECT_THAT(history.Add("ndx", SeriesPart(market, 0, 4), kNow + 1).error().ToString(),
              HasSubstr("4 bars do not tell how far apart bars are; the first of an entity must be 5 or more"));
  EXPECT_EQ(history.Add("", market, kNow + 1).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(history.Add("a\nb", market, kNow + 1).error().code, ErrorCode::kInvalidArgument);
  BarSeries backwards = Market(80);
  std::swap(backwards.bars[3], backwards.bars[4]);
  EXPECT_THAT(history.Add("ndx", backwards, kNow + 1).error().ToString(), HasSubstr("bar 5 opens at"));
  EXPECT_EQ(history.Find("ndx").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(history.Entities()->size(), 1u) << "a refused series makes no entity";
  store.Register("features:\n  - {name: code, kind: categorical, expression: close / 7}\n");
  EXPECT_THAT(store.Write({"code"}, kNow + 1).error().ToString(), HasSubstr("code@1: is "));
}

// Each row looked up by going through everything.
double Naive(const std::vector<FeatureValue>& history, Time time, const AsOfOptions& options) {
  const FeatureValue* best = nullptr;
  for (const FeatureValue& value : history) {
    if (value.known_at > time || value.recorded_at > options.recorded_by) continue;
    if (best == nullptr || value.event_time >= best->event_time) best = &value;
  }
  const bool there = best != nullptr && time - best->event_time <= options.ttl;
  return there ? best->value : std::numeric_limits<double>::quiet_NaN();
}

TEST(AsOfJoin, IsWhatANaiveSearchFinds) {
  Random random(11);
  for (int round = 0; round < 300; ++round) {
    std::vector<FeatureValue> history;
    Time event = 0;
    for (std::uint64_t i = random.Below(40); i > 0; --i) {
      event += static_cast<Time>(random.Below(5)) * 10;
      Time known = event + static_cast<Time>(random.Below(3)) * 25;
      Time recorded = static_cast<Time>(random.Below(500));
      const std::uint64_t versions = 1 + random.Below(3);
      for (std::uint64_t version = 0; version < versions; ++version) {
        const double value = random.Below(6) == 0 ? std::numeric_limits<double>::quiet_NaN() : random.Normal();
        history.push_back({event, known, recorded, value});
        known += static_cast<Time>(random.Below(60));
        recorded += static_cast<Time>(random.Below(60));
      }
      event += 10;
    }
    std::vector<Time> times;
    for (int i = 0; i < 50; ++i) times.push_back(static_cast<Time>(random.Below(900)) - 50);
    if (round % 2 == 0) std::sort(times.begin(), times.end());
    const AsOfOptions options{.ttl = random.Below(2) ? INT64_MAX : static_cast<Duration>(random.Below(100)),
                              .recorded_by = random.Below(2) ? INT64_MAX : static_cast<Time>(random.Below(600))};
    const auto joined = AsOfJoin(history, times, options);
    for (std::size_t i = 0; i < times.size(); ++i) {
      ASSERT_TRUE(SameBits(joined[i], Naive(history, times[i], options))) << round << ": " << times[i];
    }
  }
}

TEST(FeatureStatistics, AreThoseOfTheNewestVersions) {
  const BarSeries market = Market(400);
  BarSeries wrong = market;
  wrong.bars[100].close *= 1.5;
  Store store;
  ASSERT_TRUE(store.Backfill(wrong, kNow).ok());
  ASSERT_TRUE(store.Backfill(market, kNow + kDay).ok());
  Store right;
  ASSERT_TRUE(right.Backfill(market, kNow).ok());
  FeatureValues values(*store.database);
  const auto entities = BarHistory(*store.database).Entities().value();
  const auto statistics = StatisticsOf(values, (*store.registered->Find("swing"))->id, entities);
  ASSERT_TRUE(statistics.ok());
  std::vector<double> known;
  std::int64_t missing = 0;
  for (const FeatureValue& value : right.History("swing")) {
    std::isnan(value.value) ? void(++missing) : known.push_back(value.value);
  }
  EXPECT_EQ(statistics->count(), 400);
  EXPECT_EQ(statistics->missing, missing);
  EXPECT_EQ(statistics->entities, 1);
  EXPECT_EQ(statistics->quantiles.min(), *std::min_element(known.begin(), known.end()));
  EXPECT_EQ(statistics->last_event, market.bars.back().known_at);
  EXPECT_EQ(statistics->last_recorded, kNow + kDay);
  double sum = 0;
  for (const double value : known) sum += value;
  EXPECT_NEAR(statistics->moments.mean(), sum / static_cast<double>(known.size()), 1e-15);
  std::sort(known.begin(), known.end());
  EXPECT_NEAR(statistics->quantiles.Quantile(0.5), Quantile(known, 0.5), Quantile(known, 0.55) - Quantile(known, 0.45));
}

}  // namespace
}  // namespace hone
