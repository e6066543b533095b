// Features brought forward bar by bar, held to the bit against those of a backfill; the snapshots and the memory that
// answer for them.
#include "features/store/online_features.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "features/same_bits.h"
#include "features/store/latest_cache.h"
#include "features/store/schema.h"
#include "features/testing/indicator_runs.h"
#include "features/testing/series_part.h"
#include "market/load.h"
#include "market/synthetic.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

using testing::HasSubstr;

constexpr Time kStart = 4'000'000'000 * kSecond;
constexpr char kFour[] =
    "features:\n"
    "  - {name: trend, expression: 'close / ema(close, 20) - 1'}\n"
    "  - {name: swing, expression: 'rolling_std(log(close / close[1]), 10)'}\n"
    "  - {name: minus, expression: 0 * (open - close - 1)}\n"
    "  - {name: gaps, expression: log(close - open)}\n";

// What an indicator's input is called, of what a bar has.
std::string ColumnFor(std::string_view input) {
  for (const char* column : {"open", "high", "low", "close", "volume"}) {
    if (input == column) return column;
  }
  if (input == "b" || input == "bid") return "low";
  if (input == "ask") return "high";
  if (input.ends_with("volume") || input.ends_with("size")) return "volume";
  return input == "periods" ? "if(close > open, 9, 3)" : "close";
}

// Every feature of the catalogue and every indicator that expressions call.
std::string EveryDefinition() {
  std::string yaml = "features:\n";
  for (const FeatureDefinition& feature : FeatureCatalogue()) {
    yaml += fmt::format("  - {{name: f_{0}, expression: {0}}}\n", feature.name);
  }
  for (const IndicatorDefinition* indicator : IndicatorCatalogue()) {
    if (indicator->name == "min" || indicator->name == "max") continue;  // of one bar, in expressions
    std::string call;
    for (const std::string_view input : indicator->inputs) call += (call.empty() ? "" : ", ") + ColumnFor(input);
    for (const double parameter : testing_features::SomeParameters(*indicator)) call += fmt::format(", {}", parameter);
    call = fmt::format("{}({})", indicator->name, call);
    if (indicator->outputs.size() > 1) call += fmt::format(".{}", indicator->outputs[0]);
    yaml += fmt::format("  - {{name: i_{}, expression: '{}'}}\n", indicator->name, call);
  }
  return yaml;
}

BarSeries Slice(const BarSeries& whole, std::size_t begin, std::size_t end) {
  BarSeries part = testing_features::SeriesPart(whole, begin, end);
  part.instrument = "spx";
  return part;
}

BarSeries Synthetic(int bars) { return SyntheticMarket({"break", bars}, 5).series(); }

// A store in a folder of its own, filled online or as a command fills it.
struct FilledStore {
  explicit FilledStore(const std::string& yaml, std::size_t most_folded = 10) : most(most_folded) {
    EXPECT_TRUE(database->Execute(FeatureStoreSql() + LatestValuesSql()).ok());
    const auto registered = RegisteredFeatures::Load(*database)->Register(yaml, "my.yaml", 1);
    EXPECT_TRUE(registered.ok()) << registered.error().ToString();
    Restart();
  }
  void Restart() { online = std::make_unique<OnlineFeatures>(*database, most); }
  FeatureEntity Entity(const std::string& name = "spx") { return *BarHistory(*database).Find(name); }
  Status Take(const BarSeries& series, Time now) {
    HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database));
    HONE_RETURN_IF_ERROR(online->Take(series, now, false));
    return transaction.Commit();
  }
  Status Backfill(const BarSeries& series, Time now) {
    HONE_RETURN_IF_ERROR(BarHistory(*database).Add(series.instrument, series, now));
    HONE_ASSIGN_OR_RETURN(const RegisteredFeatures registered, RegisteredFeatures::Load(*database));
    std::vector<const RegisteredFeature*> all;
    for (const RegisteredFeature& feature : registered.all()) all.push_back(&feature);
    HONE_RETURN_IF_ERROR(Materialise(*database, registered, all, Entity(series.instrument), now));
    return OkStatus();
  }
  LatestSnapshot Snapshot() { return *LatestSnapshots(*database).Read(Entity().id); }
  std::vector<FeatureValue> History(std::int64_t feature) {
    return *FeatureValues(*database).History(feature, Entity().id);
  }
  std::unique_ptr<Database> Reader() { return std::move(*Database::Open(folder / "hone.db", {.read_only = true})); }

  std::size_t most;
  TemporaryFolder folder;
  std::unique_ptr<Database> database =
      std::move(*Database::Open(folder / "hone.db", {.synchronous = Synchronous::kOff}));
  std::unique_ptr<OnlineFeatures> online;
};

