#include "retraining/job_store.h"

#include <gtest/gtest.h>

#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

class JobStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Database::Open(folder_ / "hone.db");
    ASSERT_TRUE(opened.ok()) << opened.error().ToString();
    database_ = std::move(opened).value();
    const Status migrated = Migrate(*database_, RetrainingMigrations(), "0.1.0");
    ASSERT_TRUE(migrated.ok()) << migrated.error().ToString();
  }

  static JobRecord Job(const std::string& model, const std::string& reason) {
    JobRecord job;
    job.model = model;
    job.trigger = "growth";
    job.reason = reason;
    job.requested = 5 * kDay;
    job.specification = R"({"fits":[]})";
    return job;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_;
};

TEST_F(JobStoreTest, GivesBackWhatWasAdded) {
  JobStore jobs(*database_);
  const auto id = jobs.Add(Job("volatility", "rows grew"));
  ASSERT_TRUE(id.ok()) << id.error().ToString();
  const auto job = jobs.Get(*id);
  ASSERT_TRUE(job.ok()) << job.error().ToString();
  EXPECT_EQ(job->id, *id);
  EXPECT_EQ(job->model, "volatility");
  EXPECT_EQ(job->trigger, "growth");
  EXPECT_EQ(job->reason, "rows grew");
  EXPECT_EQ(job->state, JobState::kQueued);
  EXPECT_EQ(job->requested, 5 * kDay);
  EXPECT_FALSE(job->finished);
  EXPECT_EQ(job->specification, R"({"fits":[]})");
  EXPECT_EQ(job->error, "");
}

TEST_F(JobStoreTest, KeepsEveryStateAndTheError) {
  JobStore jobs(*database_);
  const std::int64_t id = *jobs.Add(Job("volatility", "loss"));
  for (const JobState state : {JobState::kRunning, JobState::kSucceeded, JobState::kQueued}) {
    ASSERT_TRUE(jobs.SetState(id, state, std::nullopt, "").ok());
    EXPECT_EQ(jobs.Get(id)->state, state);
  }
  ASSERT_TRUE(jobs.SetState(id, JobState::kFailed, 7 * kDay, "its process ended with signal 9").ok());
  EXPECT_EQ(jobs.Get(id)->state, JobState::kFailed);
  EXPECT_EQ(jobs.Get(id)->finished, 7 * kDay);
  EXPECT_EQ(jobs.Get(id)->error, "its process ended with signal 9");
}

TEST_F(JobStoreTest, ListsAModelsJobsNewestFirst) {
  JobStore jobs(*database_);
  for (const char* reason : {"a", "b", "c"}) ASSERT_TRUE(jobs.Add(Job("volatility", reason)).ok());
  ASSERT_TRUE(jobs.Add(Job("other", "d")).ok());
  const auto listed = jobs.List("volatility", 2);
  ASSERT_TRUE(listed.ok());
  ASSERT_EQ(listed->size(), 2u);
  EXPECT_EQ((*listed)[0].reason, "c");
  EXPECT_EQ((*listed)[1].reason, "b");
  EXPECT_TRUE(jobs.List("unknown", 10)->empty());
}

TEST_F(JobStoreTest, AnUnknownJobIsNotFound) {
  JobStore jobs(*database_);
  const auto job = jobs.Get(41);
  ASSERT_FALSE(job.ok());
  EXPECT_EQ(job.error().code, ErrorCode::kNotFound);
  EXPECT_NE(job.error().ToString().find("41"), std::string::npos);
}

TEST(JobState, Names) {
  EXPECT_STREQ(JobStateName(JobState::kQueued), "queued");
  EXPECT_STREQ(JobStateName(JobState::kRunning), "running");
  EXPECT_STREQ(JobStateName(JobState::kSucceeded), "succeeded");
  EXPECT_STREQ(JobStateName(JobState::kFailed), "failed");
}

}  // namespace
}  // namespace hone
