// Training for serve: each job in a niced child process, `program job run ID --dir FOLDER`, which reads the committed
// rows, fits, stores artifacts and leaves its result in jobs/ID.json. Core thread only.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "engine/live_store.h"
#include "engine/training_service.h"

namespace hone {

class TrainingProcess final : public TrainingService {
 public:
  // `width`: of the model's feature list. `store` must outlive this.
  TrainingProcess(LiveStore& store, std::string model, std::vector<Recipe> recipes, std::size_t width,
                  std::string program);
  ~TrainingProcess() override;  // kills the child

  // Writes the job down; the process starts with Launch, once the transaction is committed and the child can see it.
  void Start(const TrainingJob& job, const Dataset& history) override;
  std::optional<TrainingResult> TakeFinished() override;

  // After each commit.
  void Launch();
  void Kill();
  bool running() const { return child_ > 0; }
  // Errors of Start's writes, once.
  Status TakeError();

 private:
  TrainingResult ReadResult(int exit_status);
  Status FinishJob(const std::string& error);

  LiveStore* store_;
  std::string model_;
  std::vector<Recipe> recipes_;
  std::size_t width_;
  std::string program_;
  std::optional<TrainingJob> job_;
  std::int64_t id_ = 0;
  bool launched_ = false;
  pid_t child_ = -1;
  std::optional<Error> error_;
};

// The file a job leaves, and its text.
std::filesystem::path JobResultPath(const std::filesystem::path& folder, std::int64_t id);
std::string WriteJobSpecification(const TrainingJob& job);
Result<TrainingJob> ReadJobSpecification(const std::string& text);

// The child's work: fits what job `id` asks for and writes its result file. A learner that fails is part of the result,
// not an error; errors are a missing job, a damaged store, a full disk.
Status RunJob(const std::filesystem::path& folder, std::int64_t id);

}  // namespace hone
