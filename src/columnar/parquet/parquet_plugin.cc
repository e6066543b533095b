#include "columnar/parquet_plugin.h"

#include <arrow/config.h>

#include <algorithm>
#include <cstring>

#include "columnar/parquet/parquet_functions.h"

namespace hone {

void Tell(const char* text, char* why, std::size_t capacity) {
  const std::size_t size = std::min(std::strlen(text), capacity - 1);
  std::copy_n(text, size, why);
  why[size] = '\0';
}

}  // namespace hone

extern "C" __attribute__((visibility("default"))) const hone::ParquetPlugin* HoneParquetPlugin(std::uint32_t layout) {
  static const hone::ParquetPlugin plugin = [] {
    hone::ParquetPlugin made{};
    made.version = arrow::GetBuildInfo().version_string.c_str();
    hone::AddReading(made);
    hone::AddWriting(made);
    return made;
  }();
  return layout == hone::kParquetPluginLayout ? &plugin : nullptr;
}
