// hone: parses the command line, assembles what the command needs, runs it.
// Exit codes: 0 ok, 1 data or runtime failure, 2 usage or configuration. Data on stdout, everything else on stderr.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "base/log.h"
#include "hone/commands.h"

namespace {

int Parse(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::RequiredError& error) {
    // A mistyped word explains what is missing better than the missing thing does.
    const std::vector<std::string> unexpected = app.remaining(true);
    if (unexpected.empty()) return app.exit(error) == 0 ? 0 : 2;
    std::fprintf(stderr, "hone: unexpected: %s\nRun with --help for what is possible.\n", unexpected.front().c_str());
    return 2;
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);  // prints help or the message
    return code == 0 ? 0 : 2;
  }
  return -1;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is told like a full disk
  CLI::App app{"hone keeps trading models sharp: serves, watches, retrains, proves and promotes them, unattended."};
  app.require_subcommand(1);
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return std::string("hone: ") + error.what() + "\nRun with --help for what is possible.\n";
  });
  std::string log_level = "warning";
  app.add_option("--log-level", log_level, "debug, info, warning, error or off")->capture_default_str();

  int exit_code = 0;
  hone::Commands commands;
  hone::AddServeCommand(app, commands, exit_code);
  hone::AddReplayCommand(app, commands, exit_code);
  hone::AddTrainCommand(app, commands, exit_code);
  hone::AddPredictCommand(app, commands, exit_code);
  hone::AddJobCommand(app, commands, exit_code);
  hone::AddModelsCommand(app, commands, exit_code);
  hone::AddTokenCommand(app, commands, exit_code);
  hone::AddPolicyCommand(app, commands, exit_code);
  hone::AddWhyCommand(app, commands, exit_code);
  hone::AddBarsCommand(app, commands, exit_code);
  hone::AddDriftCommand(app, commands, exit_code);
  hone::AddDoctorCommand(app, commands, exit_code);
  hone::AddVersionCommand(app, commands, exit_code);

  if (const int parsed = Parse(app, argc, argv); parsed >= 0) return parsed;
  const hone::Result<hone::LogLevel> level = hone::ParseLogLevel(log_level);
  if (!level.ok()) return hone::Fail(level.error());
  hone::SetLogLevel(*level);
  commands.Run();
  return hone::FinishOutput(exit_code);
}
