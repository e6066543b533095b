#include "registry/version_store.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "registry/comparison.h"
#include "registry/schema.h"
#include "registry/stages.h"
#include "registry/version_number.h"
#include "storage/testing/full_disk_vfs.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

VersionRecord Draft(ChangeType change = ChangeType::kRetrain) {
  VersionRecord record;
  record.model = "volatility";
  record.change = change;
  record.recipe = "har_ridge";
  record.artifact = std::string(64, 'a');
  record.parameters = R"({"lambda":1})";
  record.metrics = R"({"rmse":0.3})";
  record.seed = 0xffffffffffffffffULL;
  return record;
}

class VersionStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    database_ = std::move(*Database::Open(folder_ / "a.db", {.vfs = disk_.name()}));
    ASSERT_TRUE(Migrate(*database_, RegistryMigrations(), "0.1.0").ok());
  }

  std::string Add(ChangeType change = ChangeType::kRetrain, bool validated = true) {
    const auto record = store().Register(Draft(change));
    EXPECT_TRUE(record.ok()) << record.error().ToString();
    const std::string version = record->number.ToString();
    if (validated) {
      EXPECT_TRUE(store().MarkValidated("volatility", version).ok());
    }
    return version;
  }
  VersionStore store() { return VersionStore(*database_); }
  Stage StageOf(const std::string& version) { return store().Get("volatility", version)->stage; }

  TemporaryFolder folder_;
  FullDiskVfs disk_;
  std::unique_ptr<Database> database_;
};

TEST(VersionNumber, FollowsTheKindOfChange) {
  EXPECT_EQ(NextVersion(std::nullopt, ChangeType::kData).ToString(), "1.0.0");
  const VersionNumber highest{2, 3, 4};
  EXPECT_EQ(NextVersion(highest, ChangeType::kArchitecture).ToString(), "3.0.0");
  EXPECT_EQ(NextVersion(highest, ChangeType::kHyperparameter).ToString(), "2.4.0");
  EXPECT_EQ(NextVersion(highest, ChangeType::kRetrain).ToString(), "2.4.0");
  EXPECT_EQ(NextVersion(highest, ChangeType::kBugfix).ToString(), "2.3.5");
  EXPECT_EQ(NextVersion(highest, ChangeType::kData).ToString(), "2.3.5");
}

TEST(VersionNumber, ParsesOnlyThreeNumbers) {
  EXPECT_EQ(*ParseVersionNumber("10.0.3"), (VersionNumber{10, 0, 3}));
  for (const char* text :
       {"", "1", "1.2", "1.2.3.4", "1.2.x", "1.-2.3", "01.2.3", "1.2.3 ", "+1.2.3", "1..3", "1.2.99999999999"}) {
    EXPECT_FALSE(ParseVersionNumber(text).ok()) << text;
  }
}

TEST(Stages, FinishedVersionsNeverReturn) {
  for (int to = 0; to <= static_cast<int>(Stage::kFailed); ++to) {
    EXPECT_FALSE(IsAllowedTransition(Stage::kRejected, static_cast<Stage>(to)));
    EXPECT_FALSE(IsAllowedTransition(Stage::kFailed, static_cast<Stage>(to)));
    EXPECT_EQ(*ParseStage(StageName(static_cast<Stage>(to))), static_cast<Stage>(to));
  }
  EXPECT_FALSE(IsAllowedTransition(Stage::kTraining, Stage::kActive));
  EXPECT_TRUE(IsAllowedTransition(Stage::kRetired, Stage::kActive));
  EXPECT_FALSE(ParseStage("champion").ok());
}

