// hone replay: had this policy been in charge over these bars, what would it have done, and was the model better for
// it?
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

#include "engine/replay.h"
#include "hone/commands.h"
#include "hone/inputs.h"
#include "hone/progress.h"
#include "hone/replay_output.h"

namespace hone {
namespace {

struct ReplayFlags {
  std::string data, policy, model, directory = "./hone-data", output = "table", sabotage;
  std::uint64_t seed = 0;
};

Result<ReplayResult> RunReplay(const ReplayFlags& flags) {
  ReplayOptions options;
  HONE_ASSIGN_OR_RETURN(options.policy, LoadPolicy(flags.policy));
  HONE_ASSIGN_OR_RETURN(options.model, LoadModelDefinition(flags.model));
  HONE_ASSIGN_OR_RETURN(const BarSource bars, LoadBarSource(flags.data, flags.seed));
  options.seed = flags.seed;
  if (bars.synthetic) options.truth = &*bars.synthetic;
  if (!flags.sabotage.empty()) {
    HONE_ASSIGN_OR_RETURN(options.sabotage, ParseTime(flags.sabotage));
  }
  ProgressLine progress;
  options.progress = [&progress](std::size_t done, std::size_t all, const std::vector<Decision>& decisions) {
    progress.Show(done, all, decisions);
  };
  const auto threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const std::unique_ptr<Executor> executor = MakeThreadPool(threads);
  return Replay(bars.series, options, *executor);
}

}  // namespace

void AddReplayCommand(CLI::App& app, Commands& commands, int& exit_code) {
  CLI::App* command = app.add_subcommand("replay", "Run the loop over history and compare it with fixed schedules");
  auto flags = std::make_shared<ReplayFlags>();
  command
      ->add_option("--data", flags->data,
                   "bars: a CSV (gzip too), a LEAN zip, or synthetic:calm|break|gradual|flicker[,bars=N]")
      ->required();
  command->add_option("--policy", flags->policy, "policy YAML; without it, the defaults");
  command->add_option("--model", flags->model, "model YAML; without it, the built-in volatility model");
  command->add_option("--dir", flags->directory, "folder of all state")->capture_default_str();
  command->add_option("--seed", flags->seed, "seed of everything random")->capture_default_str();
  command->add_option("--sabotage", flags->sabotage, "date from which one refresh learns from shuffled labels");
  command->add_option("--output", flags->output, "json or table")
      ->check(CLI::IsMember({"json", "table"}))
      ->capture_default_str();
  command->callback([&commands, &exit_code, flags] {
    commands.Choose([&exit_code, flags] {
      const Result<ReplayResult> result = RunReplay(*flags);
      if (!result.ok()) {
        exit_code = Fail(result.error());
        return;
      }
      const std::string text = flags->output == "json" ? ReplayJson(*result) : ReplayTable(*result);
      std::fwrite(text.data(), 1, text.size(), stdout);
    });
  });
}

}  // namespace hone