bool SameValue(const FeatureValue& a, const FeatureValue& b) {
  return a.event_time == b.event_time && a.known_at == b.known_at && SameBits(a.value, b.value);
}

// Every bar one by one, after ten; folded anew now and then, as after a restart.
void ExpectEveryBarIsThatOfABackfill(const BarSeries& series) {
  FilledStore whole(EveryDefinition()), online(EveryDefinition());
  const std::size_t bars = series.bars.size();
  ASSERT_TRUE(whole.Backfill(Slice(series, 0, bars), kStart).ok());
  std::vector<std::vector<FeatureValue>> truth;
  const auto features = static_cast<std::int64_t>(whole.Snapshot().values.size());
  ASSERT_GT(features, 150);
  for (std::int64_t id = 1; id <= features; ++id) truth.push_back(whole.History(id));
  for (std::size_t end = 10; end <= bars; ++end) {
    if (end % 97 == 0) online.Restart();
    const Status taken = online.Take(Slice(series, end == 10 ? 0 : end - 1, end), kStart + static_cast<Time>(end));
    ASSERT_TRUE(taken.ok()) << taken.error().ToString();
    const LatestSnapshot now = online.Snapshot();
    ASSERT_EQ(std::ssize(now.values), features);
    for (const auto& [id, value] : now.values) {
      const FeatureValue& expected = truth[static_cast<std::size_t>(id - 1)][end - 1];
      ASSERT_TRUE(SameValue(value, expected)) << "feature " << id << " at bar " << end << ": " << value.value;
    }
  }
  EXPECT_LE(online.online->counts().folds.load(), 1) << "since the last restart";
}

// Real bars too, where there are some (HONE_DATA).
TEST(OnlineFeatures, EveryFeatureAtEveryBarIsThatOfABackfill) {
  ExpectEveryBarIsThatOfABackfill(Synthetic(250));
  const char* data = std::getenv("HONE_DATA");
  if (data == nullptr) return;
  const auto series = LoadBars(std::string(data) + "/market/arch/sp500.csv.gz");
  ASSERT_TRUE(series.ok()) << series.error().ToString();
  ExpectEveryBarIsThatOfABackfill(Slice(*series, 2000, 2250));
}

// Bars as they come: new ones, gaps that are filled later, corrections, the same again, transactions that are taken
// back, another process that fills the store, restarts.
TEST(OnlineFeatures, LateAndCorrectedBarsAreWhatABackfillMakesOfThem) {
  Random random(3);
  for (int round = 0; round < 6; ++round) {
    FilledStore plain(kFour), online(kFour);
    BarSeries market = Synthetic(200);
    std::size_t next = 8;
    Time now = kStart;
    for (int step = 0; next < market.bars.size(); ++step) {
      const std::size_t late = random.Below(next);
      BarSeries part = step == 0              ? Slice(market, 0, next)
                       : random.Below(4) == 0 ? Slice(market, late, late + 1 + random.Below(3))
                                              : Slice(market, next, next + 1 + random.Below(4));
      if (random.Below(5) == 0) part.bars[0].close *= 1 + 0.01 * random.Normal();
      if (random.Below(6) == 0 && step > 0) part.bars.erase(part.bars.begin());
      if (part.bars.empty()) continue;
      if (part.bars.back().open_time >= market.bars[next].open_time) next += part.bars.size();
      now += kSecond;
      if (random.Below(6) == 0) {
        Result<Transaction> taken_back = Transaction::Begin(*online.database);
        ASSERT_TRUE(online.online->Take(part, now - 1, false).ok());
      }
      if (random.Below(9) == 0) online.Restart();
      ASSERT_TRUE(plain.Backfill(part, now).ok());
      const Status done = random.Below(7) == 0 ? online.Backfill(part, now) : online.Take(part, now);
      ASSERT_TRUE(done.ok()) << done.error().ToString();
      for (const auto& [id, value] : online.Snapshot().values) {
        const auto latest = FeatureValues(*plain.database).Latest(id, plain.Entity().id);
        ASSERT_TRUE(SameValue(value, **latest)) << "round " << round << " step " << step << " feature " << id;
        ASSERT_EQ(value.recorded_at, (*latest)->recorded_at);
      }
    }
    for (std::int64_t id = 1; id <= 4; ++id) {
      const auto a = plain.History(id), b = online.History(id);
      ASSERT_EQ(a.size(), b.size());
      for (std::size_t i = 0; i < a.size(); ++i) ASSERT_TRUE(SameValue(a[i], b[i])) << id << " at " << i;
    }
  }
}

