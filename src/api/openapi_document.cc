#include "api/openapi_document.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "api/api_assets.h"

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

Json Shared(const char* response) { return {{"$ref", std::string("#/components/responses/") + response}}; }

// Answers that need no handler, unless the operation tells of its own.
void AddServerAnswers(const std::string& method, Json& responses) {
  const auto add = [&responses](const char* status, const char* response) {
    if (!responses.contains(status)) responses[status] = Shared(response);
  };
  add("400", "BadRequest");
  add("408", "RequestTimeout");
  if (method == "POST") add("413", "ContentTooLarge");
  add("431", "HeadersTooLarge");
  add("500", "InternalError");
  add("503", "Unavailable");
  add("505", "VersionNotSupported");
}

void AddAccess(const DeclaredRoute& route, bool secured, Json& operation) {
  const bool inference = route.pattern.starts_with("/v2");  // its errors are the protocol's own
  const Json forbidden = Shared(inference ? "InferenceForbidden" : "Forbidden");
  if (route.method != "GET") operation["responses"]["403"] = forbidden;
  if (!secured || route.role == AccessRole::kNone) return;
  operation["security"] = Json::array({{{"bearer", Json::array()}}});
  operation["x-role"] = AccessRoleName(route.role);
  operation["responses"]["401"] = Shared(inference ? "InferenceUnauthorized" : "Unauthorized");
  operation["responses"]["403"] = forbidden;
}

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

}  // namespace

const std::string& OpenApiSource() {
  static const std::string source = [] {
    std::string text;
    for (const char* const* part = kOpenApiSource; *part != nullptr; ++part) text += *part;
    return text;
  }();
  return source;
}

std::string OpenApiDocument(const std::vector<DeclaredRoute>& routes, const std::string& version, bool secured) {
  Json document = Json::parse(OpenApiSource());
  document["info"]["version"] = version;
  if (!secured) document["components"].erase("securitySchemes");
  const Json paths = std::exchange(document["paths"], Json::object());
  for (const DeclaredRoute& route : routes) {
    const std::string method = Lower(route.method);
    if (!paths.contains(route.pattern) || !paths[route.pattern].contains(method)) continue;
    Json operation = paths[route.pattern][method];
    AddServerAnswers(route.method, operation["responses"]);
    AddAccess(route, secured, operation);
    document["paths"][route.pattern][method] = std::move(operation);
  }
  return document.dump();
}

}  // namespace hone
