#include "storage/float_blob.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>

namespace hone {
static_assert(std::endian::native == std::endian::little, "a file must mean the same on every machine");

Blob DoublesAsBlob(std::span<const double> values) {
  return {{reinterpret_cast<const char*>(values.data()), values.size_bytes()}};
}

std::string EncodeDoubles(std::span<const double> values) { return std::string(DoublesAsBlob(values).bytes); }

Result<std::vector<double>> DecodeDoubles(std::string_view bytes) {
  if (bytes.size() % 8 != 0) {
    return Error{ErrorCode::kCorrupt,
                 fmt::format("a vector of float64 must be a multiple of 8 bytes, is {}", bytes.size()), "", 0, ""};
  }
  std::vector<double> values(bytes.size() / 8);
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

}  // namespace hone
