// libraries: wire serving
// JSON requests: the hot reader of /predict/single, what it reads of plain bodies and of others, and the strict reader
// of everything else.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "serving/predict_request.h"
#include "wire/http_target.h"
#include "wire/json.h"
#include "wire/json_value_writer.h"
#include "wire/utf8.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

// What was read is written, read and written again: the same bytes.
void CheckRoundTrip(const hone::JsonValue& value) {
  hone::JsonWriter first, second;
  hone::WriteJson(value, first);
  Check(hone::IsUtf8(first.text()));
  const auto again = hone::ParseJson(first.text());
  Check(again.ok());
  hone::WriteJson(*again, second);
  Check(first.text() == second.text());
}

// The features by either of the readers of /predict/single: a name with an escape is not for the plain one. Empty where
// they are refused.
std::vector<std::uint64_t> FeaturesBy(hone::PredictRequestReader& reader, std::string_view name,
                                      std::string_view features) {
  std::vector<std::uint64_t> bits;
  const auto read = reader.Read("{\"" + std::string(name) + "\":" + std::string(features) + "}");
  if (!read.ok()) return bits;
  bits.push_back((*read)->by_name ? 1 : 0);
  for (const double value : (*read)->values) bits.push_back(std::bit_cast<std::uint64_t>(value));
  for (const hone::NamedFeature& feature : (*read)->named) {
    bits.push_back(std::hash<std::string_view>()(feature.name));
    bits.push_back(std::bit_cast<std::uint64_t>(feature.value));
  }
  return bits;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static hone::PredictRequestReader reader;
  const auto request = reader.Read(text);
  const auto value = hone::ParseJson(text);
  if (value.ok()) CheckRoundTrip(*value);
  if (!request.ok()) Check(!request.error().message.empty());
  Check(FeaturesBy(reader, "features", text) == FeaturesBy(reader, "f\\u0065atures", text));
  hone::HttpRequest http;
  if (hone::ParseTarget(text, http).ok()) Check(!http.path.empty() && http.path.front() == '/');
  return 0;
}
