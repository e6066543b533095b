#include "storage/partitions.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

namespace hone {
namespace {

constexpr std::size_t kMaxPartitions = 500;

Time StartOf(int year, int month) {
  CivilTime civil;
  civil.year = year;
  civil.month = month;
  const auto time = FromCivil(civil);
  return time.ok() ? *time : (year < 1970 ? std::numeric_limits<Time>::min() : std::numeric_limits<Time>::max());
}

Partition MonthOf(const std::string& base, int year, int month) {
  return {fmt::format("{}_{:04}_{:02}", base, year, month), StartOf(year, month),
          month == 12 ? StartOf(year + 1, 1) : StartOf(year, month + 1)};
}

Partition YearOf(const std::string& base, int year) {
  return {fmt::format("{}_{:04}", base, year), StartOf(year, 1), StartOf(year + 1, 1)};
}

bool ReadDigits(std::string_view text, int& value) {
  value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  return !text.empty();
}

// "predictions_2008_09" or "predictions_2008"; other tables of the same prefix are not partitions.
std::optional<Partition> ParsePartition(const std::string& base, std::string_view name, PartitionSpan& span) {
  if (name.size() < base.size() + 5 || !name.starts_with(base) || name[base.size()] != '_') return std::nullopt;
  const std::string_view suffix = name.substr(base.size() + 1);
  int year = 0;
  int month = 0;
  if (!ReadDigits(suffix.substr(0, 4), year)) return std::nullopt;
  if (suffix.size() == 4) {
    span = PartitionSpan::kYear;
    return YearOf(base, year);
  }
  if (suffix.size() != 7 || suffix[4] != '_' || !ReadDigits(suffix.substr(5), month)) return std::nullopt;
  if (month < 1 || month > 12) return std::nullopt;
  span = PartitionSpan::kMonth;
  return MonthOf(base, year, month);
}

}  // namespace

Result<Partitions> Partitions::Open(Database& database, PartitionedTable table) {
  Partitions partitions(database, std::move(table));
  HONE_RETURN_IF_ERROR(partitions.Refresh());
  HONE_ASSIGN_OR_RETURN(Statement view,
                        database.Prepare("SELECT 1 FROM sqlite_schema WHERE type = 'view' AND name = ?"));
  view.BindAll(partitions.table_.base);
  HONE_ASSIGN_OR_RETURN(const bool exists, view.Step());
  if (exists) return partitions;
  if (!database.read_only()) HONE_RETURN_IF_ERROR(partitions.RebuildView());
  return partitions;
}

Status Partitions::Refresh() {
  rollbacks_ = database_->rollbacks();
  by_begin_.clear();
  HONE_ASSIGN_OR_RETURN(Statement tables,
                        database_->Prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"));
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, tables.Step());
    if (!row) return OkStatus();
    if (auto partition = ParsePartition(table_.base, tables.Bytes(0), table_.span)) {
      by_begin_.emplace(partition->begin, std::move(*partition));
    }
  }
}

Status Partitions::RefreshIfRolledBack() { return rollbacks_ == database_->rollbacks() ? OkStatus() : Refresh(); }

Status Partitions::RebuildView() {
  std::string select;
  for (const auto& [begin, partition] : by_begin_) {
    if (!select.empty()) select += " UNION ALL ";
    select += "SELECT * FROM " + partition.table;
  }
  if (select.empty()) {
    HONE_RETURN_IF_ERROR(database_->Execute(
        fmt::format("CREATE TABLE IF NOT EXISTS {0}_empty ({1}) {2}", table_.base, table_.columns, table_.options)));
    select = fmt::format("SELECT * FROM {}_empty", table_.base);
  }
  return database_->Execute(fmt::format("DROP VIEW IF EXISTS {0}; CREATE VIEW {0} AS {1}", table_.base, select));
}

std::string_view Partitions::Find(Time time) const {
  auto next = by_begin_.upper_bound(time);
  if (next == by_begin_.begin()) return {};
  const Partition& partition = std::prev(next)->second;
  return time < partition.end ? std::string_view(partition.table) : std::string_view();
}

Result<std::string_view> Partitions::Locate(Time time) {
  HONE_ASSIGN_OR_RETURN(const std::int64_t version, database_->QueryInt("PRAGMA schema_version"));
  if (version != schema_version_ || rollbacks_ != database_->rollbacks()) {
    HONE_RETURN_IF_ERROR(Refresh());
    schema_version_ = version;
  }
  return Find(time);
}

Result<std::string_view> Partitions::TableFor(Time time) {
  HONE_RETURN_IF_ERROR(RefreshIfRolledBack());
  if (const auto found = Find(time); !found.empty()) return found;
  if (by_begin_.size() >= kMaxPartitions) {
    return Error{ErrorCode::kResourceExhausted,
                 fmt::format("{} has {} partitions, the most a store can hold; drop old ones, or divide by year",
                             table_.base, kMaxPartitions),
                 database_->path(), 0, ""};
  }
  const CivilTime civil = ToCivil(time);
  Partition partition = table_.span == PartitionSpan::kMonth ? MonthOf(table_.base, civil.year, civil.month)
                                                             : YearOf(table_.base, civil.year);
  const Time begin = partition.begin;
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  HONE_RETURN_IF_ERROR(database_->Execute(
      fmt::format("CREATE TABLE IF NOT EXISTS {} ({}) {}", partition.table, table_.columns, table_.options)));
  const auto added = by_begin_.emplace(begin, std::move(partition)).first;
  auto status = RebuildView();
  if (status.ok()) status = transaction.Commit();
  if (!status.ok()) {
    by_begin_.erase(begin);
    return status.error();
  }
  return std::string_view(added->second.table);
}

std::vector<Partition> Partitions::list() const {
  std::vector<Partition> partitions;
  for (const auto& [begin, partition] : by_begin_) partitions.push_back(partition);
  return partitions;
}

Result<int> Partitions::DropBefore(Time cutoff) {
  HONE_RETURN_IF_ERROR(RefreshIfRolledBack());
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  auto kept = by_begin_;
  std::vector<std::string> dropped;
  for (auto it = by_begin_.begin(); it != by_begin_.end() && it->second.end <= cutoff; it = by_begin_.erase(it)) {
    dropped.push_back(it->second.table);
  }
  Status status = dropped.empty() ? OkStatus() : RebuildView();
  for (const auto& table : dropped) {
    if (status.ok()) status = database_->Execute("DROP TABLE " + table);
  }
  if (status.ok()) status = transaction.Commit();
  if (!status.ok()) {
    by_begin_ = std::move(kept);
    return status.error();
  }
  return static_cast<int>(dropped.size());
}

}  // namespace hone
