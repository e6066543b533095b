#include "hone/choices_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "hone/inputs.h"
#include "market/timed_rows.h"

namespace hone {
namespace {

constexpr double kLeastPropensity = 1e-12, kLargestNumber = kLargestReward;

struct ChoiceColumns {
  std::size_t propensity = 0, reward = 0;
  std::optional<std::size_t> target, choice, model, model_target;
};

// `action` or `version`.
Result<std::optional<std::size_t>> ChoiceColumn(const TimedRows& rows, const std::string& always) {
  std::optional<std::size_t> choice;
  for (const char* name : {"action", "version"}) {
    if (choice || !rows.Has(name)) continue;
    HONE_ASSIGN_OR_RETURN(choice, rows.Column(name));
  }
  if (!choice && !always.empty()) return rows.Column("action").error();
  return choice;
}

Result<ChoiceColumns> FindChoiceColumns(const TimedRows& rows, const std::string& always) {
  ChoiceColumns columns;
  HONE_ASSIGN_OR_RETURN(columns.propensity, rows.Column("propensity"));
  HONE_ASSIGN_OR_RETURN(columns.reward, rows.Column("reward"));
  HONE_ASSIGN_OR_RETURN(columns.choice, ChoiceColumn(rows, always));
  if (always.empty()) {
    HONE_ASSIGN_OR_RETURN(columns.target, rows.Column("target"));
  }
  if (rows.Has("model") || rows.Has("model_target")) {
    HONE_ASSIGN_OR_RETURN(columns.model, rows.Column("model"));
    HONE_ASSIGN_OR_RETURN(columns.model_target, rows.Column("model_target"));
  }
  return columns;
}

Result<double> Within(const TimedRows& rows, std::size_t column, double low, double high) {
  HONE_ASSIGN_OR_RETURN(const double value, rows.Number(column));
  if (value >= low && value <= high) return value;
  return rows.Refuse(column, fmt::format("must be within [{}, {}], is {}", low, high, value));
}

Result<LoggedChoice> ReadRow(const TimedRows& rows, const ChoiceColumns& columns, const std::string& always) {
  LoggedChoice row;
  HONE_ASSIGN_OR_RETURN(row.propensity, Within(rows, columns.propensity, kLeastPropensity, 1));
  if (columns.target) {
    HONE_ASSIGN_OR_RETURN(row.target, Within(rows, *columns.target, 0, 1));
  } else {
    row.target = rows.Field(*columns.choice) == always ? 1 : 0;
  }
  if (columns.model) {
    HONE_ASSIGN_OR_RETURN(row.model, Within(rows, *columns.model, -kLargestNumber, kLargestNumber));
    HONE_ASSIGN_OR_RETURN(row.model_target, Within(rows, *columns.model_target, -kLargestNumber, kLargestNumber));
  }
  return row;
}

}  // namespace

void ChoicesFile::Add(const LoggedChoice& row, std::optional<std::string_view> choice) {
  if (row.propensity == 1 && row.target < 1) {
    ++unsupported;
    return;
  }
  log.push_back(row);
  if (choice) choices.emplace_back(*choice);
}

Status ChoicesFile::Check(const std::string& always, const std::string& source) const {
  if (log.empty()) {
    const char* why =
        unsupported > 0 ? "no row with a reward left the policy in question a chance" : "it holds no row with a reward";
    return Error{ErrorCode::kInvalidData, why, source};
  }
  if (always.empty() || std::find(choices.begin(), choices.end(), always) != choices.end()) return OkStatus();
  return Error{ErrorCode::kInvalidData, fmt::format("no row with a reward that could be used chose '{}'", always),
               source};
}

Result<ChoicesFile> ReadChoicesFile(const std::string& path, const std::string& always) {
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadTable(path));
  HONE_ASSIGN_OR_RETURN(TimedRows rows, TimedRows::Open(text, path));
  HONE_ASSIGN_OR_RETURN(const ChoiceColumns columns, FindChoiceColumns(rows, always));
  ChoicesFile file;
  file.has_model = columns.model.has_value();
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) break;
    HONE_ASSIGN_OR_RETURN(LoggedChoice row, ReadRow(rows, columns, always));
    if (rows.Missing(columns.reward)) {
      ++file.pending;
      continue;
    }
    HONE_ASSIGN_OR_RETURN(row.reward, Within(rows, columns.reward, -kLargestNumber, kLargestNumber));
    file.Add(row, columns.choice ? std::optional(rows.Field(*columns.choice)) : std::nullopt);
  }
  HONE_RETURN_IF_ERROR(file.Check(always, path));
  NoteMissingLineEnd(rows, path);
  return file;
}

}  // namespace hone
