#include "hone/losses_file.h"

#include "hone/inputs.h"
#include "market/timed_rows.h"

namespace hone {
namespace {

bool IsChallenger(const std::string& name) { return name == "challenger" || name.starts_with("challenger_"); }

}  // namespace

Result<LossesFile> ReadLossesFile(const std::string& path) {
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadTable(path));
  HONE_ASSIGN_OR_RETURN(TimedRows rows, TimedRows::Open(text, path));
  LossesFile file;
  HONE_ASSIGN_OR_RETURN(const std::size_t champion, rows.Column("champion"));
  std::vector<std::size_t> columns;
  for (const std::string& name : rows.names()) {
    if (!IsChallenger(name)) continue;
    HONE_ASSIGN_OR_RETURN(columns.emplace_back(), rows.Column(name));
    file.challengers.push_back(name);
  }
  if (columns.empty()) return rows.Column("challenger").error();
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) break;
    HONE_ASSIGN_OR_RETURN(file.champion.emplace_back(), rows.Number(champion));
    std::vector<double>& losses = file.losses.emplace_back();
    for (const std::size_t column : columns) {
      HONE_ASSIGN_OR_RETURN(losses.emplace_back(), rows.Number(column));
    }
    file.times.push_back(rows.time());
  }
  if (file.times.empty()) return Error{ErrorCode::kInvalidData, "the file holds no rows", path};
  NoteMissingLineEnd(rows, path);
  return file;
}

}  // namespace hone
