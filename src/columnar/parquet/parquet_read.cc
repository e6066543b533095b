// Reading by Arrow's low-level interface: values of flat columns, decoded page by page on the caller's thread.
#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <arrow/memory_pool.h>
#include <parquet/api/reader.h>
#include <parquet/types.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "columnar/parquet/parquet_functions.h"

namespace hone {
namespace {

using parquet::ParquetException;

constexpr std::int64_t kBlockRows = 8192;
constexpr std::int32_t kThriftBytes = 1 << 20;
constexpr std::int32_t kThriftEntries = 100'000;
constexpr std::int64_t kNanoPerDay = 86'400'000'000'000;

// From the unit of a stored integer: nanoseconds in one of it, and whether the integer is unsigned of 32 bits.
struct Scale {
  std::int64_t factor = 1;
  bool is_unsigned = false;
};

struct Described {
  std::string name, type;
  ColumnKind kind = ColumnKind::kOther;
  Scale scale;
};

std::int64_t NanoPer(const parquet::LogicalType& logical) {
  switch (static_cast<const parquet::TimestampLogicalType&>(logical).time_unit()) {
    case parquet::LogicalType::TimeUnit::MILLIS: return 1'000'000;
    case parquet::LogicalType::TimeUnit::MICROS: return 1'000;
    default: return 1;
  }
}

void DescribeIntegers(const parquet::LogicalType& logical, Described& column) {
  if (logical.is_none() || logical.is_null()) {
    column.kind = ColumnKind::kInteger;
  } else if (logical.is_int()) {
    column.kind = ColumnKind::kInteger;
    column.scale.is_unsigned = !static_cast<const parquet::IntLogicalType&>(logical).is_signed();
  } else if (logical.is_date()) {
    column.kind = ColumnKind::kTime;
    column.scale.factor = kNanoPerDay;
  } else if (logical.is_timestamp()) {
    column.kind = ColumnKind::kTime;
    column.scale.factor = NanoPer(logical);
  }
}

Described Describe(const parquet::ColumnDescriptor& descriptor) {
  const parquet::LogicalType& logical = *descriptor.logical_type();
  Described column{descriptor.path()->ToDotString(),
                   logical.is_none() ? parquet::TypeToString(descriptor.physical_type()) : logical.ToString()};
  if (descriptor.max_repetition_level() > 0 || descriptor.path()->ToDotVector().size() != 1) {
    column.type = "a nested column";
    return column;
  }
  switch (descriptor.physical_type()) {
    case parquet::Type::INT32:
    case parquet::Type::INT64: DescribeIntegers(logical, column); break;
    case parquet::Type::INT96: column.kind = ColumnKind::kTime; break;
    case parquet::Type::FLOAT:
    case parquet::Type::DOUBLE: column.kind = ColumnKind::kNumber; break;
    case parquet::Type::BYTE_ARRAY:
      if (logical.is_none() || logical.is_string() || logical.is_enum()) column.kind = ColumnKind::kText;
      break;
    default: break;
  }
  return column;
}

// One chosen column: where its reading stands, and the values of the block.
class ChosenColumn {
 public:
  ChosenColumn(int index, const Described& described, const parquet::ColumnDescriptor& descriptor)
      : index_(index), described_(described), present_level_(descriptor.max_definition_level()) {}

  void Enter(parquet::RowGroupReader& group) { reader_ = group.Column(index_); }
  // Replaces the block by the next `rows` of the row group, the first of which is row `first` of the file.
  void Fill(std::int64_t rows, std::int64_t first);
  ColumnBlock block() const { return {present_.data(), numbers_.data(), integers_.data(), texts_.data()}; }

 private:
  [[noreturn]] void Refuse(std::int64_t row, const std::string& message) const {
    throw ParquetException(described_.name + ": row " + std::to_string(row) + ": " + message);
  }
  template <typename Type, typename Keep>
  void FillBy(std::int64_t rows, std::int64_t first, Keep keep);
  std::int64_t Scaled(std::int64_t value, std::int64_t row) const;
  std::int64_t Nanoseconds(const parquet::Int96& value, std::int64_t row) const;
  void KeepText(const parquet::ByteArray& value, std::int64_t row);
  void PlaceTexts();

