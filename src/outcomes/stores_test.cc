#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <limits>

#include "base/random.h"
#include "outcomes/joined_reader.h"
#include "outcomes/outcome_store.h"
#include "outcomes/prediction_store.h"
#include "outcomes/schema.h"
#include "storage/float_blob.h"
#include "storage/testing/full_disk_vfs.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

const Time kStart = *ParseTime("2008-01-25");

// One prediction a day from kStart.
class StoresTest : public testing::Test {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen() {
    database_.reset();
    database_ = std::move(*Database::Open(folder_ / "a.db", {.vfs = disk_.name()}));
    ASSERT_TRUE(Migrate(*database_, OutcomesMigrations(), "0.1.0").ok());
  }
  PredictionStore predictions() { return *PredictionStore::Open(*database_); }
  OutcomeStore outcomes() { return *OutcomeStore::Open(*database_); }

  Prediction Next(const std::string& model = "volatility") {
    Prediction row;
    row.time = kStart + day_++ * kDay;
    row.id = ids_.Next(row.time);
    row.model = model;
    row.version = "1.0.0";
    row.role = Role::kCanary;
    row.propensity = 0.1;
    row.features = {1.5, std::nan("3"), -0.0};
    row.value = static_cast<double>(day_);
    row.latency = 42;
    return row;
  }
  std::vector<Prediction> Many(int count) {
    std::vector<Prediction> rows;
    for (int i = 0; i < count; ++i) rows.push_back(Next());
    return rows;
  }
  static Outcome For(const Prediction& row, double value = 1) { return {row.id, value, row.time + 5 * kDay}; }

  TemporaryFolder folder_;
  FullDiskVfs disk_;
  std::unique_ptr<Database> database_;
  IdGenerator ids_{1};
  int day_ = 0;
};

TEST_F(StoresTest, APredictionKeepsEveryBit) {
  PredictionStore store = predictions();
  Prediction row = Next();
  row.value = std::nan("");
  ASSERT_TRUE(store.Append({&row, 1}).ok());
  const auto found = *store.Find(row.id);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->id, row.id);
  EXPECT_EQ(found->time, row.time);
  EXPECT_EQ(found->model, row.model);
  EXPECT_EQ(found->version, row.version);
  EXPECT_EQ(found->role, Role::kCanary);
  EXPECT_EQ(found->propensity, 0.1);
  EXPECT_EQ(EncodeDoubles(found->features), EncodeDoubles(row.features));
  EXPECT_TRUE(std::isnan(found->value));
  EXPECT_EQ(found->latency, 42);
  EXPECT_FALSE(store.Find(Next().id)->has_value());
  EXPECT_FALSE(store.Find(ids_.Next(kStart + 4000 * kDay))->has_value());
  EXPECT_EQ(store.Append({&row, 1}).error().code, ErrorCode::kConflict);
}

TEST_F(StoresTest, PagesFollowTheOrderOfCommitsAcrossPartitions) {
  PredictionStore store = predictions();
  const auto rows = Many(60);
  const std::span<const Prediction> all(rows);
  ASSERT_TRUE(store.Append(all.subspan(30, 30)).ok());  // the newer ones first
  ASSERT_TRUE(store.Append(all.subspan(0, 15)).ok());
  for (int i = 15; i < 30; ++i) ASSERT_TRUE(store.Append(all.subspan(static_cast<std::size_t>(i), 1)).ok());
  EXPECT_EQ(*store.LastSequence(), 60);
  std::vector<Id> seen;
  std::int64_t checkpoint = 0;
  while (true) {
    const auto page = store.After(checkpoint, 7);
    ASSERT_TRUE(page.ok());
    if (page->last == checkpoint) break;
    checkpoint = page->last;
    for (const auto& row : page->rows) seen.push_back(row.id);
  }
  ASSERT_EQ(seen.size(), 60U);
  EXPECT_EQ(seen[0], rows[30].id);
  EXPECT_EQ(seen[30], rows[0].id);
  EXPECT_EQ(seen[59], rows[29].id);
  Reopen();
  EXPECT_EQ(predictions().After(45, 100)->rows.size(), 15U);
}