TEST(OnlineFeatures, FoldsAgainOnlyWhatWasLeftOut) {
  FilledStore store(kFour, 1);
  const BarSeries market = Synthetic(40);
  const auto take = [&](const std::string& name, std::size_t begin, std::size_t end, Time now) {
    BarSeries part = Slice(market, begin, end);
    part.instrument = name;
    ASSERT_TRUE(store.Take(part, kStart + now).ok());
  };
  take("spx", 0, 10, 1);
  take("spx", 10, 11, 2);
  EXPECT_EQ(store.online->counts().folds.load(), 1);
  take("ndx", 0, 10, 3);  // takes the place of spx
  take("spx", 11, 12, 4);
  EXPECT_EQ(store.online->counts().folds.load(), 3);
  EXPECT_EQ(store.online->counts().folded.load(), 1);
  EXPECT_EQ(store.online->counts().bars.load(), 22);
  EXPECT_EQ(store.online->counts().values.load(), 88);
  EXPECT_FALSE(store.Take(Slice(market, 12, 13), kStart).ok()) << "a clock behind the newest batch";
  EXPECT_TRUE(store.Take(Slice(market, 12, 13), kStart + 5).ok());
}

TEST(OnlineFeatures, ANewDefinitionIsThereFromTheNextBarOn) {
  FilledStore store(kFour);
  const BarSeries market = Synthetic(40);
  ASSERT_TRUE(store.Take(Slice(market, 0, 20), kStart).ok());
  ASSERT_TRUE((*store.online->Registered())
                  ->Register("features:\n  - {name: trend, version: 2, expression: close}\n", "two.yaml", 2)
                  .ok());
  ASSERT_TRUE(store.Take(Slice(market, 20, 21), kStart + 1).ok());
  const LatestSnapshot now = store.Snapshot();
  ASSERT_EQ(now.values.size(), 5U);
  EXPECT_EQ(now.values[0].value.event_time, market.bars[19].known_at) << "the version before stays where it was";
  EXPECT_EQ(now.values[4].value.value, market.bars[20].close);
  EXPECT_EQ(store.History(5).size(), 21U);
}

TEST(LatestSnapshots, AreMadeAgainWhereTheyAreDamagedOrMissing) {
  FilledStore store(kFour);
  ASSERT_TRUE(store.Take(Slice(Synthetic(40), 0, 30), kStart).ok());
  const LatestSnapshot sound = store.Snapshot();
  ASSERT_EQ(sound.values.size(), 4U);
  const LogLevel level = log_level();
  SetLogLevel(LogLevel::kOff);
  for (const char* damage : {"UPDATE feature_latest SET bytes = substr(bytes, 1, 100)",
                             "UPDATE feature_latest SET bytes = x'00'", "DELETE FROM feature_latest"}) {
    ASSERT_TRUE(store.database->Execute(damage).ok());
    const LatestSnapshot made = store.Snapshot();
    ASSERT_EQ(made.values.size(), 4U) << damage;
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(made.values[i].feature, sound.values[i].feature);
      EXPECT_TRUE(SameValue(made.values[i].value, sound.values[i].value)) << damage;
    }
  }
  SetLogLevel(level);
  ASSERT_TRUE(store.Take(Slice(Synthetic(40), 30, 31), kStart + 1).ok());
  EXPECT_EQ(DecodeSnapshot(EncodeSnapshot(store.Snapshot()))->values.size(), 4U);
}

TEST(LatestText, IsReadBackAndOrderedByEventThenRecord) {
  Random random(9);
  const auto time = [&random] { return static_cast<Time>(random.Next()) / 4; };
  std::string last;
  for (int i = 0; i < 500; ++i) {
    const FeatureValue value{time(), INT64_MAX, time(), random.Normal()};
    const std::string text = FormatLatest(value);
    ASSERT_EQ(text.size(), kLatestText);
    const auto read = ParseLatest(text);
    ASSERT_TRUE(read && SameValue(*read, value) && read->recorded_at == value.recorded_at);
    const FeatureValue other{random.Below(2) ? value.event_time : time(), INT64_MAX, time(), 0};
    EXPECT_EQ(text.substr(0, kLatestOrder) < FormatLatest(other).substr(0, kLatestOrder),
              std::pair(value.event_time, value.recorded_at) < std::pair(other.event_time, other.recorded_at));
  }
  EXPECT_FALSE(ParseLatest(FormatLatest({2, 1, 3, 0}))) << "known before its event";
  EXPECT_FALSE(ParseLatest(std::string(kLatestText, '-')));
  EXPECT_FALSE(ParseLatest(""));
}

