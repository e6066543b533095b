// hone performance estimate: how good predictions will turn out before their outcomes are known, and whether those that
// are known bear it out.
#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "drift/severity.h"
#include "hone/inputs.h"
#include "hone/output.h"
#include "hone/performance_verbs.h"
#include "hone/scored_file.h"
#include "learning/learners.h"
#include "performance/confidence_based_estimate.h"
#include "performance/direct_loss_estimate.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

struct EstimateFlags {
  std::string reference, current, kind = "regression", learner = "ridge", policy, output = "table";
  std::vector<std::string> features;
  EstimateTerms terms;
  std::uint64_t seed = 0;
};

struct Estimated {
  std::int64_t reference_rows = 0, rows = 0, matured = 0;
  double level = 0;
  std::vector<EstimatedMetric> metrics;
  ConceptDrift verdict;
  Severity severity = Severity::kNone;
};

FeaturedRows WithOutcome(const FeaturedRows& all) {
  FeaturedRows known;
  known.names = all.names;
  const std::size_t width = all.names.size();
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    if (std::isnan(all.rows[i].outcome)) continue;
    known.rows.push_back(all.rows[i]);
    const auto begin = all.features.begin() + static_cast<std::ptrdiff_t>(i * width);
    known.features.insert(known.features.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
  }
  return known;
}

Result<std::vector<ExpectedLoss>> Expect(const EstimateFlags& flags, const FeaturedRows& reference,
                                         const FeaturedRows& current) {
  if (flags.kind == "binary") return EstimateByConfidence(reference.rows, current.rows, flags.terms);
  const Learner* learner = FindLearner(flags.learner);
  if (learner == nullptr) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("this build has no '{}', ridge it has", flags.learner), "", 0,
                 "--learner"};
  }
  return EstimateLossDirectly(reference, current, *learner, flags.terms, flags.seed);
}

Result<Estimated> MakeEstimate(const EstimateFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const Policy policy, LoadPolicy(flags.policy));
  const PredictionKind kind = flags.kind == "binary" ? PredictionKind::kBinary : PredictionKind::kRegression;
  HONE_ASSIGN_OR_RETURN(const FeaturedRows labelled, ReadFeaturedRows(flags.reference, kind, flags.features, true));
  HONE_ASSIGN_OR_RETURN(const FeaturedRows current, ReadFeaturedRows(flags.current, kind, flags.features, false));
  const FeaturedRows reference = WithOutcome(labelled);
  auto losses = Expect(flags, reference, current);
  if (!losses.ok()) {
    Error error = losses.error();
    if (error.code == ErrorCode::kInvalidData) error.source = flags.reference;
    return error;
  }
  Estimated estimated;
  estimated.reference_rows = static_cast<std::int64_t>(reference.rows.size());
  estimated.rows = static_cast<std::int64_t>(current.rows.size());
  for (const ScoredRow& row : current.rows) estimated.matured += std::isnan(row.outcome) ? 0 : 1;
  estimated.level = policy.performance.level;
  for (const ExpectedLoss& loss : *losses) estimated.metrics.push_back(EstimateMetric(loss, estimated.level));
  estimated.verdict =
      JudgeGaps(estimated.metrics, {policy.drift.false_discovery_rate, policy.drift.minimum_effective_reference_rows,
                                    policy.drift.minimum_effective_current_rows});
  if (estimated.verdict.drift) estimated.severity = SeverityOfLossRatio(estimated.verdict.ratio, policy.drift);
  return estimated;
}

void WriteGap(const PerformanceGap& gap, double adjusted, JsonWriter& json) {
  json.Key("gap").BeginMap().Member("value", gap.realised - gap.expected).Key("interval").BeginList();
  json.Value(gap.interval.low).Value(gap.interval.high).EndList();
  json.Member("expected", gap.expected).Member("realised", gap.realised).Member("p", gap.p);
  json.Member("adjusted_p", adjusted).Member("loss_ratio", gap.ratio).Member("rows", gap.rows);
  json.Member("effective_rows", gap.effective_rows).EndMap();
}

const char* GapStatus(const Estimated& estimated) {
  if (!estimated.verdict.enough) return "no_data";
  return estimated.verdict.drift ? "drift" : "no_drift";
}

