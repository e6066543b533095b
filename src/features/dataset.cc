#include "features/dataset.h"

#include "base/sha256.h"

namespace hone {
namespace {

template <typename T>
std::vector<T> Part(const std::vector<T>& values, std::size_t begin, std::size_t end) {
  return {values.begin() + static_cast<std::ptrdiff_t>(begin), values.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace

Dataset Slice(const Dataset& data, std::size_t begin, std::size_t end) {
  return {data.names, Part(data.time, begin, end), Part(data.label_time, begin, end),
          Part(data.x, begin * data.width(), end * data.width()), Part(data.y, begin, end)};
}

std::string Fingerprint(const Dataset& data, std::size_t begin, std::size_t end) {
  Sha256 hash;
  hash.UpdateWord(data.width());
  for (const std::string& name : data.names) hash.UpdateText(name);
  for (std::size_t i = begin; i < end; ++i) {
    hash.UpdateWord(static_cast<std::uint64_t>(data.time[i]));
    hash.UpdateWord(static_cast<std::uint64_t>(data.label_time[i]));
    for (const double value : data.row(i)) hash.UpdateDouble(value);
    hash.UpdateDouble(data.y[i]);
  }
  return hash.Hex();
}

}  // namespace hone
