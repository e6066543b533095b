#include "market/parquet_bars.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "columnar/parquet_file.h"
#include "market/csv_cell.h"
#include "market/csv_line.h"
#include "market/timestamp.h"

namespace hone {
namespace {

// One row of the block that was read last.
class BlockCells final : public BarCells {
 public:
  BlockCells(const ParquetReader& reader, const std::vector<std::size_t>& chosen)
      : columns_(reader.columns()), slots_(columns_.size()), blocks_(chosen.size()) {
    for (std::size_t i = 0; i < chosen.size(); ++i) slots_[chosen[i]] = i;
  }
  std::vector<ColumnBlock>& blocks() { return blocks_; }
  void Stand(std::size_t row) { row_ = row; }

  bool IsMissing(int column) const override {
    return !HasValue(column) || (Kind(column) == ColumnKind::kText && IsMissingText(Text(column)));
  }
  std::optional<double> Number(int column) const override;
  std::optional<Time> TimeOf(int column) const override;
  std::optional<Duration> TimeOfDay(int column) const override;
  std::string Show(int column) const override;

 private:
  const ColumnBlock& Block(int column) const { return blocks_[slots_[static_cast<std::size_t>(column)]]; }
  ColumnKind Kind(int column) const { return columns_[static_cast<std::size_t>(column)].kind; }
  bool HasValue(int column) const { return Block(column).present[row_] != 0; }
  std::int64_t Integer(int column) const { return Block(column).integers[row_]; }
  std::string_view Text(int column) const {
    const CellText cell = Block(column).texts[row_];
    return Trimmed({cell.data, cell.size});
  }

  const std::vector<ParquetColumn>& columns_;
  std::vector<std::size_t> slots_;
  std::vector<ColumnBlock> blocks_;
  std::size_t row_ = 0;
};

std::optional<double> BlockCells::Number(int column) const {
  if (!HasValue(column)) return std::nullopt;
  switch (Kind(column)) {
    case ColumnKind::kNumber: return Block(column).numbers[row_];
    case ColumnKind::kInteger: return static_cast<double>(Integer(column));
    default: return ParseNumber(Text(column));
  }
}

std::optional<Time> BlockCells::TimeOf(int column) const {
  if (!HasValue(column)) return std::nullopt;
  switch (Kind(column)) {
    case ColumnKind::kTime: {
      const Time time = Integer(column);
      return IsBarTime(time) ? std::optional(time) : std::nullopt;
    }
    case ColumnKind::kInteger: return ParseBarTime(fmt::format_int(Integer(column)).c_str());
    default: return ParseBarTime(Text(column));
  }
}

std::optional<Duration> BlockCells::TimeOfDay(int column) const {
  return HasValue(column) ? ParseTimeOfDay(Text(column)) : std::nullopt;
}

std::string BlockCells::Show(int column) const {
  if (!HasValue(column)) return "null";
  switch (Kind(column)) {
    case ColumnKind::kNumber: return fmt::format("{}", Block(column).numbers[row_]);
    case ColumnKind::kTime: return FormatTime(Integer(column));
    case ColumnKind::kInteger: return fmt::format("{}", Integer(column));
    default: return Shown(Text(column));
  }
}

Result<BarLayout> LayoutOf(const ParquetReader& reader, const std::string& source, const LoadOptions& options) {
  const std::vector<ParquetColumn>& columns = reader.columns();
  if (columns.size() < 2) {
    return Error{ErrorCode::kInvalidData, fmt::format("not a file of bars: {} columns", columns.size()), source};
  }
  std::vector<std::string> names;
  std::vector<bool> clocks;
  for (const ParquetColumn& column : columns) {
    names.push_back(column.name);
    clocks.push_back(column.kind == ColumnKind::kText);
  }
  return LayoutOfColumns(names, clocks, source, options);
}

// The columns that bars are made of, each once. Only a time may be of kind kTime, and a time is no fraction.
Result<std::vector<std::size_t>> ColumnsOf(const BarLayout& layout, const ParquetReader& reader,
                                           const std::string& source) {
  std::vector<std::size_t> chosen;
  const auto choose = [&](int column, ColumnKind refused, const char* expected) -> Status {
    if (column == kNoColumn) return OkStatus();
    const auto index = static_cast<std::size_t>(column);
    const ParquetColumn& found = reader.columns()[index];
    if (found.kind == refused) {
      return Error{ErrorCode::kInvalidData, fmt::format("{}: expected {}", found.type, expected), source, 0,
                   layout.names[index]};
    }
    if (std::find(chosen.begin(), chosen.end(), index) == chosen.end()) chosen.push_back(index);
    return OkStatus();
  };
  HONE_RETURN_IF_ERROR(choose(layout.time, ColumnKind::kNumber, "a timestamp, a date, an epoch integer or text"));
  HONE_RETURN_IF_ERROR(choose(layout.time_of_day, ColumnKind::kNumber, "a time of day as text"));
  for (const auto& prices : {layout.prices, layout.ask_prices}) {
    for (const int column : prices) HONE_RETURN_IF_ERROR(choose(column, ColumnKind::kTime, "prices"));
  }
  HONE_RETURN_IF_ERROR(choose(layout.adjusted_close, ColumnKind::kTime, "prices"));
  HONE_RETURN_IF_ERROR(choose(layout.volume, ColumnKind::kTime, "a number"));
  return chosen;
}

}  // namespace

Result<RawBars> ParseParquetBars(std::string_view bytes, const std::string& source, const LoadOptions& options) {
  ParquetLimits limits;
  limits.rows = static_cast<std::int64_t>(kMostBars);
  limits.memory = static_cast<std::int64_t>(options.max_bytes);
  HONE_ASSIGN_OR_RETURN(ParquetReader reader, ParquetReader::Open(bytes, source, limits));
  HONE_ASSIGN_OR_RETURN(BarLayout layout, LayoutOf(reader, source, options));
  HONE_ASSIGN_OR_RETURN(const std::vector<std::size_t> chosen, ColumnsOf(layout, reader, source));
  HONE_RETURN_IF_ERROR(reader.Choose(chosen));
  BlockCells cells(reader, chosen);
  BarRows rows(std::move(layout), source, "row", false, options);
  for (int number = 0;;) {
    HONE_ASSIGN_OR_RETURN(const std::size_t count, reader.Next(cells.blocks()));
    if (count == 0) return rows.Finish();
    for (std::size_t row = 0; row < count; ++row) {
      cells.Stand(row);
      HONE_RETURN_IF_ERROR(rows.Add(cells, ++number));
    }
  }
}

}  // namespace hone
