// hone performance intervals: conformal intervals around the predictions of a log, and how many outcomes they held.
#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <span>

#include "hone/inputs.h"
#include "hone/output.h"
#include "hone/output_file.h"
#include "hone/performance_verbs.h"
#include "hone/scored_file.h"
#include "performance/interval_replay.h"
#include "performance/metric_intervals.h"
#include "stats/quantile.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

struct IntervalFlags {
  std::string data, method = "adaptive", file, policy, output = "table";
  double coverage = 0.9;
  int window = 250, rolling = 250, horizon = 1;
};

struct RollingCoverage {
  Time to = 0;
  std::int64_t rows = 0;
  double coverage = 0;
};

struct Covered {
  std::int64_t rows = 0, warm_up = 0, pending = 0, unbounded = 0;
  Metric coverage;                          // of the rows with interval and outcome
  double mean_width = 0, median_width = 0;  // of bounded ones; NaN without any
  std::vector<RollingCoverage> rolling;
};

// Runs of `size` rows, the last perhaps shorter.
std::vector<RollingCoverage> Roll(const std::vector<double>& hits, const std::vector<Time>& times, std::size_t size) {
  std::vector<RollingCoverage> runs;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (i % size == 0) runs.emplace_back();
    RollingCoverage& run = runs.back();
    run.to = times[i];
    ++run.rows;
    run.coverage += (hits[i] - run.coverage) / static_cast<double>(run.rows);
  }
  return runs;
}

double MeanOfWidths(const std::vector<double>& widths) {
  double sum = 0;
  for (const double width : widths) sum += width;
  return sum / static_cast<double>(widths.size());
}

Covered Cover(std::span<const ScoredRow> rows, std::span<const ReplayedInterval> intervals, const IntervalFlags& flags,
              double level) {
  Covered covered;
  covered.rows = static_cast<std::int64_t>(rows.size());
  std::vector<double> hits, widths;
  std::vector<Time> times;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Interval& interval = intervals[i].interval;
    const bool pending = std::isnan(rows[i].outcome);
    covered.pending += pending ? 1 : 0;
    covered.warm_up += intervals[i].given ? 0 : 1;
    if (!intervals[i].given) continue;
    if (std::isfinite(interval.width())) {
      widths.push_back(interval.width());
    } else {
      ++covered.unbounded;
    }
    if (pending) continue;
    hits.push_back(interval.Contains(rows[i].outcome) ? 1 : 0);
    times.push_back(rows[i].time);
  }
  MetricTerms terms;
  terms.level = level;
  covered.coverage = MetricIntervals(terms).Share("coverage", hits);
  covered.mean_width = MeanOfWidths(widths);
  covered.median_width = Quantile(widths, 0.5);
  covered.rolling = Roll(hits, times, static_cast<std::size_t>(flags.rolling));
  return covered;
}

std::string CoveredJson(const IntervalFlags& flags, const Covered& covered) {
  JsonWriter json;
  json.BeginMap().Member("method", flags.method).Member("asked", flags.coverage).Member("rows", covered.rows);
  json.Member("warm_up", covered.warm_up).Member("pending", covered.pending).Member("judged", covered.coverage.rows);
  json.Key("coverage").BeginMap().Member("value", covered.coverage.value).Key("interval").BeginList();
  json.Value(covered.coverage.interval.low).Value(covered.coverage.interval.high).EndList();
  json.Member("effective_rows", covered.coverage.effective_rows).EndMap();
  json.Member("mean_width", covered.mean_width).Member("median_width", covered.median_width);
  json.Member("unbounded", covered.unbounded).Key("rolling").BeginList();
  for (const RollingCoverage& run : covered.rolling) {
    json.BeginMap().Member("to", FormatTime(run.to)).Member("rows", run.rows).Member("coverage", run.coverage).EndMap();
  }
  json.EndList().EndMap();
  return json.Take() + "\n";
}

