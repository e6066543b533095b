// Parquet files: flat columns read in blocks of rows, and tables of times and numbers written.
//
//   HONE_ASSIGN_OR_RETURN(ParquetReader reader, ParquetReader::Open(bytes, "bars.parquet", {}));
//   reader.columns()                                  // choose two of them by name
//   HONE_RETURN_IF_ERROR(reader.Choose({3, 0}));
//   std::array<ColumnBlock, 2> blocks;
//   for (;;) { HONE_ASSIGN_OR_RETURN(rows, reader.Next(blocks)); if (rows == 0) break; ... }
//
// The work is Apache Arrow's, in libhone_parquet.so: beside the program, or what the environment variable
// HONE_PARQUET_LIBRARY names. It is opened at first use; kUnavailable says why it cannot be. A file is outside input:
// its footer, rows, columns, cells and the memory it takes to unpack are bounded, page checksums are verified.
//
// Thread-safe but for one reader or writer, which serves one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "columnar/column_block.h"

namespace hone {

// Footers of more bytes than this are refused: each entry of one takes a hundred times its size in memory.
inline constexpr std::size_t kLargestParquetFooter = std::size_t{8} << 20;

struct ParquetLimits {
  std::int64_t rows = 10'000'000;
  std::int64_t columns = 4096;
  // For unpacked pages and dictionaries, in bytes.
  std::int64_t memory = std::int64_t{512} << 20;
};

struct ParquetColumn {
  std::string name;
  ColumnKind kind;
  std::string type{};  // as Parquet calls it, for messages
};

// Begins as a Parquet file does.
bool IsParquet(std::string_view bytes);

// Kinds: float, double: kNumber; integers of any width: kInteger (one above 2^63 - 1 is an error); timestamp of any
// unit with or without zone (taken as UTC), date, INT96: kTime; strings and binary: kText; anything else, and columns
// below a group or a list: kOther.
class ParquetReader {
 public:
  // `bytes` outlive the reader; `source` is their name in messages. kInvalidData: not Parquet, cut off, encrypted, over
  // a limit.
  static Result<ParquetReader> Open(std::string_view bytes, std::string source, const ParquetLimits& limits);

  const std::vector<ParquetColumn>& columns() const { return columns_; }
  std::int64_t rows() const;

  // The columns to read, by index; once, before Next. kInvalidData where one is kOther.
  Status Choose(const std::vector<std::size_t>& columns);
  // The next rows, a block a chosen column in the order chosen, valid until the next call; 0 at the end. kInvalidData
  // names column and row.
  Result<std::size_t> Next(std::span<ColumnBlock> blocks);

 private:
  ParquetReader(std::shared_ptr<void> reader, std::string source)
      : reader_(std::move(reader)), source_(std::move(source)) {}

  std::shared_ptr<void> reader_;
  std::string source_;
  std::vector<ParquetColumn> columns_;
};

// The same rows give the same bytes. Columns are kTime, written as timestamp in nanoseconds, UTC, never missing, or
// kNumber, written as double, null where it is missing; pages are packed by zstd and carry checksums.
class ParquetWriter {
 public:
  // Takes the next bytes of the file; false stops the writing.
  using Sink = std::function<bool(std::string_view)>;

  static Result<ParquetWriter> Open(const std::vector<ParquetColumn>& columns, Sink sink);
  // A block a column.
  Status Append(std::span<const ColumnBlock> blocks, std::size_t rows);
  // Without it the file is of no use.
  Status Finish();

 private:
  ParquetWriter(std::unique_ptr<Sink> sink, std::shared_ptr<void> writer)
      : sink_(std::move(sink)), writer_(std::move(writer)) {}

  std::unique_ptr<Sink> sink_;
  std::shared_ptr<void> writer_;
};

// "Arrow 26.0.1: /usr/local/bin/libhone_parquet.so", or kUnavailable with the reason.
Result<std::string> ProbeParquet();

}  // namespace hone
