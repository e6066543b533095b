// Which handler answers which method and path.
//
//   HttpRouter router;
//   router.Add("GET", "/models/{name}", [](const HttpRequest&, const PathParameters& path, Responder responder) {
//     responder.Send(JsonResponse(Describe(path.Get("name"))));
//   });
//   HttpServer::Listen(options, [&](const HttpRequest& r, Responder a) { router.Handle(r, std::move(a)); });
//
// Literal segments win over parameters ("/models/summary" over "/models/{name}"), whatever the method. A HEAD is
// answered by the GET handler. Unknown paths get 404, known ones with another method 405 with Allow, both as
// problem+json. Add everything first; Handle is then thread-safe.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "wire/http_message.h"
#include "wire/http_server.h"

namespace hone {

// What stands in the place of a pattern's {names}: percent-decoded, never empty. Valid while the request is.
class PathParameters {
 public:
  // "" for a name that the pattern does not have.
  std::string_view Get(std::string_view name) const;
  void Set(std::string_view name, std::string_view value) { values_.emplace_back(name, value); }

 private:
  std::vector<std::pair<std::string_view, std::string_view>> values_;
};

using RouteHandler = std::function<void(const HttpRequest&, const PathParameters&, Responder)>;

class HttpRouter {
 public:
  // `pattern`: "/", or '/' and segments, each literal or {name}. A trailing slash in a request is ignored.
  void Add(std::string method, std::string pattern, RouteHandler handler);

  // The answer comes from the route's handler, or is 404 or 405: false then.
  bool Handle(const HttpRequest& request, Responder responder) const;

  // The pattern that answers ("" when there is none).
  std::string_view PatternOf(const HttpRequest& request) const;

 private:
  struct Route {
    std::string method;
    std::string pattern;
    std::vector<std::string> segments;
    RouteHandler handler;
  };
  static bool Matches(const Route& route, const HttpRequest& request, PathParameters& parameters);
  using Place = std::vector<Route>::const_iterator;
  Place Sharpest(const HttpRequest& request, PathParameters& parameters) const;
  Place FindLiteral(const HttpRequest& request) const;
  void IndexLiterals();
  const Route* Find(const HttpRequest& request, PathParameters& parameters) const;
  std::string Allowed(const HttpRequest& request) const;
  HttpResponse Refusal(const HttpRequest& request) const;

  std::vector<Route> routes_;                              // literal segments before parameters
  std::unordered_map<std::string, std::size_t> literals_;  // patterns without parameters: their first route
};

}  // namespace hone