TEST_F(StoresTest, ARolledBackBatchLeavesNoTrace) {
  PredictionStore store = predictions();
  const auto rows = Many(40);
  {
    auto transaction = Transaction::Begin(*database_);
    ASSERT_TRUE(store.Append(rows).ok());
  }
  EXPECT_EQ(*store.LastSequence(), 0);
  EXPECT_FALSE(store.Find(rows[0].id)->has_value());
  ASSERT_TRUE(store.Append(rows).ok());
  EXPECT_EQ(store.After(0, 100)->rows.size(), 40U);
}

TEST_F(StoresTest, TheFirstOutcomeStands) {
  OutcomeStore store = outcomes();
  const Prediction row = Next();
  const std::vector<Outcome> twice = {For(row, 1), For(row, 2)};
  const auto counts = store.Append(twice);
  ASSERT_TRUE(counts.ok());
  EXPECT_EQ(counts->stored, 1);
  EXPECT_EQ(counts->doubled, 1);
  EXPECT_EQ(store.Append(std::vector{For(row, 3)})->doubled, 1);
  EXPECT_EQ((*store.Find(row.id))->value, 1);
  EXPECT_EQ(store.Totals()->stored, 1);
  EXPECT_EQ(store.Totals()->doubled, 2);
  const auto page = *store.After(0, 10);
  ASSERT_EQ(page.rows.size(), 1U);
  EXPECT_EQ(page.last, 1);
  EXPECT_EQ(store.After(1, 10)->last, 1);
}

