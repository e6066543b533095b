#include "hone/scored_file.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "hone/inputs.h"
#include "market/timed_rows.h"

namespace hone {
namespace {

constexpr double kLargestNumber = 1e50;  // its square's square is finite
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

struct ScoredColumns {
  std::size_t prediction = 0, outcome = 0;
  std::optional<std::size_t> baseline, group;
};

Result<ScoredColumns> FindColumns(const TimedRows& rows, const std::string& by) {
  ScoredColumns columns;
  HONE_ASSIGN_OR_RETURN(columns.prediction, rows.Column("prediction"));
  HONE_ASSIGN_OR_RETURN(columns.outcome, rows.Column("outcome"));
  if (rows.Has("baseline")) {
    HONE_ASSIGN_OR_RETURN(columns.baseline, rows.Column("baseline"));
  }
  if (!by.empty()) {
    HONE_ASSIGN_OR_RETURN(columns.group, rows.Column(by));
  }
  return columns;
}

Result<double> ReadAnswer(const TimedRows& rows, std::size_t column, PredictionKind kind) {
  HONE_ASSIGN_OR_RETURN(const double value, rows.Number(column));
  if (kind == PredictionKind::kBinary && !(value >= 0 && value <= 1)) {
    return rows.Refuse(column, fmt::format("must be a probability within [0, 1], is {}", value));
  }
  return value;
}

Result<double> ReadOutcome(const TimedRows& rows, std::size_t column, PredictionKind kind) {
  HONE_ASSIGN_OR_RETURN(const double value, rows.Number(column));
  if (kind == PredictionKind::kBinary && value != 0 && value != 1) {
    return rows.Refuse(column, fmt::format("must be 0 or 1, is {}", value));
  }
  if (kind == PredictionKind::kReturns && value < -1) {
    return rows.Refuse(column, fmt::format("must be a return, -1 or more, is {}", value));
  }
  return value;
}

Result<ScoredRow> ReadRow(const TimedRows& rows, const ScoredColumns& columns, PredictionKind kind) {
  ScoredRow row;
  row.time = rows.time();
  HONE_ASSIGN_OR_RETURN(row.prediction, ReadAnswer(rows, columns.prediction, kind));
  HONE_ASSIGN_OR_RETURN(row.outcome, ReadOutcome(rows, columns.outcome, kind));
  if (columns.baseline && !rows.Missing(*columns.baseline)) {
    HONE_ASSIGN_OR_RETURN(row.baseline, ReadAnswer(rows, *columns.baseline, kind));
  }
  return row;
}

Result<double> ReadBounded(const TimedRows& rows, std::size_t column) {
  HONE_ASSIGN_OR_RETURN(const double value, rows.Number(column));
  if (std::abs(value) <= kLargestNumber) return value;
  return rows.Refuse(column, fmt::format("must be within [-{0}, {0}], is {1}", kLargestNumber, value));
}

// Columns of what is known with the prediction, none of them twice.
Result<std::vector<std::size_t>> FeatureColumns(const TimedRows& rows, const std::vector<std::string>& features) {
  std::vector<std::size_t> columns;
  std::set<std::string> seen = {"prediction", "outcome"};
  for (const std::string& name : features) {
    if (!seen.insert(name).second) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("'{}' is no feature beside the prediction, or given twice", name), "", 0, "--features"};
    }
    HONE_ASSIGN_OR_RETURN(columns.emplace_back(), rows.Column(name));
  }
  return columns;
}

}  // namespace

Result<ScoredFile> ReadScoredFile(const std::string& path, PredictionKind kind, int horizon, const std::string& by) {
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadTable(path));
  HONE_ASSIGN_OR_RETURN(TimedRows rows, TimedRows::Open(text, path));
  HONE_ASSIGN_OR_RETURN(const ScoredColumns columns, FindColumns(rows, by));
  ScoredFile file;
  file.has_baseline = columns.baseline.has_value();
  std::int64_t read = 0;
  std::vector<std::int64_t> waiting;  // rows without an outcome
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) break;
    ++read;
    if (rows.Missing(columns.outcome)) {
      HONE_RETURN_IF_ERROR(ReadAnswer(rows, columns.prediction, kind));
      waiting.push_back(read);
      continue;
    }
    HONE_ASSIGN_OR_RETURN(file.rows.emplace_back(), ReadRow(rows, columns, kind));
    if (columns.group) file.groups.emplace_back(rows.Field(*columns.group));
  }
  if (file.rows.empty()) return Error{ErrorCode::kInvalidData, "the file holds no row with an outcome", path};
  NoteMissingLineEnd(rows, path);
  file.pending = static_cast<std::int64_t>(waiting.size());
  for (const std::int64_t row : waiting) file.overdue += read - row >= horizon ? 1 : 0;
  return file;
}

Result<FeaturedRows> ReadFeaturedRows(const std::string& path, PredictionKind kind,
                                      const std::vector<std::string>& features, bool needs_outcomes) {
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadTable(path));
  HONE_ASSIGN_OR_RETURN(TimedRows rows, TimedRows::Open(text, path));
  HONE_ASSIGN_OR_RETURN(const std::size_t prediction, rows.Column("prediction"));
  std::optional<std::size_t> outcome;
  if (needs_outcomes || rows.Has("outcome")) {
    HONE_ASSIGN_OR_RETURN(outcome, rows.Column("outcome"));
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<std::size_t> columns, FeatureColumns(rows, features));
  FeaturedRows read;
  read.names = features;
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) break;
    ScoredRow row{rows.time(), 0, kUnknown};
    HONE_RETURN_IF_ERROR(ReadBounded(rows, prediction));
    HONE_ASSIGN_OR_RETURN(row.prediction, ReadAnswer(rows, prediction, kind));
    if (outcome && !rows.Missing(*outcome)) {
      HONE_RETURN_IF_ERROR(ReadBounded(rows, *outcome));
      HONE_ASSIGN_OR_RETURN(row.outcome, ReadOutcome(rows, *outcome, kind));
    }
    read.rows.push_back(row);
    for (const std::size_t column : columns) {
      double& value = read.features.emplace_back(kUnknown);
      if (rows.Missing(column)) continue;
      HONE_ASSIGN_OR_RETURN(value, ReadBounded(rows, column));
    }
  }
  if (read.rows.empty()) return Error{ErrorCode::kInvalidData, "the file holds no rows", path};
  NoteMissingLineEnd(rows, path);
  return read;
}

}  // namespace hone
