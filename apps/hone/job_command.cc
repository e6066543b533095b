// hone job run ID: what `hone serve` starts as a process of its own to train. May also be run by hand to look into a
// job.
#include <CLI/CLI.hpp>
#include <memory>

#include "engine/training_process.h"
#include "hone/commands.h"
#include "hone/state_folder.h"

namespace hone {

void AddJobCommand(CLI::App& app, Commands& commands, int& exit_code) {
  struct JobFlags {
    std::int64_t id = 0;
    std::string directory = kDefaultFolder;
  };
  CLI::App* job = app.add_subcommand("job", "Retraining jobs");
  job->require_subcommand(1);
  CLI::App* run = job->add_subcommand("run", "Fit what a job asks for and leave its result in DIR/jobs");
  auto flags = std::make_shared<JobFlags>();
  run->add_option("id", flags->id, "the job's number")->required();
  run->add_option("--dir", flags->directory, "folder of all state")->capture_default_str();
  run->callback([&commands, &exit_code, flags] {
    commands.Choose([&exit_code, flags] {
      const Status status = RunJob(flags->directory, flags->id);
      if (!status.ok()) exit_code = Fail(status.error());
    });
  });
}

}  // namespace hone
