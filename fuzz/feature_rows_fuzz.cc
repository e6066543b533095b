// libraries: features
// Any bytes as a CSV of rows, by name and by position: rows or an error.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "features/feature_rows.h"

namespace {

void ReadAll(std::string_view text, const std::vector<std::string>& names, std::size_t width) {
  auto rows = hone::FeatureRows::Open(text, "fuzz", names, width);
  if (!rows.ok()) return;
  std::vector<double> row(width);
  for (auto more = rows->Next(row); more.ok() && *more;) more = rows->Next(row);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ReadAll(text, {"b", "a"}, 2);
  ReadAll(text, {}, 3);
  ReadAll(text, {}, 1);
  return 0;
}
