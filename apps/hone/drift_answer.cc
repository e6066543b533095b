#include "hone/drift_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hone/output.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

// The most rows that a window must have for every column to be judged; 0 where all are.
std::int64_t NeededRows(const DriftReport& report) {
  std::int64_t needed = 0;
  for (const ColumnDrift& column : report.columns) needed = std::max(needed, column.needed_rows);
  return needed;
}

const DriftTest& Told(const ColumnDrift& column) {
  return column.on_innovations ? column.tests.innovations : column.tests.levels;
}

void WriteInterval(JsonWriter& json, const char* key, const Interval& interval) {
  json.Key(key);
  if (!std::isfinite(interval.low)) {
    json.Null();
    return;
  }
  json.BeginList().Value(interval.low).Value(interval.high).EndList();
}

void WriteColumn(JsonWriter& json, const ColumnDrift& column, const EffectIntervals& effects, bool categorical) {
  const DriftTest& told = Told(column);
  json.BeginMap();
  json.Member("name", column.name).Member("status", DriftStatusName(column.status)).Member("drift", column.drift);
  json.Member("severity", SeverityName(column.severity)).Member("kind", categorical ? "categories" : "numbers");
  json.Member("on", column.on_innovations ? "innovations" : "levels").Member("statistic", column.statistic);
  json.Member("distance", told.distance).Member("effect", column.effect);
  WriteInterval(json, "effect_interval", effects.shift);
  json.Member("p_value", column.p_value).Member("adjusted_p", column.adjusted_p);
  json.Member("psi", std::max(told.stability, 0.0));
  WriteInterval(json, "psi_interval", effects.stability);
  json.Member("wasserstein", told.wasserstein);
  json.Member("smallest_detectable_shift", column.smallest_detectable_shift);
  json.Member("needed_rows", column.needed_rows).Member("autocorrelation_time", told.tau);
  json.Member("reference_rows", column.tests.reference_rows).Member("current_rows", column.tests.current_rows);
  json.Member("reference_missing", column.tests.reference_missing);
  json.Member("current_missing", column.tests.current_missing);
  json.EndMap();
}

std::string Number(double value) { return std::isfinite(value) ? fmt::format("{:.3g}", value) : "-"; }

std::string WithInterval(double value, const Interval& interval) {
  if (!std::isfinite(interval.low)) return Number(value);
  return fmt::format("{} [{}, {}]", Number(value), Number(interval.low), Number(interval.high));
}

std::string VerdictOn(const ColumnDrift& column) {
  if (column.drift) return SeverityName(column.severity);
  if (column.status == DriftStatus::kNoData) return fmt::format("no_data, needs {} rows", column.needed_rows);
  return "-";
}

std::string Summary(const DriftReport& report) {
  const auto drifted = std::count_if(report.columns.begin(), report.columns.end(),
                                     [](const ColumnDrift& column) { return column.drift; });
  if (report.status == DriftStatus::kNoData)
    return fmt::format("no data: {} rows a window would be needed", NeededRows(report));
  if (drifted == 0)
    return fmt::format("no drift in {} ({})",
                       report.columns.size() == 1 ? "1 column" : fmt::format("{} columns", report.columns.size()),
                       report.method);
  return fmt::format("{} of {} columns drifted, severity {} ({})", drifted, report.columns.size(),
                     SeverityName(report.severity), report.method);
}

}  // namespace

std::string DriftJson(const DriftAnswer& answer, const DriftWindows& windows) {
  const DriftReport& report = answer.report;
  JsonWriter json;
  json.BeginMap().Member("drift", report.drift).Member("status", DriftStatusName(report.status));
  json.Member("needed_rows", NeededRows(report)).Member("severity", SeverityName(report.severity));
  json.Member("method", report.method).Key("features").BeginList();
  for (std::size_t i = 0; i < report.columns.size(); ++i) {
    const bool categorical = report.columns.size() == windows.names.size() && windows.categorical[i];
    WriteColumn(json, report.columns[i], answer.effects[i], categorical);
  }
  json.EndList().Key("left_out").BeginList();
  for (const LeftOutColumn& column : windows.left_out)
    json.BeginMap().Member("name", column.name).Member("reason", column.reason).EndMap();
  json.EndList().Key("notes").BeginList();
  for (const std::string& note : windows.notes) json.Value(note);
  json.EndList().EndMap();
  return json.Take() + "\n";
}

std::string DriftTable(const DriftAnswer& answer, const DriftWindows& windows) {
  std::vector<std::vector<std::string>> rows = {
      {"COLUMN", "DRIFT", "ON", "STATISTIC", "ADJUSTED P", "SHIFT (IQR)", "PSI", "DETECTABLE (SD)"}};
  for (std::size_t i = 0; i < answer.report.columns.size(); ++i) {
    const ColumnDrift& column = answer.report.columns[i];
    const EffectIntervals& effects = answer.effects[i];
    rows.push_back({column.name, VerdictOn(column), column.on_innovations ? "innovations" : "levels",
                    Number(column.statistic), Number(column.adjusted_p), WithInterval(column.effect, effects.shift),
                    WithInterval(std::max(Told(column).stability, 0.0), effects.stability),
                    Number(column.smallest_detectable_shift)});
  }
  std::string text = AlignedTable(rows) + "\n" + Summary(answer.report) + "\n";
  for (const LeftOutColumn& column : windows.left_out)
    text += fmt::format("left out: {} ({})\n", column.name, column.reason);
  return text;
}

}  // namespace hone
