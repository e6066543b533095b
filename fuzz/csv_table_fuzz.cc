// libraries: market
// Any bytes as a CSV of columns of any kind: a table whose columns fit it, or an error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "market/csv_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::string> categorical = {"b"};
  const auto table =
      hone::ReadCsvTable(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz", categorical);
  if (!table.ok()) return 0;
  for (const hone::CsvColumn& column : table->columns) {
    const bool held = column.kind == hone::CsvColumnKind::kNumbers || column.kind == hone::CsvColumnKind::kCategories;
    if (held && column.values.size() != static_cast<std::size_t>(table->rows)) std::abort();
    for (const double value : column.values)
      if (column.kind == hone::CsvColumnKind::kCategories && value >= static_cast<double>(column.categories.size()))
        std::abort();
  }
  return 0;
}