TEST_F(VersionStoreTest, NumbersAndKeepsEveryField) {
  VersionRecord draft = Draft();
  draft.data_fingerprint = "f";
  draft.train_begin = -5;
  draft.train_end = 7;
  draft.train_rows = 99;
  draft.created = 123;
  ASSERT_TRUE(store().Register(draft).ok());
  draft.parent = "1.0.0";
  draft.change = ChangeType::kBugfix;
  ASSERT_TRUE(store().Register(draft).ok());
  const auto record = store().Get("volatility", "1.0.1");
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->parent, "1.0.0");
  EXPECT_EQ(record->change, ChangeType::kBugfix);
  EXPECT_EQ(record->recipe, "har_ridge");
  EXPECT_EQ(record->data_fingerprint, "f");
  EXPECT_EQ(record->train_begin, -5);
  EXPECT_EQ(record->train_end, 7);
  EXPECT_EQ(record->train_rows, 99);
  EXPECT_EQ(record->parameters, draft.parameters);
  EXPECT_EQ(record->metrics, draft.metrics);
  EXPECT_EQ(record->seed, draft.seed);
  EXPECT_EQ(record->created, 123);
  EXPECT_FALSE(record->validated);
}

TEST_F(VersionStoreTest, SortsByNumberNotByText) {
  Add();
  for (int i = 0; i < 11; ++i) Add();
  const auto records = *store().List("volatility");
  ASSERT_EQ(records.size(), 12U);
  EXPECT_EQ(records[2].number.ToString(), "1.2.0");
  EXPECT_EQ(records[11].number.ToString(), "1.11.0");
  EXPECT_EQ(*store().Models(), std::vector<std::string>{"volatility"});
}

TEST_F(VersionStoreTest, HasOneActiveVersion) {
  const std::string first = Add();
  const std::string second = Add();
  ASSERT_TRUE(store().Activate("volatility", first).ok());
  ASSERT_TRUE(store().Activate("volatility", second).ok());
  ASSERT_TRUE(store().Activate("volatility", second).ok());
  EXPECT_EQ(StageOf(first), Stage::kRetired);
  EXPECT_EQ((*store().Active("volatility"))->number.ToString(), second);
  const Status forced = database_->Execute("UPDATE model_registry SET stage = 'active'");
  EXPECT_EQ(forced.error().code, ErrorCode::kConflict);
}

TEST_F(VersionStoreTest, ActivatesOnlyWhatPassedItsSmokeTest) {
  const std::string version = Add(ChangeType::kRetrain, false);
  EXPECT_EQ(store().Activate("volatility", version).error().code, ErrorCode::kConflict);
  EXPECT_EQ(StageOf(version), Stage::kStaging);
  EXPECT_EQ(store().SetStage("volatility", version, Stage::kActive).error().code, ErrorCode::kConflict);
  EXPECT_EQ(store().SetStage("volatility", version, Stage::kCanary).error().code, ErrorCode::kConflict);
  EXPECT_TRUE(store().SetStage("volatility", version, Stage::kRejected).ok());
  EXPECT_EQ(store().MarkValidated("volatility", version).error().code, ErrorCode::kConflict);
}

TEST_F(VersionStoreTest, RollsBackToTheVersionLastActive) {
  const std::string a = Add();
  const std::string b = Add();
  const std::string c = Add();
  EXPECT_FALSE(store().RollbackTarget("volatility")->has_value());
  EXPECT_EQ(store().RollBack("volatility", a).error().code, ErrorCode::kNotFound);
  for (const auto& version : {b, a, c}) ASSERT_TRUE(store().Activate("volatility", version).ok());
  EXPECT_EQ((*store().RollbackTarget("volatility"))->number.ToString(), a);
  ASSERT_TRUE(store().RollBack("volatility", a).ok());
  EXPECT_EQ(StageOf(a), Stage::kActive);
  EXPECT_EQ(StageOf(c), Stage::kRejected);
  EXPECT_EQ(store().Activate("volatility", c).error().code, ErrorCode::kConflict);
  ASSERT_TRUE(store().RollBack("volatility", b, Stage::kRetired).ok());
  EXPECT_EQ((*store().RollbackTarget("volatility"))->number.ToString(), a);
  EXPECT_EQ(store().RollBack("volatility", c).error().code, ErrorCode::kConflict);
}

TEST_F(VersionStoreTest, ErrorsOfferWhatExists) {
  Add();
  EXPECT_NE(store().Get("volatilty", "1.0.0").error().message.find("did you mean volatility?"), std::string::npos);
  EXPECT_NE(store().Get("volatility", "2.0.0").error().message.find("it has 1.0.0"), std::string::npos);
  VersionRecord orphan = Draft();
  orphan.parent = "9.9.9";
  EXPECT_EQ(store().Register(orphan).error().code, ErrorCode::kNotFound);
}

