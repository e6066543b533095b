#include "api/performance_json.h"

#include <string>

namespace hone {
namespace {

void WriteInterval(const char* key, const Interval& interval, JsonWriter& json) {
  json.Key(key).BeginList().Value(interval.low).Value(interval.high).EndList();
}

void WriteTime(const char* key, Time time, bool known, JsonWriter& json) {
  json.Key(key).Value(known ? std::optional<std::string>(FormatTime(time)) : std::nullopt);
}

std::optional<double> Positive(double value) { return value > 0 ? std::optional<double>(value) : std::nullopt; }

void WriteLosses(const PerformanceReport& report, JsonWriter& json) {
  json.Member("rmse", report.rmse);
  WriteInterval("rmse_interval", report.rmse_interval, json);
  json.Member("mae", report.mae).Member("mean_loss", report.mean_loss);
  WriteInterval("mean_loss_interval", report.mean_loss_interval, json);
  json.Member("bias", report.bias).Member("win_rate", report.win_rate);
  WriteInterval("win_rate_interval", report.win_rate_interval, json);
  json.Member("compared", report.compared).Member("effective_rows", report.effective_rows);
}

}  // namespace

void WriteVersionPerformance(const VersionPerformance& version, JsonWriter& json) {
  const PerformanceReport& report = version.report;
  json.BeginMap().Member("version", report.version);
  json.Key("stage").Value(version.stage ? std::optional<std::string>(StageName(*version.stage)) : std::nullopt);
  json.Member("status", PerformanceStatusName(report.status))
      .Member("rows", report.rows)
      .Member("pending", report.pending)
      .Member("overdue", report.overdue);
  WriteTime("from", report.first, report.rows > 0, json);
  WriteTime("to", report.last, report.rows > 0, json);
  WriteLosses(report, json);
  json.Member("reference_rmse", Positive(version.reference_rmse)).Member("loss_ratio", report.loss_ratio).EndMap();
}

void WritePerformance(const ModelPerformance& performance, JsonWriter& json) {
  json.BeginMap()
      .Member("model", performance.model)
      .Member("as_of", FormatTime(performance.as_of))
      .Member("window", performance.window)
      .Member("matured", performance.matured)
      .Member("pending", performance.pending)
      .Member("overdue", performance.overdue);
  json.Key("versions").BeginList();
  for (const VersionPerformance& version : performance.versions) WriteVersionPerformance(version, json);
  json.EndList().EndMap();
}

void WriteChampionMember(const std::optional<VersionPerformance>& champion, JsonWriter& json) {
  json.Key("performance");
  if (!champion) {
    json.Null();
    return;
  }
  const PerformanceReport& report = champion->report;
  json.BeginMap()
      .Member("version", report.version)
      .Member("status", PerformanceStatusName(report.status))
      .Member("rows", report.rows)
      .Member("rmse", report.rmse);
  WriteInterval("rmse_interval", report.rmse_interval, json);
  json.Member("win_rate", report.win_rate).EndMap();
}

}  // namespace hone