TEST(LatestText, ASnapshotThatIsNotWholeIsRefused) {
  const std::string bytes = EncodeSnapshot({7, {{1, {1, 2, 3, 0.5}}, {4, {1, 2, 3, -0.0}}}});
  ASSERT_TRUE(DecodeSnapshot(bytes).ok());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_EQ(DecodeSnapshot(bytes.substr(0, size)).error().code, ErrorCode::kCorrupt) << size;
    std::string flipped = bytes;
    flipped[size] = static_cast<char>(flipped[size] ^ 1);
    ASSERT_EQ(DecodeSnapshot(flipped).error().code, ErrorCode::kCorrupt) << size;
  }
  EXPECT_THAT(DecodeSnapshot(bytes + "x").error().message, HasSubstr("not those of the number of values"));
  EXPECT_THAT(DecodeSnapshot(EncodeSnapshot({7, {{4, {}}, {1, {}}}})).error().message, HasSubstr("value 2"));
}

TEST(LatestCache, TellsWhatTheStoreHasNow) {
  FilledStore store(kFour);
  const BarSeries market = Synthetic(60);
  LatestCache cache(store.Reader(), 2);
  EXPECT_EQ(cache.Load("spx").error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(cache.Find("spx")->stamp);
  ASSERT_TRUE(store.Take(Slice(market, 0, 30), kStart).ok());
  EXPECT_EQ(cache.Find("spx")->values, nullptr) << "nobody has loaded it";
  const auto loaded = cache.Load("spx");
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(cache.Find("spx")->values, *loaded) << "from memory";
  ASSERT_EQ((*loaded)->values.size(), 4U);
  EXPECT_EQ((*loaded)->values[0].name, "trend");
  EXPECT_EQ((*loaded)->values[0].value.event_time, market.bars[29].known_at);

  ASSERT_TRUE(store.Backfill(Slice(market, 30, 31), kStart + 1).ok());
  EXPECT_EQ(cache.Find("spx")->values, nullptr) << "another connection wrote newer ones";
  EXPECT_EQ((*cache.Load("spx"))->values[0].value.event_time, market.bars[30].known_at);
  ASSERT_TRUE(RegisteredFeatures::Load(*store.database)
                  ->Register("features:\n  - {name: trend, version: 2, expression: close}\n", "two.yaml", 2)
                  .ok());
  EXPECT_EQ(cache.Find("spx")->values, nullptr) << "trend is another feature now";
  EXPECT_EQ((*cache.Load("spx"))->values.size(), 3U) << "and has no value yet";
}

TEST(LatestCache, KeepsWhatIsOfTheStamp) {
  FilledStore store(kFour);
  ASSERT_TRUE(store.Take(Slice(Synthetic(30), 0, 30), kStart).ok());
  LatestCache cache(store.Reader(), 2);
  const LatestStamp stamp = *cache.Find("spx")->stamp;
  auto asked = cache.Asked("spx");
  ASSERT_TRUE(asked.ok());
  EXPECT_EQ(asked->values.size(), 4U);
  cache.Put(stamp, std::make_shared<EntityLatest>(*asked));
  EXPECT_EQ(cache.Find("spx")->values, nullptr) << "written at another time";
  asked->written_at = stamp.written_at;
  const auto values = std::make_shared<const EntityLatest>(*asked);
  cache.Put(stamp, values);
  EXPECT_EQ(cache.Find("spx")->values, values);
}

TEST(LatestCache, KeepsTheNewestAndRestoresThem) {
  FilledStore store(kFour);
  for (int i = 0; i < 5; ++i) {
    BarSeries part = Slice(Synthetic(20), 0, 20);
    part.instrument = fmt::format("i{}", i);
    ASSERT_TRUE(store.Take(part, kStart + i).ok());
  }
  LatestCache cache(store.Reader(), 3);
  const auto restored = cache.Restore();
  ASSERT_TRUE(restored.ok());
  EXPECT_EQ(restored->size(), 3U);
  EXPECT_EQ(cache.size(), 3U);
  EXPECT_EQ(cache.Find("i1")->values, nullptr);
  EXPECT_NE(cache.Find("i2")->values, nullptr);
  ASSERT_TRUE(cache.Load("i0").ok());
  EXPECT_EQ(cache.Find("i3")->values, nullptr) << "asked for least recently";
  EXPECT_NE(cache.Find("i4")->values, nullptr);
}

}  // namespace
}  // namespace hone
