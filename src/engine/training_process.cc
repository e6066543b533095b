#include "engine/training_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "engine/job_result.h"

namespace hone {
namespace {

constexpr int kNiceness = 10;

// The child, between fork and exec: only what is safe after a fork of a process with threads.
[[noreturn]] void BecomeTrainer(const std::string& program, const std::string& id, const std::string& folder) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);  // the server may have blocked what should end the trainer
  prctl(PR_SET_PDEATHSIG, SIGKILL);          // no orphan trains for a server that is gone
  if (nice(kNiceness) == -1) {               /* a refused nice is no reason not to train */
  }
  const int null = open("/dev/null", O_RDWR);
  dup2(null, STDIN_FILENO);
  dup2(null, STDOUT_FILENO);
  close_range(STDERR_FILENO + 1, ~0U, 0);  // the server's sockets and files are not the trainer's
  execl(program.c_str(), program.c_str(), "job", "run", id.c_str(), "--dir", folder.c_str(), nullptr);
  _exit(127);
}

}  // namespace

TrainingProcess::TrainingProcess(LiveStore& store, std::string model, std::vector<Recipe> recipes, std::size_t width,
                                 std::string program)
    : store_(&store),
      model_(std::move(model)),
      recipes_(std::move(recipes)),
      width_(width),
      program_(std::move(program)) {}

TrainingProcess::~TrainingProcess() { Kill(); }

void TrainingProcess::Start(const TrainingJob& job, const Dataset&) {
  JobRecord record;
  record.model = model_;
  record.trigger = TriggerKindName(job.trigger.kind);
  record.reason = job.trigger.reason;
  record.state = JobState::kRunning;  // from the commit on
  record.requested = job.requested;
  record.specification = WriteJobSpecification(job);
  const Result<std::int64_t> id = store_->jobs.Add(record);
  if (!id.ok()) {
    error_ = id.error();
    return;
  }
  Kill();
  job_ = job;
  id_ = *id;
  launched_ = false;
}

Status TrainingProcess::TakeError() {
  std::optional<Error> error;
  error.swap(error_);
  return error ? Status(*error) : OkStatus();
}

void TrainingProcess::Launch() {
  if (!job_ || launched_) return;
  launched_ = true;
  const std::string id = std::to_string(id_), folder = store_->folder.string();
  child_ = fork();
  if (child_ == 0) BecomeTrainer(program_, id, folder);
  LogInfo("training began", {{"model", model_}, {"job", id_}, {"pid", child_}});
}

void TrainingProcess::Kill() {
  if (child_ <= 0) return;
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
  child_ = -1;
}

std::optional<TrainingResult> TrainingProcess::TakeFinished() {
  if (!job_ || !launched_) return std::nullopt;
  int exit_status = 0;
  if (child_ > 0) {
    const pid_t ended = waitpid(child_, &exit_status, WNOHANG);
    if (ended == 0) return std::nullopt;
  }
  child_ = -1;
  TrainingResult result = ReadResult(exit_status);
  job_.reset();
  return result;
}

TrainingResult TrainingProcess::ReadResult(int exit_status) {
  Result<TrainingResult> read = ReadJobResult(*store_, id_, *job_, width_);
  std::string error;
  if (!read.ok()) {
    error = WIFSIGNALED(exit_status) ? fmt::format("its process was ended by signal {}", WTERMSIG(exit_status))
                                     : read.error().ToString();
    read = FailedResult(*job_, Error{ErrorCode::kInternal, error, fmt::format("job {}", id_)});
  }
  if (const Status finished = FinishJob(error); !finished.ok()) error_ = finished.error();
  LogInfo("training ended", {{"model", model_}, {"job", id_}, {"error", error}});
  return std::move(read).value();
}

Status TrainingProcess::FinishJob(const std::string& error) {
  return store_->jobs.SetState(id_, error.empty() ? JobState::kSucceeded : JobState::kFailed, job_->requested, error);
}

}  // namespace hone
