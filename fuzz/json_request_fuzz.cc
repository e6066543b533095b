// libraries: wire serving
// JSON requests: the hot reader of /predict/single, the strict reader of everything else, and that they agree.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static hone::PredictRequestReader reader;
  const auto request = reader.Read(text);
  const auto value = hone::ParseJson(text);
  if (value.ok()) CheckRoundTrip(*value);
  if (!request.ok()) Check(!request.error().message.empty());
  hone::HttpRequest http;
  if (hone::ParseTarget(text, http).ok()) Check(!http.path.empty() && http.path.front() == '/');
  return 0;
}