std::string CoveredTable(const IntervalFlags& flags, const Covered& covered) {
  std::string text = fmt::format(
      "{} conformal intervals of {:.4g} coverage: {:.4g} [{:.4g}, {:.4g}] of {} outcomes\n"
      "mean width {:.4g}, median {:.4g}; {} without bounds; {} rows of {} before the first, {} pending\n\n",
      flags.method, flags.coverage, covered.coverage.value, covered.coverage.interval.low,
      covered.coverage.interval.high, covered.coverage.rows, covered.mean_width, covered.median_width,
      covered.unbounded, covered.warm_up, covered.rows, covered.pending);
  std::vector<std::vector<std::string>> table = {{"to", "rows", "coverage"}};
  for (const RollingCoverage& run : covered.rolling) {
    table.push_back({FormatTime(run.to), std::to_string(run.rows), fmt::format("{:.4g}", run.coverage)});
  }
  return text + AlignedTable(table);
}

Status WriteIntervals(const std::string& path, std::span<const ScoredRow> rows,
                      std::span<const ReplayedInterval> intervals) {
  HONE_ASSIGN_OR_RETURN(OutputFile file, OutputFile::Open(path));
  file.Write("time,prediction,outcome,low,high\n");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!intervals[i].given) continue;
    const auto text = [](double value) { return std::isfinite(value) ? fmt::format("{}", value) : std::string(); };
    if (!file.Write(fmt::format("{},{},{},{},{}\n", FormatTime(rows[i].time), rows[i].prediction, text(rows[i].outcome),
                                text(intervals[i].interval.low), text(intervals[i].interval.high)))) {
      break;
    }
  }
  return file.Finish();
}

Status PrintIntervals(const IntervalFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const Policy policy, LoadPolicy(flags.policy));
  HONE_ASSIGN_OR_RETURN(const FeaturedRows log, ReadFeaturedRows(flags.data, PredictionKind::kRegression, {}, true));
  ConformalTerms terms;
  terms.coverage = flags.coverage;
  terms.adaptive = flags.method == "adaptive";
  terms.window = static_cast<std::size_t>(flags.window);
  if (!(1 / (1.0 + flags.window) <= 1 - flags.coverage + 1e-9)) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} errors cannot show a coverage of {}: at least {:.0f} are needed", flags.window,
                             flags.coverage, std::ceil(1 / (1 - flags.coverage) - 1 - 1e-9)),
                 "", 0, "--window"};
  }
  const auto intervals = ReplayIntervals(log.rows, terms, static_cast<std::size_t>(flags.horizon));
  const Covered covered = Cover(log.rows, intervals, flags, policy.performance.level);
  if (covered.coverage.rows == 0) {
    return Error{
        ErrorCode::kInvalidData,
        fmt::format("no outcome comes after the first {} and a horizon; a smaller --window needs fewer", flags.window),
        flags.data};
  }
  if (!flags.file.empty()) HONE_RETURN_IF_ERROR(WriteIntervals(flags.file, log.rows, intervals));
  Print(flags.output == "json" ? CoveredJson(flags, covered) : CoveredTable(flags, covered));
  return OkStatus();
}

}  // namespace

void AddPerformanceIntervalsVerb(Command performance) {
  Command intervals =
      performance.AddCommand("intervals", "Conformal intervals around predictions, and how many outcomes they held");
  auto flags = std::make_shared<IntervalFlags>();
  intervals.AddOption("--data", flags->data, "CSV: time, prediction, outcome (empty: not known yet)").Required();
  intervals.AddOption("--coverage", flags->coverage, "share of outcomes to hold").Between(0.5, 0.999).ShowDefault();
  intervals
      .AddOption(
          "--method", flags->method,
          "adaptive: the newest errors, the share asked for follows the misses; split: the first errors, for good")
      .OneOf({"adaptive", "split"})
      .ShowDefault();
  intervals.AddOption("--window", flags->window, "errors an interval is made from").Between(1, 100'000).ShowDefault();
  intervals.AddOption("--horizon", flags->horizon, "rows until an outcome is known").Between(1, 10'000).ShowDefault();
  intervals.AddOption("--rolling", flags->rolling, "rows a line of rolling coverage is of")
      .Between(1, 100'000'000)
      .ShowDefault();
  intervals.AddOption("--file", flags->file, "write each interval there: time, prediction, outcome, low, high");
  intervals.AddOption("--policy", flags->policy, "policy YAML: performance.level, of the coverage's interval");
  AddOutputOption(intervals, flags->output);
  intervals.OnChoice([flags] { return ExitCodeOf(PrintIntervals(*flags)); });
}

}  // namespace hone