TEST_F(VersionStoreTest, TrainingEndsInStaging) {
  VersionRecord draft = Draft();
  draft.stage = Stage::kTraining;
  draft.artifact = "";
  VersionRecord record = *store().Register(draft);
  record.artifact = std::string(64, 'b');
  record.train_rows = 5;
  ASSERT_TRUE(store().FinishTraining(record).ok());
  EXPECT_EQ(store().Get("volatility", "1.0.0")->artifact, record.artifact);
  EXPECT_EQ(StageOf("1.0.0"), Stage::kStaging);
  EXPECT_EQ(store().FinishTraining(record).error().code, ErrorCode::kConflict);
}

TEST_F(VersionStoreTest, ComparesTwoVersions) {
  VersionRecord draft = Draft();
  ASSERT_TRUE(store().Register(draft).ok());
  draft.parent = "1.0.0";
  draft.metrics = R"({"rmse":0.25,"folds":{"1":0.2}})";
  draft.parameters = R"({"lambda":2,"kind":"x"})";
  ASSERT_TRUE(store().Register(draft).ok());
  draft.parameters = "not json";
  ASSERT_TRUE(store().Register(draft).ok());
  VersionStore versions = store();
  const auto comparison = CompareVersions(versions, "volatility", "1.1.0", "1.2.0");
  ASSERT_TRUE(comparison.ok());
  EXPECT_EQ(comparison->common_ancestor, "1.0.0");
  const auto first = CompareVersions(versions, "volatility", "1.0.0", "1.1.0");
  EXPECT_EQ(first->common_ancestor, "1.0.0");
  ASSERT_EQ(first->metrics.size(), 2U);
  EXPECT_EQ(first->metrics[0].key, "folds.1");
  EXPECT_EQ(first->metrics[0].left, "");
  EXPECT_DOUBLE_EQ(*first->metrics[1].change, -0.05);
  ASSERT_EQ(first->parameters.size(), 2U);
  EXPECT_EQ(first->parameters[0].right, "x");
  EXPECT_FALSE(CompareVersions(versions, "volatility", "1.0.0", "7.0.0").ok());
}

TEST_F(VersionStoreTest, AFullDiskLeavesTheOldVersionActive) {
  const std::string first = Add();
  const std::string second = Add();
  ASSERT_TRUE(store().Activate("volatility", first).ok());
  disk_.Allow(0);
  const Status status = store().Activate("volatility", second);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ((*store().Active("volatility"))->number.ToString(), first);
  disk_.Allow(-1);
  EXPECT_TRUE(store().Activate("volatility", second).ok());
  EXPECT_EQ((*store().Active("volatility"))->number.ToString(), second);
}

// A child switches the champion to and fro until it is killed.
TEST_F(VersionStoreTest, AKilledProcessLeavesExactlyOneActiveVersion) {
  const std::string first = Add();
  const std::string second = Add();
  for (const auto& version : {first, second}) ASSERT_TRUE(store().Activate("volatility", version).ok());
  database_.reset();
  Random random(3);
  for (int round = 0; round < 20; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      const auto database = Database::Open(folder_ / "a.db", {.synchronous = Synchronous::kOff});
      if (!database.ok()) ::_exit(1);
      for (int i = 0;; ++i) {
        if (!VersionStore(**database).Activate("volatility", i % 2 == 0 ? first : second).ok()) ::_exit(1);
      }
    }
    ::usleep(static_cast<useconds_t>(5'000 + random.Below(5'000)));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    const auto database = std::move(*Database::Open(folder_ / "a.db"));
    ASSERT_EQ(*database->QueryInt("SELECT count(*) FROM model_registry WHERE stage = 'active'"), 1);
    ASSERT_EQ(*database->QueryInt("SELECT count(*) FROM model_registry WHERE stage = 'retired'"), 1);
  }
}

}  // namespace
}  // namespace hone
