// hone performance compute: every metric of a log of predictions and outcomes, with its interval.
#include <fmt/format.h>

#include <map>
#include <memory>
#include <span>

#include "hone/commands.h"
#include "hone/inputs.h"
#include "hone/output.h"
#include "hone/performance_verbs.h"
#include "hone/scored_file.h"
#include "performance/binary_metrics.h"
#include "performance/market_regime.h"
#include "performance/metric_status.h"
#include "performance/regression_metrics.h"
#include "performance/return_metrics.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

constexpr std::size_t kMostGroups = 100;

struct ComputeFlags {
  std::string data, kind = "regression", by, policy, output = "table";
  int window = 0, regime_span = 20;
  MetricTerms terms;
};

PredictionKind KindOf(const std::string& name) {
  if (name == "binary") return PredictionKind::kBinary;
  return name == "returns" ? PredictionKind::kReturns : PredictionKind::kRegression;
}

std::vector<Metric> MetricsOf(PredictionKind kind, std::span<const ScoredRow> rows, const MetricTerms& terms) {
  switch (kind) {
    case PredictionKind::kRegression: return RegressionMetrics(rows, terms);
    case PredictionKind::kBinary: return BinaryMetrics(rows, terms);
    case PredictionKind::kReturns: return ReturnMetrics(rows, terms);
  }
  return {};
}

// A part of the rows: all of them, those of one group or of one state of the market.
struct Segment {
  std::string by, value;
  std::vector<ScoredRow> rows;
  std::vector<Metric> metrics;
};

using RowsByValue = std::map<std::string, std::vector<ScoredRow>>;

void AddSegments(const std::string& by, const RowsByValue& parts, std::vector<Segment>& segments) {
  for (const auto& [value, rows] : parts) segments.push_back({by, value, rows, {}});
}

void AddRegimes(const ScoredFile& file, const ComputeFlags& flags, std::vector<Segment>& segments) {
  std::vector<double> outcomes;
  for (const ScoredRow& row : file.rows) outcomes.push_back(row.outcome);
  const auto regimes = MarketRegimes(outcomes, flags.terms.horizon, flags.regime_span);
  RowsByValue volatility, trend;
  for (std::size_t i = 0; i < file.rows.size(); ++i) {
    volatility[VolatilityStateName(regimes[i].volatility)].push_back(file.rows[i]);
    trend[TrendStateName(regimes[i].trend)].push_back(file.rows[i]);
  }
  AddSegments("volatility", volatility, segments);
  AddSegments("trend", trend, segments);
}

Status AddGroups(const ScoredFile& file, const ComputeFlags& flags, std::vector<Segment>& segments) {
  RowsByValue parts;
  for (std::size_t i = 0; i < file.rows.size(); ++i) {
    parts[file.groups[i]].push_back(file.rows[i]);
    if (parts.size() > kMostGroups) {
      return Error{ErrorCode::kInvalidData, fmt::format("more than {} values to group by", kMostGroups), flags.data, 0,
                   flags.by};
    }
  }
  AddSegments(flags.by, parts, segments);
  return OkStatus();
}

// The newest `window` rows with an outcome; 0: all.
void CutToWindow(int window, ScoredFile& file) {
  if (window == 0 || file.rows.size() <= static_cast<std::size_t>(window)) return;
  const auto cut = static_cast<std::ptrdiff_t>(file.rows.size()) - window;
  file.rows.erase(file.rows.begin(), file.rows.begin() + cut);
  if (!file.groups.empty()) file.groups.erase(file.groups.begin(), file.groups.begin() + cut);
}

// The first is all rows.
Result<std::vector<Segment>> SegmentsOf(const ScoredFile& file, const ComputeFlags& flags) {
  std::vector<Segment> segments = {{"", "", file.rows, {}}};
  if (flags.by == "regime") {
    AddRegimes(file, flags, segments);
  } else if (!flags.by.empty()) {
    HONE_RETURN_IF_ERROR(AddGroups(file, flags, segments));
  }
  for (Segment& segment : segments) {
    segment.metrics = MetricsOf(KindOf(flags.kind), segment.rows, flags.terms);
  }
  return segments;
}

void WriteLimits(const JudgedMetric& judged, JsonWriter& json) {
  json.Member("status", MetricStatusName(judged.status)).Member("sure", judged.sure).Key("limits").BeginMap();
  json.Member("target", judged.limits.target).Member("warning", judged.limits.warning);
  json.Member("critical", judged.limits.critical).EndMap();
}

void WriteMetrics(const std::vector<Metric>& metrics, const PerformancePolicy& policy, JsonWriter& json) {
  json.Key("metrics").BeginMap();
  for (const Metric& metric : metrics) {
    json.Key(metric.name).BeginMap().Member("value", metric.value).Key("interval").BeginList();
    json.Value(metric.interval.low).Value(metric.interval.high).EndList();
    json.Member("method", metric.method).Member("rows", metric.rows).Member("effective_rows", metric.effective_rows);
    if (const auto judged = JudgeMetric(metric, policy)) WriteLimits(*judged, json);
    json.EndMap();
  }
  json.EndMap();
}

