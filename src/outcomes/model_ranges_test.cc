#include "outcomes/model_ranges.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/random.h"
#include "outcomes/joined_reader.h"
#include "outcomes/schema.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

const Time kMonthEnd = *ParseTime("2008-01-31T23:59:50Z");

class ModelRangesTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(Migrate(*database_, OutcomesMigrations(), "0.1.0").ok()); }

  Prediction Row(const std::string& model, Time time) {
    Prediction row;
    row.id = ids_.Next(time);
    row.time = time;
    row.model = model;
    row.version = "1.0.0";
    row.features = {1};
    row.value = 1;
    return row;
  }

  std::vector<Id> Visited(PredictionStore& predictions, const std::string& model, Time begin, Time end,
                          std::size_t most) {
    OutcomeStore outcomes = *OutcomeStore::Open(*database_);
    std::vector<Id> visited;
    const auto keep = [&](const JoinedPrediction& row) {
      EXPECT_EQ(row.prediction.model, model);
      visited.push_back(row.prediction.id);
      return visited.size() < most;
    };
    EXPECT_TRUE(JoinedReader(predictions, outcomes).VisitNewest(model, begin, end, keep).ok());
    return visited;
  }

  std::int64_t Entries(const std::string& model) {
    return *database_->QueryInt("SELECT count(*) FROM model_ranges WHERE model = '" + model + "'");
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_ = std::move(*Database::Open(folder_ / "a.db"));
  IdGenerator ids_{1};
};

TEST_F(ModelRangesTest, AnEntryABatchForOneAskedOftenAndARowForOneAskedRarely) {
  PredictionStore store = *PredictionStore::Open(*database_);
  for (int batch = 0; batch < 5; ++batch) {
    std::vector<Prediction> rows;
    for (int i = 0; i < 100; ++i) rows.push_back(Row(i % 50 == 7 ? "rare" : "busy", kMonthEnd + batch * kMillisecond));
    ASSERT_TRUE(store.Append(rows).ok());
  }
  EXPECT_EQ(Entries("busy"), 5);
  EXPECT_EQ(Entries("rare"), 10);
}

TEST_F(ModelRangesTest, RowsFarFromOneAnotherInTimeAreNotJoined) {
  PredictionStore store = *PredictionStore::Open(*database_);
  std::vector<Prediction> rows;
  for (int day = 0; day < 30; ++day) rows.push_back(Row("daily", kMonthEnd + day * kDay));
  ASSERT_TRUE(store.Append(rows).ok());
  EXPECT_EQ(Entries("daily"), 30);
}

// Batches of several models, out of order and over one another, over the end of a month, against every row looked at.
TEST_F(ModelRangesTest, FindsTheRowsThatAFullScanFinds) {
  PredictionStore store = *PredictionStore::Open(*database_);
  Random random(11);
  const std::vector<std::string> models = {"a", "b", "c"};
  std::map<std::string, std::vector<Prediction>> all;
  for (int batch = 0; batch < 60; ++batch) {
    std::vector<Prediction> rows;
    const Duration spread = batch % 3 == 0 ? 20 * kSecond : 20 * kMillisecond;
    const Time from = kMonthEnd + static_cast<Time>(random.Below(20)) * kSecond;
    for (std::uint64_t left = 1 + random.Below(60); left > 0; --left) {
      rows.push_back(Row(models[random.Below(10) < 8 ? 0 : 1 + random.Below(2)], 0));
      const Time time = from + static_cast<Time>(random.Below(static_cast<std::uint64_t>(spread)));
      rows.back().id = IdGenerator(random.Next()).Next(time);
      all[rows.back().model].push_back(rows.back());
    }
    ASSERT_TRUE(store.Append(rows).ok());
  }
  for (int query = 0; query < 200; ++query) {
    const std::string& model = models[random.Below(3)];
    const Time begin = kMonthEnd + static_cast<Time>(random.Below(40'000)) * kMillisecond;
    const Time end = begin + static_cast<Time>(random.Below(20'000)) * kMillisecond;
    std::vector<Id> expected;
    for (const Prediction& row : all[model]) {
      if (row.id.time() >= begin && row.id.time() < end) expected.push_back(row.id);
    }
    std::sort(expected.rbegin(), expected.rend());
    const std::size_t most = 1 + random.Below(50);
    expected.resize(std::min(expected.size(), most));
    EXPECT_EQ(Visited(store, model, begin, end, most), expected) << query;
  }
}

TEST_F(ModelRangesTest, AStoreThatHadAnIndexIsTakenOver) {
  std::vector<Prediction> rows;
  for (int day = 0; day < 40; ++day) rows.push_back(Row(day % 2 == 0 ? "even" : "odd", kMonthEnd + day * kDay));
  ASSERT_TRUE(PredictionStore::Open(*database_)->Append(rows).ok());
  for (const char* month : {"2008_01", "2008_02", "2008_03"}) {
    ASSERT_TRUE(database_
                    ->Execute(fmt::format("CREATE INDEX predictions_{0}_by_model ON predictions_{0} (model, id); "
                                          "DROP TABLE model_ranges_{0}",
                                          month))
                    .ok());
  }
  ASSERT_TRUE(database_->Execute("DROP VIEW model_ranges").ok());
  PredictionStore store = *PredictionStore::Open(*database_);
  EXPECT_EQ(*database_->QueryInt("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%_by_model'"), 0);
  EXPECT_EQ(Visited(store, "odd", 0, kMonthEnd + 100 * kDay, 100).size(), 20U);
  EXPECT_EQ(Visited(store, "even", 0, kMonthEnd + 100 * kDay, 3).front(), rows[38].id);
}

TEST_F(ModelRangesTest, RetentionTakesTheRangesToo) {
  PredictionStore store = *PredictionStore::Open(*database_);
  std::vector<Prediction> rows;
  for (int day = 0; day < 40; ++day) rows.push_back(Row("daily", kMonthEnd + day * kDay));
  ASSERT_TRUE(store.Append(rows).ok());
  ASSERT_TRUE(store.DropBefore(*ParseTime("2008-03-01")).ok());
  EXPECT_EQ(Entries("daily"), 10);
}

}  // namespace
}  // namespace hone