TEST_F(StoresTest, RefusesOutcomesThatCannotBe) {
  OutcomeStore store = outcomes();
  const Prediction row = Next();
  for (const double value : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(store.Append(std::vector{For(row, value)}).error().code, ErrorCode::kInvalidArgument);
  }
  Outcome invented = For(row);
  invented.prediction_id = *ParseId("ffffffff-ffff-7fff-bfff-ffffffffffff");
  EXPECT_EQ(store.Append(std::vector{invented}).error().code, ErrorCode::kNotFound);
  invented.prediction_id = IdGenerator(2).Next(kStart - 500 * kDay);
  const std::vector<Outcome> batch = {For(row), invented};
  EXPECT_EQ(store.Append(batch).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(store.Find(row.id)->has_value());  // all or none
  EXPECT_EQ(store.Totals()->stored, 0);
}

TEST_F(StoresTest, TheJoinIsTheSameWhateverTheOrder) {
  std::vector<std::string> joins;
  const auto rows = Many(50);
  for (int round = 0; round < 3; ++round) {
    const TemporaryFolder folder;
    const auto database = std::move(*Database::Open(folder / "b.db"));
    ASSERT_TRUE(Migrate(*database, OutcomesMigrations(), "0.1.0").ok());
    PredictionStore prediction_store = *PredictionStore::Open(*database);
    OutcomeStore outcome_store = *OutcomeStore::Open(*database);
    std::vector<Outcome> arrived;
    for (std::size_t i = 0; i < rows.size(); i += 2) arrived.push_back(For(rows[i], static_cast<double>(i)));
    if (round > 0) {
      Random random(static_cast<std::uint64_t>(round));
      Shuffle(arrived, random);
      for (std::size_t i = 0; i < 10; ++i) arrived.push_back(arrived[i]);  // doubles, after the first
    }
    if (round == 2) {  // before their predictions
      ASSERT_TRUE(outcome_store.Append(arrived).ok());
    }
    ASSERT_TRUE(prediction_store.Append(rows).ok());
    if (round < 2) {
      ASSERT_TRUE(outcome_store.Append(arrived).ok());
    }
    std::vector<ShadowPrediction> shadows = {
        {rows[2].id, "1.1.0", 7}, {rows[2].id, "1.0.5", 6}, {rows[2].id, "1.1.0", 8}};
    ASSERT_TRUE(prediction_store.AppendShadow(shadows).ok());
    JoinedReader reader(prediction_store, outcome_store);
    const auto joined =
        reader.Read({.model = "volatility", .begin = kStart, .end = kStart + 48 * kDay, .with_shadows = true});
    ASSERT_TRUE(joined.ok()) << joined.error().ToString();
    ASSERT_EQ(joined->size(), 24U);
    ASSERT_EQ((*joined)[1].shadows.size(), 2U);
    EXPECT_EQ((*joined)[1].shadows[0].version, "1.0.5");
    EXPECT_EQ((*joined)[1].shadows[1].value, 7);
    std::string text;
    for (const auto& row : *joined)
      text += row.prediction.id.ToString() + "=" + std::to_string(row.outcome->value) + ";";
    joins.push_back(text);
    EXPECT_EQ(reader.Read({.begin = kStart, .end = kStart + 48 * kDay, .with_outcome = false})->size(), 48U);
    EXPECT_EQ(reader.Read({.begin = kStart, .end = kStart + 48 * kDay, .limit = 5})->size(), 5U);
    EXPECT_EQ(reader.Read({.end = std::numeric_limits<Time>::max(), .with_outcome = false})->size(), rows.size());
    EXPECT_TRUE(reader.Read({.model = "other", .begin = kStart, .end = kStart + 48 * kDay})->empty());
    EXPECT_EQ((*reader.Find(rows[2].id))->outcome->value, 2);
    EXPECT_FALSE((*reader.Find(rows[3].id))->outcome.has_value());
  }
  EXPECT_EQ(joins[0], joins[1]);
  EXPECT_EQ(joins[0], joins[2]);
}

TEST_F(StoresTest, AModelIsVisitedNewestFirstAmongOthers) {
  PredictionStore prediction_store = predictions();
  OutcomeStore outcome_store = outcomes();
  std::vector<Prediction> rows, own;
  for (int i = 0; i < 90; ++i) rows.push_back(Next(i % 3 == 0 ? "volatility" : "other"));  // January to April
  for (const Prediction& row : rows) {
    if (row.model == "volatility") own.push_back(row);
  }
  ASSERT_TRUE(prediction_store.Append(rows).ok());
  ASSERT_TRUE(outcome_store.Append(std::vector{For(own[28], 7), For(own[2], 8)}).ok());
  ASSERT_TRUE(prediction_store.AppendShadow(std::vector<ShadowPrediction>{{own[28].id, "1.1.0", 6}}).ok());
  JoinedReader reader(prediction_store, outcome_store);
  std::vector<JoinedPrediction> seen;
  const auto keep = [&](const JoinedPrediction& row) {
    seen.push_back(row);
    return seen.size() < 5;
  };
  ASSERT_TRUE(reader.VisitNewest("volatility", kStart, own[29].time, keep).ok());
  ASSERT_EQ(seen.size(), 5U) << "until the visitor has enough";
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(seen[i].prediction.id, own[28 - i].id);
  EXPECT_EQ(seen[0].outcome->value, 7);
  ASSERT_EQ(seen[0].shadows.size(), 1U);
  EXPECT_EQ(seen[0].shadows[0].value, 6);
  EXPECT_FALSE(seen[1].outcome.has_value());
  seen.clear();
  ASSERT_TRUE(reader.VisitNewest("volatility", own[1].time, own[3].time, keep).ok());
  ASSERT_EQ(seen.size(), 2U) << "[begin, end)";
  EXPECT_EQ(seen[0].outcome->value, 8);
}

TEST_F(StoresTest, RetentionDropsOldMonths) {
  PredictionStore prediction_store = predictions();
  OutcomeStore outcome_store = outcomes();
  const auto rows = Many(60);  // January to March
  ASSERT_TRUE(prediction_store.Append(rows).ok());
  ASSERT_TRUE(outcome_store.Append(std::vector{For(rows[0]), For(rows[59])}).ok());
  EXPECT_EQ(*prediction_store.DropBefore(*ParseTime("2008-03-01")), 2);
  EXPECT_EQ(*outcome_store.DropBefore(*ParseTime("2008-03-01")), 1);
  EXPECT_FALSE(prediction_store.Find(rows[0].id)->has_value());
  EXPECT_TRUE(prediction_store.Find(rows[59].id)->has_value());
  EXPECT_TRUE(outcome_store.Find(rows[59].id)->has_value());
  EXPECT_EQ(prediction_store.After(0, 1000)->last, 60);
}

TEST_F(StoresTest, AReaderOfItsOwnConnection) {
  PredictionStore store = predictions();
  OutcomeStore outcome_store = outcomes();
  const auto connection = std::move(*Database::Open(folder_ / "a.db", {.read_only = true}));
  PredictionStore reader = *PredictionStore::Open(*connection);
  const auto rows = Many(40);
  ASSERT_TRUE(store.Append(rows).ok());
  EXPECT_TRUE(reader.Find(rows[39].id)->has_value());
  EXPECT_EQ(reader.After(0, 100)->rows.size(), 40U);
  EXPECT_FALSE(reader.Append(std::vector{Next()}).ok());
}

TEST_F(StoresTest, AFullDiskLosesNoAcknowledgedRow) {
  PredictionStore store = predictions();
  OutcomeStore outcome_store = outcomes();
  std::vector<Prediction> acknowledged;
  for (const std::int64_t allowed : {150'000, 0, 20'000, 60'000}) {
    disk_.Allow(allowed);
    Status status = OkStatus();
    while (status.ok() && acknowledged.size() < 2000) {
      const Prediction row = Next();
      status = store.Append({&row, 1});
      if (!status.ok()) break;
      acknowledged.push_back(row);
      if (acknowledged.size() % 3 == 0) {
        const auto counts = outcome_store.Append(std::vector{For(row)});
        if (!counts.ok()) status = counts.error();
      }
    }
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::kResourceExhausted) << status.error().ToString();
  }
  disk_.Allow(-1);
  const Prediction last = Next();
  ASSERT_TRUE(store.Append({&last, 1}).ok());
  acknowledged.push_back(last);
  Reopen();
  PredictionStore after = predictions();
  for (const auto& row : acknowledged) ASSERT_TRUE(after.Find(row.id)->has_value());
  EXPECT_EQ(after.After(0, 1'000'000)->rows.size(), acknowledged.size());
}

// The child logs predictions and outcomes, acknowledging each pair, until it is killed.
TEST_F(StoresTest, AKilledProcessLosesNoAcknowledgedOutcome) {
  predictions();
  database_.reset();
  Random random(5);
  std::vector<Id> acknowledged;
  for (int round = 0; round < 20; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      auto database = Database::Open(folder_ / "a.db", {.synchronous = Synchronous::kNormal});
      if (!database.ok()) ::_exit(1);
      auto store = PredictionStore::Open(**database);
      auto outcome_store = OutcomeStore::Open(**database);
      IdGenerator ids(static_cast<std::uint64_t>(round + 100));
      for (int i = 0;; ++i) {
        Prediction row = Next();
        row.id = ids.Next(kStart + (round * 1000 + i) * kDay / 24);
        row.time = row.id.time();
        if (!store->Append({&row, 1}).ok() || !outcome_store->Append(std::vector{For(row)}).ok()) ::_exit(1);
        if (::write(ends[1], row.id.bytes.data(), 16) != 16) ::_exit(1);
      }
    }
    ::close(ends[1]);
    Id id;
    for (std::uint64_t left = 1 + random.Below(20); left > 0; --left) {
      ASSERT_EQ(::read(ends[0], id.bytes.data(), 16), 16);
      acknowledged.push_back(id);
    }
    ::usleep(static_cast<useconds_t>(random.Below(3'000)));
    ::kill(child, SIGKILL);
    while (::read(ends[0], id.bytes.data(), 16) == 16) acknowledged.push_back(id);
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
  }
  Reopen();
  PredictionStore store = predictions();
  OutcomeStore outcome_store = outcomes();
  for (const Id& id : acknowledged) {
    ASSERT_TRUE(store.Find(id)->has_value());
    ASSERT_TRUE(outcome_store.Find(id)->has_value());
  }
  EXPECT_EQ(*store.LastSequence(), *database_->QueryInt("SELECT count(*) FROM predictions"));
  EXPECT_EQ(*outcome_store.LastSequence(), *database_->QueryInt("SELECT count(*) FROM outcomes"));
  EXPECT_EQ(outcome_store.Totals()->stored, *outcome_store.LastSequence());
  EXPECT_GE(acknowledged.size(), 20U);
}

}  // namespace
}  // namespace hone
