// hone: parses the command line, assembles what the command needs, runs it.
// Exit codes: 0 ok, 1 data or runtime failure, 2 usage or configuration. Data on stdout, everything else on stderr.
#include <csignal>
#include <optional>
#include <string>

#include "base/log.h"
#include "hone/commands.h"

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is told like a full disk
  hone::CommandLine line(
      "hone keeps trading models sharp: serves, watches, retrains, proves and promotes them, unattended.");
  hone::Command app = line.root();
  std::string log_level = "warning";
  const hone::Option level_option =
      app.AddOption("--log-level", log_level, "debug, info, warning, error or off").ShowDefault();

  hone::AddServeCommand(app, level_option);
  hone::AddReplayCommand(app);
  hone::AddTrainCommand(app);
  hone::AddPredictCommand(app);
  hone::AddJobCommand(app);
  hone::AddModelsCommand(app);
  hone::AddRolloutCommand(app);
  hone::AddTokenCommand(app);
  hone::AddAlertsCommand(app);
  hone::AddPolicyCommand(app);
  hone::AddWhyCommand(app);
  hone::AddExperimentCommand(app);
  hone::AddPerformanceCommand(app);
  hone::AddFeaturesCommand(app);
  hone::AddBarsCommand(app);
  hone::AddDriftCommand(app);
  hone::AddDoctorCommand(app);
  hone::AddVersionCommand(app);

  if (const std::optional<int> exit_code = line.Parse(argc, argv)) return *exit_code;
  const hone::Result<hone::LogLevel> level = hone::ParseLogLevel(log_level);
  if (!level.ok()) return hone::Fail(level.error());
  hone::SetLogLevel(*level);
  return hone::FinishOutput(line.Run());
}
