#include <fmt/format.h>

#include <memory>
#include <optional>

#include "api/model_name.h"
#include "api/record_json.h"
#include "api/routes.h"
#include "registry/model_file_version.h"
#include "registry/version_number.h"
#include "wire/base64.h"
#include "wire/json.h"
#include "wire/json_fields.h"

namespace hone {
namespace {

constexpr const char* kPath = "/models/register";
constexpr std::size_t kLargestBody = std::size_t{64} << 20;

struct Registration {
  ModelFileVersion version;
  bool activate = false;
};

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

Result<Registration> ReadRegistration(const std::string& body) {
  HONE_ASSIGN_OR_RETURN(const JsonValue json, ParseJson(body, {.source = kPath, .bytes = kLargestBody}));
  JsonFields fields(json, kPath);
  Registration registration;
  registration.version.source = kPath;
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

// The request has its shape; whatever is wrong with the file in it is a matter of what it holds.
Error OfTheFile(Error error) {
  if (error.code == ErrorCode::kInvalidArgument || error.code == ErrorCode::kCorrupt) {
    error.code = ErrorCode::kInvalidData;
  }
  return error;
}

Result<std::string> Register(LiveEngine& core, Registration& registration) {
  registration.version.created = core.now();
  const Result<VersionRecord> record = core.Register(registration.version, registration.activate);
  if (!record.ok()) return OfTheFile(record.error());
  JsonWriter json;
  WriteVersion(*record, json);
  return json.Take();
}

struct Winner {
  std::string model, version;
};

Result<Winner> ReadWinner(const HttpRequest& request) {
  HONE_ASSIGN_OR_RETURN(const JsonValue json, ParseJson(request.body, {.source = request.path, .bytes = 64U << 10}));
  JsonFields fields(json, request.path);
  Winner winner;
  ReadModelName(fields, "model", winner.model);
  fields.Require("version");
  fields.Read("version", winner.version);
  HONE_RETURN_IF_ERROR(fields.Finish());
  HONE_RETURN_IF_ERROR(ParseVersionNumber(winner.version));
  return winner;
}

std::string PromotedJson(const Winner& winner) {
  JsonWriter json;
  json.BeginMap().Member("model", winner.model).Member("done", "promoted");
  json.Member("active_version", winner.version).EndMap();
  return json.Take();
}

}  // namespace

void AddRegisterRoutes(RouteTable& routes, LiveEngine& engine) {
  routes.Post(
      kPath, AccessRole::kOperate, [&engine](const HttpRequest& request, const PathParameters&, const Answer& answer) {
        Result<Registration> read = ReadRegistration(request.body);
        if (!read.ok()) return answer.Send(read.error());
        const auto registration = std::make_shared<Registration>(std::move(read).value());
        AskOnce(engine, request, answer, [registration](LiveEngine& core) { return Register(core, *registration); });
      });
  routes.Post("/models/promote-winner", AccessRole::kOperate,
              [&engine](const HttpRequest& request, const PathParameters&, const Answer& answer) {
                const Result<Winner> winner = ReadWinner(request);
                if (!winner.ok()) return answer.Send(winner.error());
                AskOnce(engine, request, answer, [winner = *winner](LiveEngine& core) -> Result<std::string> {
                  HONE_RETURN_IF_ERROR(core.Promote(winner.model, winner.version));
                  return PromotedJson(winner);
                });
              });
}

}  // namespace hone