  int index_;
  const Described& described_;
  std::int16_t present_level_;
  std::shared_ptr<parquet::ColumnReader> reader_;
  std::vector<std::uint8_t> present_;
  std::vector<double> numbers_;
  std::vector<std::int64_t> integers_;
  std::vector<CellText> texts_;
  std::string characters_;  // of the block's texts
  std::vector<std::size_t> ends_;
};

std::int64_t ChosenColumn::Scaled(std::int64_t value, std::int64_t row) const {
  std::int64_t scaled = 0;
  if (!__builtin_mul_overflow(value, described_.scale.factor, &scaled)) return scaled;
  Refuse(row, "the time lies outside the years 1678 to 2261");
}

std::int64_t ChosenColumn::Nanoseconds(const parquet::Int96& value, std::int64_t row) const {
  constexpr std::int64_t kEpochDay = 2'440'588;
  const auto days = static_cast<std::int64_t>(value.value[2]) - kEpochDay;
  const auto nanoseconds = static_cast<std::int64_t>(value.value[1]) << 32 | value.value[0];
  std::int64_t time = 0;
  if (__builtin_mul_overflow(days, kNanoPerDay, &time) || __builtin_add_overflow(time, nanoseconds, &time)) {
    Refuse(row, "the time lies outside the years 1678 to 2261");
  }
  return time;
}

void ChosenColumn::KeepText(const parquet::ByteArray& value, std::int64_t row) {
  if (value.len > kLongestCell) {
    Refuse(row, "a text of " + std::to_string(value.len) + " bytes, more than " + std::to_string(kLongestCell));
  }
  characters_.append(reinterpret_cast<const char*>(value.ptr), value.len);
}

void ChosenColumn::PlaceTexts() {
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    texts_.push_back({characters_.data() + begin, end - begin});
    begin = end;
  }
}

// A page ends a batch early, so a block takes several. `keep` gets null where the row has no value.
template <typename Type, typename Keep>
void ChosenColumn::FillBy(std::int64_t rows, std::int64_t first, Keep keep) {
  if (reader_->type() != Type::type_num) Refuse(first, "the row group holds another type than the schema");
  auto& typed = static_cast<parquet::TypedColumnReader<Type>&>(*reader_);
  std::array<std::int16_t, kBlockRows> levels;
  std::vector<typename Type::c_type> values(kBlockRows);
  for (std::int64_t done = 0; done < rows;) {
    std::int64_t count = 0;
    const std::int64_t read =
        typed.HasNext() ? typed.ReadBatch(rows - done, levels.data(), nullptr, values.data(), &count) : 0;
    if (read <= 0) Refuse(first + done, "the column ends here, other columns go on");
    const typename Type::c_type* next = values.data();
    for (std::int64_t i = 0; i < read; ++i) {
      const bool present = present_level_ == 0 || levels[static_cast<std::size_t>(i)] == present_level_;
      if (present && next == values.data() + count) Refuse(first + done + i, "the page has fewer values than it says");
      present_.push_back(present ? 1 : 0);
      keep(present ? next++ : nullptr, first + done + i);
    }
    done += read;
  }
}

void ChosenColumn::Fill(std::int64_t rows, std::int64_t first) {
  present_.clear();
  numbers_.clear();
  integers_.clear();
  texts_.clear();
  characters_.clear();
  ends_.clear();
  const auto number = [this](const auto* value, std::int64_t) {
    numbers_.push_back(value != nullptr ? static_cast<double>(*value) : 0);
  };
  switch (reader_->type()) {
    case parquet::Type::FLOAT: return FillBy<parquet::FloatType>(rows, first, number);
    case parquet::Type::DOUBLE: return FillBy<parquet::DoubleType>(rows, first, number);
    case parquet::Type::INT32:
      return FillBy<parquet::Int32Type>(rows, first, [this](const std::int32_t* value, std::int64_t row) {
        const std::int64_t wide = value == nullptr               ? 0
                                  : described_.scale.is_unsigned ? static_cast<std::uint32_t>(*value)
                                                                 : std::int64_t{*value};
        integers_.push_back(Scaled(wide, row));
      });
    case parquet::Type::INT64:
      return FillBy<parquet::Int64Type>(rows, first, [this](const std::int64_t* value, std::int64_t row) {
        if (value != nullptr && described_.scale.is_unsigned && *value < 0) Refuse(row, "above 2^63 - 1");
        integers_.push_back(value != nullptr ? Scaled(*value, row) : 0);
      });
    case parquet::Type::INT96:
      return FillBy<parquet::Int96Type>(rows, first, [this](const parquet::Int96* value, std::int64_t row) {
        integers_.push_back(value != nullptr ? Nanoseconds(*value, row) : 0);
      });
    case parquet::Type::BYTE_ARRAY:
      FillBy<parquet::ByteArrayType>(rows, first, [this](const parquet::ByteArray* value, std::int64_t row) {
        if (value != nullptr) KeepText(*value, row);
        ends_.push_back(characters_.size());
      });
      return PlaceTexts();
    default: Refuse(first, "a type that is not read");
  }
}

class Reader {
 public:
  Reader(CellText bytes, const PluginLimits& limits)
      : pool_(arrow::system_memory_pool(), limits.memory), file_(Open(bytes)), metadata_(file_->metadata()) {
    CheckLimits(limits);
    for (int i = 0; i < metadata_->num_columns(); ++i) columns_.push_back(Describe(*metadata_->schema()->Column(i)));
  }

