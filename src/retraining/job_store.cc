#include "retraining/job_store.h"

#include <fmt/format.h>

#include <array>

namespace hone {
namespace {

constexpr std::array kStates = {JobState::kQueued, JobState::kRunning, JobState::kSucceeded, JobState::kFailed};

JobRecord RecordOf(const Statement& row) {
  JobRecord job;
  job.id = row.Int(0);
  job.model = row.Text(1);
  job.trigger = row.Text(2);
  job.reason = row.Text(3);
  for (const JobState state : kStates) {
    if (row.Text(4) == JobStateName(state)) job.state = state;
  }
  job.requested = row.Int(5);
  if (!row.IsNull(6)) job.finished = row.Int(6);
  job.specification = row.Text(7);
  job.error = row.Text(8);
  return job;
}

}  // namespace

const char* JobStateName(JobState state) {
  switch (state) {
    case JobState::kQueued: return "queued";
    case JobState::kRunning: return "running";
    case JobState::kSucceeded: return "succeeded";
    case JobState::kFailed: return "failed";
  }
  return "failed";
}

Result<std::int64_t> JobStore::Add(const JobRecord& job) {
  HONE_ASSIGN_OR_RETURN(
      Statement insert,
      database_->Prepare("INSERT INTO retraining_jobs (model, trigger_kind, reason, state, requested, "
                         "specification, error) VALUES (?, ?, ?, ?, ?, ?, '')"));
  HONE_RETURN_IF_ERROR(insert.Run(job.model, job.trigger, job.reason, std::string(JobStateName(job.state)),
                                  job.requested, job.specification));
  return database_->QueryInt("SELECT last_insert_rowid()");
}

Status JobStore::SetState(std::int64_t id, JobState state, std::optional<Time> finished, const std::string& error) {
  HONE_ASSIGN_OR_RETURN(
      Statement update,
      database_->Prepare("UPDATE retraining_jobs SET state = ?, finished = ?, error = ? WHERE id = ?"));
  if (finished) return update.Run(std::string(JobStateName(state)), *finished, error, id);
  return update.Run(std::string(JobStateName(state)), nullptr, error, id);
}

Status JobStore::FailRunning(const std::string& model, const std::string& error) {
  HONE_ASSIGN_OR_RETURN(
      Statement update,
      database_->Prepare("UPDATE retraining_jobs SET state = ?, error = ? WHERE model = ? AND state IN "
                         "('queued', 'running')"));
  return update.Run(std::string(JobStateName(JobState::kFailed)), error, model);
}

Result<JobRecord> JobStore::Get(std::int64_t id) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare("SELECT id, model, trigger_kind, reason, state, requested, finished, "
                                           "specification, error FROM retraining_jobs WHERE id = ?"));
  select.BindAll(id);
  HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
  if (!row) return Error{ErrorCode::kNotFound, fmt::format("no retraining job {}", id), database_->path(), 0, ""};
  return RecordOf(select);
}

Result<std::vector<JobRecord>> JobStore::List(const std::string& model, std::int64_t limit) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare("SELECT id, model, trigger_kind, reason, state, requested, finished, "
                                           "specification, error FROM retraining_jobs WHERE model = ? "
                                           "ORDER BY id DESC LIMIT ?"));
  select.BindAll(model, limit);
  std::vector<JobRecord> jobs;
  for (;;) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return jobs;
    jobs.push_back(RecordOf(select));
  }
}

Migrations RetrainingMigrations() {
  return {{"retraining", 1, "retraining_jobs",
           "CREATE TABLE retraining_jobs (id INTEGER PRIMARY KEY, model TEXT NOT NULL, trigger_kind TEXT NOT NULL, "
           "reason TEXT NOT NULL, state TEXT NOT NULL, requested INTEGER NOT NULL, finished INTEGER, "
           "specification TEXT NOT NULL, error TEXT NOT NULL);"
           "CREATE INDEX retraining_jobs_by_model ON retraining_jobs (model, id);"}};
}

}  // namespace hone
