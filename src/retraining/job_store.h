// Retraining jobs: what was asked for, and how it ended. Table: retraining_jobs. Single-threaded, as its connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "storage/database.h"
#include "storage/migrations.h"

namespace hone {

// Where a job is in its life.
enum class JobState : std::uint8_t {
  kQueued,     // asked for, its process not started
  kRunning,    // its process runs
  kSucceeded,  // every fit was made or is known to have failed
  kFailed,     // its process ended without a result
};
const char* JobStateName(JobState state);  // "queued", "running", "succeeded", "failed"

struct JobRecord {
  std::int64_t id = 0;
  std::string model;
  std::string trigger;  // TriggerKindName
  std::string reason;
  JobState state = JobState::kQueued;
  Time requested = 0;
  std::optional<Time> finished;
  std::string specification;  // JSON object: what to fit
  std::string error;          // "" unless failed
};

class JobStore {
 public:
  explicit JobStore(Database& database) : database_(&database) {}

  // Adds a queued job; returns its id.
  Result<std::int64_t> Add(const JobRecord& job);
  Status SetState(std::int64_t id, JobState state, std::optional<Time> finished, const std::string& error);
  // Running jobs of the model end as failed: their process is gone.
  Status FailRunning(const std::string& model, const std::string& error);
  // kNotFound.
  Result<JobRecord> Get(std::int64_t id);
  // Newest first.
  Result<std::vector<JobRecord>> List(const std::string& model, std::int64_t limit);

 private:
  Database* database_;
};

// Module "retraining".
Migrations RetrainingMigrations();

}  // namespace hone
