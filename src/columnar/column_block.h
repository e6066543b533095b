// Columns of a table and blocks of their rows, as plain data that crosses the boundary of a library.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hone {

enum class ColumnKind : int {
  kNumber = 0,   // double
  kInteger = 1,  // 64-bit, signed
  kTime = 2,     // nanoseconds since the epoch
  kText = 3,
  kOther = 4,  // of a type that is not read
};

struct CellText {
  const char* data;
  std::size_t size;
};

// Some rows of one column. The array of its kind holds a value a row: `integers` also the times. A row whose `present`
// is 0 has none, and what stands there means nothing; null `present`: every row has one.
struct ColumnBlock {
  const std::uint8_t* present = nullptr;
  const double* numbers = nullptr;
  const std::int64_t* integers = nullptr;
  const CellText* texts = nullptr;
};

}  // namespace hone