std::string ComputedJson(const ComputeFlags& flags, const ScoredFile& file, const std::vector<Segment>& segments,
                         const PerformancePolicy& policy) {
  JsonWriter json;
  json.BeginMap().Member("kind", flags.kind).Member("rows", file.rows.size());
  json.Key("labels").BeginMap().Member("matured", file.rows.size()).Member("pending", file.pending);
  json.Member("overdue", file.overdue).EndMap();
  json.Member("from", FormatTime(file.rows.front().time)).Member("to", FormatTime(file.rows.back().time));
  json.Member("horizon", flags.terms.horizon).Member("level", flags.terms.level);
  WriteMetrics(segments.front().metrics, policy, json);
  json.Key("segments").BeginList();
  for (const Segment& segment : std::span(segments).subspan(1)) {
    json.BeginMap().Member("by", segment.by).Member("value", segment.value).Member("rows", segment.rows.size());
    WriteMetrics(segment.metrics, policy, json);
    json.EndMap();
  }
  json.EndList().EndMap();
  return json.Take() + "\n";
}

std::string ComputedTable(const ScoredFile& file, const std::vector<Segment>& segments,
                          const PerformancePolicy& policy) {
  std::string text =
      fmt::format("{} rows with an outcome from {} to {}, {} pending ({} overdue)\n", file.rows.size(),
                  FormatTime(file.rows.front().time), FormatTime(file.rows.back().time), file.pending, file.overdue);
  for (const Segment& segment : segments) {
    text +=
        segment.by.empty() ? "\n" : fmt::format("\n{} {}, {} rows\n", segment.by, segment.value, segment.rows.size());
    std::vector<std::vector<std::string>> table = {{"metric", "value", "interval", "method", "status"}};
    for (const Metric& metric : segment.metrics) {
      const auto judged = JudgeMetric(metric, policy);
      table.push_back(
          {metric.name, fmt::format("{:.4g}", metric.value),
           fmt::format("[{:.4g}, {:.4g}]", metric.interval.low, metric.interval.high), metric.method,
           judged ? fmt::format("{}{}", MetricStatusName(judged->status), judged->sure ? ", surely" : "") : ""});
    }
    text += AlignedTable(table);
  }
  return text;
}

Status Compute(ComputeFlags flags) {
  HONE_ASSIGN_OR_RETURN(const Policy policy, LoadPolicy(flags.policy));
  flags.terms.level = policy.performance.level;
  flags.terms.resamples = policy.performance.resamples;
  const std::string column = flags.by == "regime" ? "" : flags.by;
  HONE_ASSIGN_OR_RETURN(ScoredFile file, ReadScoredFile(flags.data, KindOf(flags.kind), flags.terms.horizon, column));
  CutToWindow(flags.window, file);
  HONE_ASSIGN_OR_RETURN(const std::vector<Segment> segments, SegmentsOf(file, flags));
  Print(flags.output == "json" ? ComputedJson(flags, file, segments, policy.performance)
                               : ComputedTable(file, segments, policy.performance));
  return OkStatus();
}

void AddComputeOptions(Command compute, ComputeFlags& flags) {
  compute
      .AddOption("--data", flags.data,
                 "CSV: time, prediction, outcome (empty: not known yet), perhaps baseline and columns to group by")
      .Required();
  compute
      .AddOption("--kind", flags.kind,
                 "regression; binary: a probability, and 0 or 1; returns: a position, and the instrument's return")
      .OneOf({"regression", "binary", "returns"})
      .ShowDefault();
  compute.AddOption("--horizon", flags.terms.horizon, "rows until an outcome is known")
      .Between(1, 10'000)
      .ShowDefault();
  compute.AddOption("--window", flags.window, "only the newest N rows with an outcome; 0: all")
      .Between(0, 100'000'000)
      .ShowDefault();
  compute.AddOption("--by", flags.by, "also by the values of a column, or by `regime`: volatility and trend");
  compute.AddOption("--regime-span", flags.regime_span, "outcomes a regime is read from")
      .Between(2, 10'000)
      .ShowDefault();
  compute.AddOption("--rows-a-year", flags.terms.rows_a_year, "returns: what Sharpe and Sortino are scaled to")
      .Between(1, 1'000'000)
      .ShowDefault();
  compute.AddOption("--bins", flags.terms.bins, "binary: bins of calibration").Between(2, 1000).ShowDefault();
  compute.AddOption("--seed", flags.terms.seed, "of the bootstrap").ShowDefault();
  compute.AddOption("--policy", flags.policy, "policy YAML: level, resamples and limits; without it, the defaults");
  AddOutputOption(compute, flags.output);
}

}  // namespace

void AddPerformanceCommand(Command app) {
  Command performance = app.AddNoun("performance", "How good predictions were, from your own logs");
  Command compute = performance.AddCommand("compute", "Every metric with its interval, by segment and market regime");
  auto flags = std::make_shared<ComputeFlags>();
  AddComputeOptions(compute, *flags);
  compute.OnChoice([flags] { return ExitCodeOf(Compute(*flags)); });
  AddPerformanceEstimateVerb(performance);
  AddPerformanceIntervalsVerb(performance);
}

}  // namespace hone
