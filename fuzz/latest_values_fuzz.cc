// libraries: features
// Newest values of features as the store and Redis keep them: what is read is what would be written, the rest is
// refused with a reason. The checksum is set right every other time, so that what stands before it is read too.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/sha256.h"
#include "features/store/latest_text.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

bool Same(const hone::FeatureValue& a, const hone::FeatureValue& b) {
  const bool both_missing = a.value != a.value && b.value != b.value;
  const bool value = both_missing || std::bit_cast<std::uint64_t>(a.value) == std::bit_cast<std::uint64_t>(b.value);
  return value && a.event_time == b.event_time && a.known_at == b.known_at && a.recorded_at == b.recorded_at;
}

void CheckSnapshot(std::string_view bytes) {
  const auto read = hone::DecodeSnapshot(bytes);
  if (!read.ok()) return Check(!read.error().message.empty());
  const auto again = hone::DecodeSnapshot(hone::EncodeSnapshot(*read));
  Check(again.ok() && again->written_at == read->written_at && again->values.size() == read->values.size());
  for (std::size_t i = 0; i < read->values.size(); ++i) {
    Check(again->values[i].feature == read->values[i].feature);
    Check(Same(again->values[i].value, read->values[i].value));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  CheckSnapshot(bytes);
  CheckSnapshot(bytes + hone::Sha256Hex(bytes));
  if (const auto value = hone::ParseLatest(bytes)) {
    const auto again = hone::ParseLatest(hone::FormatLatest(*value));
    Check(again && Same(*again, *value));
  }
  return 0;
}
