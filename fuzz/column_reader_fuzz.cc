// libraries: features
// Any bytes as lines of a CSV, of which one column is read: values or an error.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "features/column_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto next = [&rest] {
    const std::string_view line = rest.substr(0, rest.find('\n') + 1 == 0 ? rest.size() : rest.find('\n') + 1);
    rest.remove_prefix(line.size());
    return line;
  };
  auto reader = hone::ColumnReader::Open(next(), "fuzz", "a");
  if (!reader.ok()) return 0;
  while (!rest.empty()) {
    if (!reader->Read(next()).ok()) return 0;
  }
  return 0;
}
