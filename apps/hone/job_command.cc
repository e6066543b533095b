// hone job run ID: what `hone serve` starts as a process of its own to train. May also be run by hand to look into a
// job.
#include <memory>

#include "engine/training_process.h"
#include "hone/commands.h"
#include "hone/state_folder.h"

namespace hone {

void AddJobCommand(Command app) {
  struct JobFlags {
    std::int64_t id = 0;
    std::string directory = kDefaultFolder;
  };
  Command job = app.AddNoun("job", "Retraining jobs");
  Command run = job.AddCommand("run", "Fit what a job asks for and leave its result in DIR/jobs");
  auto flags = std::make_shared<JobFlags>();
  run.AddOption("id", flags->id, "the job's number").Required();
  run.AddOption("--dir", flags->directory, "folder of all state").ShowDefault();
  run.OnChoice([flags] { return ExitCodeOf(RunJob(flags->directory, flags->id)); });
}

}  // namespace hone
