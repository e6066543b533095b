// Writing by Arrow's low-level interface: row groups buffered by columns, bytes handed to the caller.
#include <arrow/io/interfaces.h>
#include <arrow/memory_pool.h>
#include <parquet/api/writer.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "columnar/parquet/parquet_functions.h"

namespace hone {
namespace {

// A row group waits in memory until it is whole.
constexpr std::size_t kGroupBytes = std::size_t{64} << 20;
constexpr std::size_t kMostGroupRows = std::size_t{1} << 20;

using WriteFunction = bool (*)(void* context, CellText bytes);

class CallerStream final : public arrow::io::OutputStream {
 public:
  CallerStream(WriteFunction write, void* context) : write_(write), context_(context) {}

  // Takes what comes from now on and drops it.
  void Stop() { stopped_ = true; }

  arrow::Status Write(const void* data, std::int64_t size) override {
    if (!stopped_ && !write_(context_, {static_cast<const char*>(data), static_cast<std::size_t>(size)})) {
      return arrow::Status::IOError("its bytes are not taken");
    }
    written_ += size;
    return arrow::Status::OK();
  }
  arrow::Result<std::int64_t> Tell() const override { return written_; }
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }

 private:
  WriteFunction write_;
  void* context_;
  std::int64_t written_ = 0;
  bool stopped_ = false, closed_ = false;
};

parquet::schema::NodePtr NodeOf(const PluginColumn& column) {
  const std::string name(column.name.data, column.name.size);
  if (column.kind == ColumnKind::kTime) {
    const auto time = parquet::LogicalType::Timestamp(true, parquet::LogicalType::TimeUnit::NANOS);
    return parquet::schema::PrimitiveNode::Make(name, parquet::Repetition::REQUIRED, time, parquet::Type::INT64);
  }
  if (column.kind != ColumnKind::kNumber) throw parquet::ParquetException(name + ": neither a time nor a number");
  return parquet::schema::PrimitiveNode::Make(name, parquet::Repetition::OPTIONAL, parquet::Type::DOUBLE);
}

class Writer {
 public:
  Writer(const PluginColumn* columns, std::size_t count, WriteFunction write, void* context)
      : group_rows_(std::clamp<std::size_t>(kGroupBytes / (8 * std::max<std::size_t>(count, 1)), 1, kMostGroupRows)),
        stream_(std::make_shared<CallerStream>(write, context)) {
    parquet::schema::NodeVector nodes;
    for (std::size_t i = 0; i < count; ++i) {
      nodes.push_back(NodeOf(columns[i]));
      kinds_.push_back(columns[i].kind);
    }
    const auto root = parquet::schema::GroupNode::Make("schema", parquet::Repetition::REQUIRED, nodes);
    // A dictionary gains nothing where hardly a number comes twice.
    const auto properties = parquet::WriterProperties::Builder()
                                .memory_pool(arrow::system_memory_pool())
                                ->compression(parquet::Compression::ZSTD)
                                ->disable_dictionary()
                                ->enable_page_checksum()
                                ->build();
    file_ = parquet::ParquetFileWriter::Open(stream_, std::static_pointer_cast<parquet::schema::GroupNode>(root),
                                             properties);
  }

  // The end of an unfinished file would write a footer as if it were whole.
  ~Writer() { stream_->Stop(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void Append(const ColumnBlock* blocks, std::size_t rows) {
    for (std::size_t done = 0; done < rows;) {
      if (group_ == nullptr) group_ = file_->AppendBufferedRowGroup();
      const std::size_t count = std::min(rows - done, group_rows_ - in_group_);
      for (std::size_t i = 0; i < kinds_.size(); ++i) WriteColumn(static_cast<int>(i), blocks[i], done, count);
      done += count;
      in_group_ += count;
      if (in_group_ == group_rows_) CloseGroup();
    }
  }
  void Finish() {
    if (group_ != nullptr) CloseGroup();
    file_->Close();
  }

 private:
  void CloseGroup() {
    group_->Close();
    group_ = nullptr;
    in_group_ = 0;
  }
  void WriteColumn(int index, const ColumnBlock& block, std::size_t begin, std::size_t count) {
    parquet::ColumnWriter* const column = group_->column(index);
    if (kinds_[static_cast<std::size_t>(index)] == ColumnKind::kTime) {
      static_cast<parquet::Int64Writer*>(column)->WriteBatch(static_cast<std::int64_t>(count), nullptr, nullptr,
                                                             block.integers + begin);
      return;
    }
    levels_.resize(count);
    values_.clear();
    for (std::size_t i = 0; i < count; ++i) {
      const bool present = block.present == nullptr || block.present[begin + i] != 0;
      levels_[i] = present ? 1 : 0;
      if (present) values_.push_back(block.numbers[begin + i]);
    }
    static_cast<parquet::DoubleWriter*>(column)->WriteBatch(static_cast<std::int64_t>(count), levels_.data(), nullptr,
                                                            values_.data());
  }

  std::size_t group_rows_, in_group_ = 0;
  std::vector<ColumnKind> kinds_;
  std::shared_ptr<CallerStream> stream_;
  std::unique_ptr<parquet::ParquetFileWriter> file_;
  parquet::RowGroupWriter* group_ = nullptr;
  std::vector<std::int16_t> levels_;
  std::vector<double> values_;
};

bool Done(char* why, std::size_t capacity, auto&& act) {
  return Caught(false, why, capacity, [&] {
    act();
    return true;
  });
}

}  // namespace

void AddWriting(ParquetPlugin& plugin) {
  plugin.create = [](const PluginColumn* columns, std::size_t count, WriteFunction write, void* context, char* why,
                     std::size_t capacity) {
    return Caught<void*>(nullptr, why, capacity, [&]() -> void* { return new Writer(columns, count, write, context); });
  };
  plugin.append = [](void* writer, const ColumnBlock* blocks, std::size_t rows, char* why, std::size_t capacity) {
    return Done(why, capacity, [&] { static_cast<Writer*>(writer)->Append(blocks, rows); });
  };
  plugin.finish = [](void* writer, char* why, std::size_t capacity) {
    return Done(why, capacity, [&] { static_cast<Writer*>(writer)->Finish(); });
  };
  plugin.discard = [](void* writer) { delete static_cast<Writer*>(writer); };
}

}  // namespace hone
