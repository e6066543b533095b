#include "api/registration_request.h"

#include <fmt/format.h>

#include <utility>

#include "api/model_name.h"
#include "registry/version_number.h"
#include "wire/base64.h"
#include "wire/json.h"
#include "wire/json_fields.h"

namespace hone {
namespace {

// The model file: `content` as text, or `content_base64`; exactly one of them.
void ReadContent(JsonFields& fields, std::string& bytes) {
  const JsonValue* text = fields.Take("content");
  const JsonValue* encoded = fields.Take("content_base64");
  if ((text == nullptr) == (encoded == nullptr)) {
    return fields.Fail("content", "one of content (text) and content_base64 (bytes) is required");
  }
  const JsonValue* given = text != nullptr ? text : encoded;
  const char* key = text != nullptr ? "content" : "content_base64";
  if (!given->is_text()) return fields.Fail(key, fmt::format("must be a text, is {}", JsonKindName(given->kind)));
  if (given->text.empty()) return fields.Fail(key, "is empty");
  if (text != nullptr) {
    bytes = text->text;
    return;
  }
  Result<std::string> decoded = Base64Decode(encoded->text);
  if (!decoded.ok()) return fields.Fail(key, decoded.error().message);
  bytes = std::move(decoded).value();
}

}  // namespace

Result<RegistrationRequest> ReadRegistration(std::string_view body) {
  const std::string source(kRegisterPath);
  HONE_ASSIGN_OR_RETURN(const JsonValue json, ParseJson(body, {.source = source, .bytes = kLargestRegistration}));
  JsonFields fields(json, source);
  RegistrationRequest registration;
  registration.version.source = source;
  ReadModelName(fields, "name", registration.version.model);
  std::string number;
  fields.Read("version", number);
  fields.Read("activate", registration.activate);
  ReadContent(fields, registration.version.bytes);
  if (fields.Has("version")) {
    const Result<VersionNumber> parsed = ParseVersionNumber(number);
    if (!parsed.ok()) fields.Fail("version", parsed.error().message);
    if (parsed.ok()) registration.version.number = *parsed;
  }
  HONE_RETURN_IF_ERROR(fields.Finish());
  return registration;
}

}  // namespace hone