std::string EstimatedJson(const EstimateFlags& flags, const Estimated& estimated) {
  JsonWriter json;
  json.BeginMap().Member("kind", flags.kind).Member("method", flags.kind == "binary" ? "cbpe" : "dle");
  json.Member("reference_rows", estimated.reference_rows).Member("rows", estimated.rows);
  json.Key("labels").BeginMap().Member("matured", estimated.matured);
  json.Member("pending", estimated.rows - estimated.matured).EndMap();
  json.Member("level", estimated.level).Key("metrics").BeginMap();
  for (std::size_t i = 0; i < estimated.metrics.size(); ++i) {
    const EstimatedMetric& metric = estimated.metrics[i];
    json.Key(metric.name).BeginMap().Member("estimate", metric.value).Key("interval").BeginList();
    json.Value(metric.interval.low).Value(metric.interval.high).EndList();
    json.Member("effective_reference_rows", metric.effective_reference_rows);
    if (metric.gap) WriteGap(*metric.gap, estimated.verdict.adjusted[i], json);
    json.EndMap();
  }
  json.EndMap().Key("concept_drift").BeginMap().Member("drift", estimated.verdict.drift);
  json.Member("status", GapStatus(estimated)).Member("severity", SeverityName(estimated.severity));
  json.Member("p", estimated.verdict.p).EndMap().EndMap();
  return json.Take() + "\n";
}

std::string EstimatedTable(const Estimated& estimated) {
  std::string text = fmt::format("{} rows, {} of them with an outcome; {} reference rows\n\n", estimated.rows,
                                 estimated.matured, estimated.reference_rows);
  std::vector<std::vector<std::string>> table = {
      {"metric", "estimate", "interval", "expected*", "realised*", "gap's interval", "adjusted p"}};
  for (std::size_t i = 0; i < estimated.metrics.size(); ++i) {
    const EstimatedMetric& metric = estimated.metrics[i];
    auto& row = table.emplace_back();
    row = {metric.name, fmt::format("{:.4g}", metric.value),
           fmt::format("[{:.4g}, {:.4g}]", metric.interval.low, metric.interval.high)};
    if (!metric.gap) continue;
    const PerformanceGap& gap = *metric.gap;
    row.push_back(fmt::format("{:.4g}", gap.expected));
    row.push_back(fmt::format("{:.4g}", gap.realised));
    row.push_back(fmt::format("[{:.4g}, {:.4g}]", gap.interval.low, gap.interval.high));
    row.push_back(fmt::format("{:.2g}", estimated.verdict.adjusted[i]));
  }
  text += AlignedTable(table);
  text += "* over the rows with an outcome\n\nconcept drift: ";
  text += GapStatus(estimated);
  if (estimated.verdict.drift) text.append(", ").append(SeverityName(estimated.severity));
  return text + "\n";
}

// Of probabilities nothing is learned.
Status RefuseGiven(const std::vector<std::pair<const char*, Option>>& of_regression) {
  for (const auto& [name, option] : of_regression) {
    if (option.given()) {
      return Error{ErrorCode::kInvalidArgument, "is for --kind regression; probabilities tell their own loss", "", 0,
                   name};
    }
  }
  return OkStatus();
}

Status PrintEstimate(const EstimateFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const Estimated estimated, MakeEstimate(flags));
  Print(flags.output == "json" ? EstimatedJson(flags, estimated) : EstimatedTable(estimated));
  return OkStatus();
}

}  // namespace

void AddPerformanceEstimateVerb(Command performance) {
  Command estimate = performance.AddCommand(
      "estimate", "What every metric will be before outcomes are known, and its gap to those that are");
  auto flags = std::make_shared<EstimateFlags>();
  estimate.AddOption("--reference", flags->reference, "CSV: time, prediction, outcome, perhaps features").Required();
  estimate.AddOption("--current", flags->current, "CSV of the same columns; outcomes may be empty or left out")
      .Required();
  estimate
      .AddOption("--kind", flags->kind,
                 "regression: by a model of the loss (DLE); binary: a probability, and 0 or 1 (CBPE)")
      .OneOf({"regression", "binary"})
      .ShowDefault();
  const Option features =
      estimate
          .AddOption("--features", flags->features, "regression: columns the loss is learned from, beside prediction")
          .CommaSeparated();
  const Option learner = estimate.AddOption("--learner", flags->learner, "regression: what learns the loss")
                             .OneOf({"ridge", "lightgbm", "xgboost"})
                             .ShowDefault();
  estimate.AddOption("--folds", flags->terms.folds, "runs of reference rows judged without themselves")
      .Between(2, 100)
      .ShowDefault();
  estimate.AddOption("--horizon", flags->terms.horizon, "rows until an outcome is known")
      .Between(1, 10'000)
      .ShowDefault();
  const Option seed = estimate.AddOption("--seed", flags->seed, "regression: of the learner").ShowDefault();
  estimate.AddOption("--policy", flags->policy, "policy YAML: performance.level, and drift's rates and minimum rows");
  AddOutputOption(estimate, flags->output);
  const std::vector<std::pair<const char*, Option>> of_regression = {
      {"--features", features}, {"--learner", learner}, {"--seed", seed}};
  estimate.OnChoice([flags, of_regression] {
    const Status refused = flags->kind == "binary" ? RefuseGiven(of_regression) : OkStatus();
    return ExitCodeOf(refused.ok() ? PrintEstimate(*flags) : refused);
  });
}

}  // namespace hone
