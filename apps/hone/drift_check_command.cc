// hone drift check: have the columns of one file moved against those of another?
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "drift/drift_check.h"
#include "drift/effect_interval.h"
#include "hone/drift_answer.h"
#include "hone/drift_verbs.h"
#include "hone/drift_windows.h"
#include "hone/inputs.h"
#include "hone/output.h"

namespace hone {
namespace {

struct DriftCheckFlags {
  std::string reference, current, policy, detector = kDefaultDetector, output = "table";
  std::vector<std::string> categorical;
};

std::vector<double> ColumnOf(const std::vector<double>& rows, std::size_t width, std::size_t index) {
  std::vector<double> column;
  for (std::size_t i = index; i < rows.size(); i += width) column.push_back(rows[i]);
  return column;
}

// Intervals for what the report tells of each column of numbers that could be judged.
std::vector<EffectIntervals> Effects(const DriftReport& report, const DriftWindows& windows,
                                     const DriftPolicy& policy) {
  std::vector<EffectIntervals> effects(report.columns.size());
  const std::size_t width = windows.names.size();
  if (report.columns.size() != width || report.columns.front().name != windows.names.front()) return effects;
  for (std::size_t i = 0; i < width; ++i) {
    const ColumnDrift& column = report.columns[i];
    if (windows.categorical[i] || column.status == DriftStatus::kNoData) continue;
    Random random = Random::Stream(0, column.name);
    const auto estimate = column.on_innovations ? &EstimateInnovationEffects : &EstimateEffects;
    effects[i] = estimate(ColumnOf(windows.reference, width, i), ColumnOf(windows.current, width, i), policy, random);
  }
  return effects;
}

Status Check(const DriftCheckFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const Policy policy, LoadPolicy(flags.policy));
  HONE_ASSIGN_OR_RETURN(const DriftWindows windows,
                        ReadDriftWindows(flags.reference, flags.current, flags.categorical));
  for (const std::string& note : windows.notes) std::fprintf(stderr, "%s\n", note.c_str());
  const DriftCheckOptions options{flags.detector, windows.categorical};
  HONE_ASSIGN_OR_RETURN(const DriftCheck check,
                        DriftCheck::Make(windows.names, windows.reference, policy.drift, options));
  DriftAnswer answer;
  HONE_ASSIGN_OR_RETURN(answer.report, check.Compare(windows.current));
  answer.effects = Effects(answer.report, windows, policy.drift);
  Print(flags.output == "json" ? DriftJson(answer, windows) : DriftTable(answer, windows));
  return OkStatus();
}

std::string DetectorHelp() {
  std::string text = "how columns are compared:";
  for (const ColumnDetectorEntry& entry : ColumnDetectors())
    text += fmt::format("\n  {}: {}", entry.name, entry.description);
  text += "\nor all columns at once:";
  for (const RowDetectorEntry& entry : RowDetectors()) text += fmt::format("\n  {}: {}", entry.name, entry.description);
  return text;
}

}  // namespace

void AddDriftCheckVerb(Command drift) {
  Command check = drift.AddCommand("check", "Compare the rows of one CSV with those of another");
  auto flags = std::make_shared<DriftCheckFlags>();
  check.AddOption("--reference", flags->reference, "CSV of what was, rows in time order, columns named in its header")
      .Required();
  check.AddOption("--current", flags->current, "CSV of what is; columns are matched by name").Required();
  check.AddOption("--policy", flags->policy, "policy YAML; without it, the defaults");
  check.AddOption("--detector", flags->detector, DetectorHelp()).ShowDefault();
  check.AddOption("--categorical", flags->categorical, "columns to compare as categories though they hold numbers")
      .CommaSeparated();
  AddOutputOption(check, flags->output);
  check.OnChoice([flags] { return ExitCodeOf(Check(*flags)); });
}

}  // namespace hone