  std::int64_t rows() const { return rows_; }
  const std::vector<Described>& columns() const { return columns_; }
  void Choose(const std::size_t* columns, std::size_t count);
  std::int64_t Next(ColumnBlock* blocks);

 private:
  std::unique_ptr<parquet::ParquetFileReader> Open(CellText bytes);
  void CheckLimits(const PluginLimits& limits);
  // False after the last row group.
  bool EnterNextGroup();

  arrow::CappedMemoryPool pool_;
  std::unique_ptr<parquet::ParquetFileReader> file_;
  std::shared_ptr<parquet::FileMetaData> metadata_;
  std::int64_t rows_ = 0;
  std::vector<Described> columns_;
  std::vector<ChosenColumn> chosen_;
  std::shared_ptr<parquet::RowGroupReader> group_;
  int next_group_ = 0;
  std::int64_t left_in_group_ = 0, rows_read_ = 0;
};

std::unique_ptr<parquet::ParquetFileReader> Reader::Open(CellText bytes) {
  parquet::ReaderProperties properties(&pool_);
  properties.set_thrift_string_size_limit(kThriftBytes);
  properties.set_thrift_container_size_limit(kThriftEntries);
  properties.set_page_checksum_verification(true);
  const auto* const data = reinterpret_cast<const std::uint8_t*>(bytes.data);
  auto buffer = std::make_shared<arrow::Buffer>(data, static_cast<std::int64_t>(bytes.size));
  return parquet::ParquetFileReader::Open(std::make_shared<arrow::io::BufferReader>(std::move(buffer)), properties);
}

void Reader::CheckLimits(const PluginLimits& limits) {
  const auto refuse = [](std::int64_t count, const char* what, std::int64_t most) {
    throw ParquetException(std::to_string(count) + " " + what + ", more than " + std::to_string(most));
  };
  if (metadata_->num_columns() > limits.columns) refuse(metadata_->num_columns(), "columns", limits.columns);
  for (int group = 0; group < metadata_->num_row_groups(); ++group) {
    const std::int64_t rows = metadata_->RowGroup(group)->num_rows();
    if (rows < 0) throw ParquetException("row group " + std::to_string(group) + " has a negative number of rows");
    if (rows > limits.rows - rows_) refuse(rows_ + std::min(rows, limits.rows + 1), "rows or more", limits.rows);
    rows_ += rows;
  }
}

void Reader::Choose(const std::size_t* columns, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const int index = static_cast<int>(columns[i]);
    chosen_.emplace_back(index, columns_.at(columns[i]), *metadata_->schema()->Column(index));
  }
}

bool Reader::EnterNextGroup() {
  while (left_in_group_ == 0) {
    if (next_group_ == metadata_->num_row_groups()) return false;
    left_in_group_ = metadata_->RowGroup(next_group_)->num_rows();
    if (left_in_group_ > 0) {
      group_ = file_->RowGroup(next_group_);
      for (ChosenColumn& column : chosen_) column.Enter(*group_);
    }
    ++next_group_;
  }
  return true;
}

std::int64_t Reader::Next(ColumnBlock* blocks) {
  if (!EnterNextGroup()) return 0;
  const std::int64_t rows = std::min(left_in_group_, kBlockRows);
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    chosen_[i].Fill(rows, rows_read_ + 1);
    blocks[i] = chosen_[i].block();
  }
  left_in_group_ -= rows;
  rows_read_ += rows;
  return rows;
}

Reader& ReaderOf(void* reader) { return *static_cast<Reader*>(reader); }

}  // namespace

void AddReading(ParquetPlugin& plugin) {
  plugin.open = [](CellText bytes, const PluginLimits* limits, char* why, std::size_t capacity) {
    return Caught<void*>(nullptr, why, capacity, [&]() -> void* { return new Reader(bytes, *limits); });
  };
  plugin.rows = [](void* reader) { return ReaderOf(reader).rows(); };
  plugin.columns = [](void* reader) { return ReaderOf(reader).columns().size(); };
  plugin.column = [](void* reader, std::size_t index) {
    const Described& column = ReaderOf(reader).columns()[index];
    return PluginColumn{{column.name.data(), column.name.size()}, column.kind, column.type.c_str()};
  };
  plugin.choose = [](void* reader, const std::size_t* columns, std::size_t count, char* why, std::size_t capacity) {
    return Caught(false, why, capacity, [&] {
      ReaderOf(reader).Choose(columns, count);
      return true;
    });
  };
  plugin.next = [](void* reader, ColumnBlock* blocks, char* why, std::size_t capacity) {
    return Caught(std::int64_t{-1}, why, capacity, [&] { return ReaderOf(reader).Next(blocks); });
  };
  plugin.close = [](void* reader) { delete static_cast<Reader*>(reader); };
}

}  // namespace hone
