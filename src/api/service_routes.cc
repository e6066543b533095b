#include <fmt/format.h>

#include <memory>

#include "api/api_assets.h"
#include "api/openapi_document.h"
#include "api/routes.h"
#include "base/sha256.h"
#include "wire/base64.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

std::string LandingJson(const std::string& version) {
  JsonWriter json;
  json.BeginMap()
      .Member("name", "hone")
      .Member("version", version)
      .Member("documentation", "/docs")
      .Member("openapi", "/openapi.json")
      .Member("health", "/health")
      .Member("models", "/models/summary")
      .Member("metrics", "/metrics")
      .EndMap();
  return json.Take();
}

std::string DocsPage() {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>hone</title>\n"
      "<link rel=\"icon\" href=\"data:,\">\n<style>{}</style>\n</head>\n<body>\n<main id=\"page\">"
      "<noscript>This page needs JavaScript; the document is <a href=\"/openapi.json\">/openapi.json</a>.</noscript>"
      "</main>\n<script>{}</script>\n</body>\n</html>\n",
      kDocsStyle, kDocsScript);
}

// A source of the Content-Security-Policy: the one inline text that may be used (CSP level 3, 2.3.1).
std::string AllowedText(std::string_view text) {
  const std::string hex = Sha256Hex(text);
  std::string digest;
  for (std::size_t i = 0; i < hex.size(); i += 2) digest += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return "'sha256-" + Base64Encode(digest) + "'";
}

// The page may use its own style and script and talk to this server, nothing else.
std::string DocsPolicy() {
  return fmt::format(
      "default-src 'none'; script-src {}; style-src {}; img-src data:; connect-src 'self'; base-uri 'none'; "
      "form-action 'none'; frame-ancestors 'none'",
      AllowedText(kDocsScript), AllowedText(kDocsStyle));
}

HttpResponse DocsResponse() {
  static const std::string page = DocsPage(), policy = DocsPolicy();
  return {
      200,
      page,
      "text/html; charset=utf-8",
      {{"Content-Security-Policy", policy}, {"X-Content-Type-Options", "nosniff"}, {"Referrer-Policy", "no-referrer"}}};
}

}  // namespace

void AddServiceRoutes(RouteTable& routes, const AccessGuard& guard, const std::vector<DeclaredRoute>& others,
                      const std::string& version) {
  routes.Get("/", AccessRole::kNone,
             [landing = LandingJson(version)](const HttpRequest&, const PathParameters&, const Answer& answer) {
               answer.Send(JsonResponse(landing));
             });
  routes.Get("/docs", AccessRole::kNone,
             [](const HttpRequest&, const PathParameters&, const Answer& answer) { answer.Send(DocsResponse()); });
  struct Documents {
    std::string open, secured;
  };
  const auto documents = std::make_shared<Documents>();
  routes.Get("/openapi.json", AccessRole::kNone,
             [documents, &guard](const HttpRequest& request, const PathParameters&, const Answer& answer) {
               answer.Send(JsonResponse(guard.needs_token(request.io_thread) ? documents->secured : documents->open));
             });
  std::vector<DeclaredRoute> all = routes.declared();
  all.insert(all.end(), others.begin(), others.end());
  *documents = {OpenApiDocument(all, version, false), OpenApiDocument(all, version, true)};
}

}  // namespace hone
