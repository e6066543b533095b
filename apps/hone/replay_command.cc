// hone replay: had this policy been in charge over these bars, what would it have done, and was the model better for
// it?
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

#include "base/files.h"
#include "engine/replay.h"
#include "engine/replay_store.h"
#include "hone/commands.h"
#include "hone/inputs.h"
#include "hone/progress.h"
#include "hone/replay_json.h"
#include "hone/replay_report.h"
#include "hone/replay_table.h"
#include "hone/terminal.h"

namespace hone {
namespace {

struct ReplayFlags {
  std::vector<std::string> data;
  std::string policy, model, directory = "./hone-data", output = "table", sabotage, report, timeline = "all";
  std::uint64_t seed = 0;
  bool timings = false;
};

// A bar between two and four fifths of the series, drawn from the seed.
Time SeededDate(const BarSeries& series, std::uint64_t seed) {
  Random random = Random::Stream(seed, "sabotage date");
  const std::size_t bars = series.bars.size();
  return bars == 0 ? 0 : series.bars[2 * bars / 5 + random.Below(2 * bars / 5 + 1)].known_at;
}

Result<std::optional<Time>> SabotageTime(const ReplayFlags& flags, const BarSeries& series) {
  if (flags.sabotage.empty()) return std::optional<Time>();
  if (flags.sabotage == "seeded") return std::optional<Time>(SeededDate(series, flags.seed));
  Result<Time> time = ParseTime(flags.sabotage);
  if (time.ok()) return std::optional<Time>(*time);
  Error error = time.error();
  error.code = ErrorCode::kInvalidArgument;
  error.source = "--sabotage";
  return error;
}

Result<ReplayResult> RunReplay(const ReplayFlags& flags, const std::string& data, Executor& executor) {
  ReplayOptions options;
  HONE_ASSIGN_OR_RETURN(options.policy, LoadPolicy(flags.policy));
  HONE_ASSIGN_OR_RETURN(options.model, LoadModelDefinition(flags.model, flags.directory));
  HONE_ASSIGN_OR_RETURN(const BarSource bars, LoadBarSource(data, flags.seed));
  options.seed = flags.seed;
  if (bars.synthetic) options.truth = &*bars.synthetic;
  HONE_ASSIGN_OR_RETURN(options.sabotage, SabotageTime(flags, bars.series));
  ProgressLine progress(data);
  options.progress = [&progress](std::size_t done, std::size_t all, const std::vector<Decision>& decisions) {
    progress.Show(done, all, decisions);
  };
  HONE_ASSIGN_OR_RETURN(ReplayResult result, Replay(bars.series, options, executor));
  HONE_RETURN_IF_ERROR(StoreReplay(result, ReplayIdentity(bars.series, options), flags.directory));
  return result;
}

struct Replays {
  std::vector<ReplayResult> results;
  std::vector<double> seconds;
};

Result<Replays> RunReplays(const ReplayFlags& flags) {
  const auto threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const std::unique_ptr<Executor> executor = MakeThreadPool(threads);
  Replays replays;
  for (const std::string& data : flags.data) {
    const auto begun = std::chrono::steady_clock::now();
    HONE_ASSIGN_OR_RETURN(ReplayResult result, RunReplay(flags, data, *executor));
    replays.results.push_back(std::move(result));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    if (flags.timings) replays.seconds.push_back(took.count());
  }
  return replays;
}

std::string TextOf(const Replays& replays, const ReplayFlags& flags) {
  if (flags.output == "json") {
    std::string lines;
    for (const ReplayResult& result : replays.results) lines += ReplayJson(result);
    return lines;
  }
  TableStyle style;
  style.colours = WantsColours(stdout);
  style.timeline = flags.timeline == "all" ? Timeline::kAll : Timeline::kMilestones;
  style.seconds = replays.seconds;
  return ReplayTable(replays.results, style) + "\n" + ReplayTimeline(replays.results, style);
}

Status ReportReplays(const ReplayFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const Replays replays, RunReplays(flags));
  const std::string text = TextOf(replays, flags);
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (flags.report.empty()) return OkStatus();
  return WriteFileAtomically(flags.report, ReplayReport(replays.results));
}

}  // namespace

void AddReplayCommand(Command app) {
  Command command = app.AddCommand("replay", "Run the loop over history and compare it with fixed schedules");
  auto flags = std::make_shared<ReplayFlags>();
  command
      .AddOption("--data", flags->data,
                 "bars: a CSV (gzip too), a LEAN zip, Parquet, or synthetic:calm|break|gradual|flicker[,bars=N]; may "
                 "be repeated")
      .Required()
      .OneValueEach();
  command.AddOption("--policy", flags->policy, "policy YAML; without it, the defaults");
  command.AddOption("--model", flags->model, "model YAML; without it, the built-in volatility model");
  command.AddOption("--dir", flags->directory, "folder of all state").ShowDefault();
  command.AddOption("--seed", flags->seed, "seed of everything random").ShowDefault();
  command.AddOption("--sabotage", flags->sabotage,
                    "a date, or `seeded`: the first retraining from then on learns from shuffled labels");
  command.AddOption("--report", flags->report, "also write an HTML file with charts and every decision");
  command.AddOption("--timeline", flags->timeline, "decisions in the table: all, or milestones only")
      .OneOf({"all", "milestones"})
      .ShowDefault();
  command.AddFlag("--timings", flags->timings, "show how long each series took (two runs then print different times)");
  command.AddOption("--output", flags->output, "json or table").OneOf({"json", "table"}).ShowDefault();
  command.OnChoice([flags] { return ExitCodeOf(ReportReplays(*flags)); });
}

}  // namespace hone
