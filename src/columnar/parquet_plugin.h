// What libhone_parquet.so offers: reading and writing Parquet by Apache Arrow, behind C functions, so that hone needs
// no Arrow to be built or started and opens the library when it meets the first Parquet file (parquet_file.h).
//
// Functions that fail write why, NUL-terminated and cut to fit, into `why` of `capacity` bytes. A reader and a writer
// each serve one thread at a time and start none.
#pragma once

#include <cstddef>
#include <cstdint>

#include "columnar/column_block.h"

namespace hone {

inline constexpr const char* kParquetPluginSymbol = "HoneParquetPlugin";
// Raised with any change in this file or column_block.h.
inline constexpr std::uint32_t kParquetPluginLayout = 1;

// A text cell of more bytes than this is refused.
inline constexpr std::size_t kLongestCell = 256;

// Valid as long as the reader that told it.
struct PluginColumn {
  CellText name;
  ColumnKind kind;
  const char* type;  // as Parquet calls it
};

struct PluginLimits {
  std::int64_t rows, columns, memory;
};

struct ParquetPlugin {
  const char* version;  // of Arrow

  // `bytes` stay with the caller and outlive the reader. Null: not a file that can be read.
  void* (*open)(CellText bytes, const PluginLimits* limits, char* why, std::size_t capacity);
  std::int64_t (*rows)(void* reader);
  std::size_t (*columns)(void* reader);
  PluginColumn (*column)(void* reader, std::size_t index);
  // Begins at the first row, with these columns; once. None may be kOther.
  bool (*choose)(void* reader, const std::size_t* columns, std::size_t count, char* why, std::size_t capacity);
  // The next rows of the chosen columns, valid until the next call: how many, 0 at the end, -1 when it failed.
  std::int64_t (*next)(void* reader, ColumnBlock* blocks, char* why, std::size_t capacity);
  void (*close)(void* reader);

  // Columns are kTime (never missing) or kNumber; `write` gives the file's bytes away and returns false to stop.
  void* (*create)(const PluginColumn* columns, std::size_t count, bool (*write)(void* context, CellText bytes),
                  void* context, char* why, std::size_t capacity);
  bool (*append)(void* writer, const ColumnBlock* blocks, std::size_t rows, char* why, std::size_t capacity);
  // Writes what is left and the footer.
  bool (*finish)(void* writer, char* why, std::size_t capacity);
  void (*discard)(void* writer);
};

// The library's one symbol: its functions; null when it is of another layout than `layout` (kParquetPluginLayout).
using ParquetPluginFunction = const ParquetPlugin* (*)(std::uint32_t layout);

}  // namespace hone
