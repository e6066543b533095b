#include "wire/http_router.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/edit_distance.h"
#include "wire/http_problem.h"
#include "wire/http_target.h"

namespace hone {
namespace {

bool IsParameter(std::string_view segment) { return segment.size() > 2 && segment.front() == '{'; }

// Segments of the request without the empty one that a trailing slash leaves.
std::size_t Depth(const HttpRequest& request) {
  const auto& segments = request.segments;
  return segments.size() - (!segments.empty() && segments.back().empty() ? 1 : 0);
}

// Literals sort before parameters, position by position.
bool Sharper(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const std::string& x, const std::string& y) { return !IsParameter(x) && IsParameter(y); });
}

}  // namespace

std::string_view PathParameters::Get(std::string_view name) const {
  for (const auto& [key, value] : values_) {
    if (key == name) return value;
  }
  return {};
}

void HttpRouter::Add(std::string method, std::string pattern, RouteHandler handler) {
  HttpRequest parsed;
  if (!ParseTarget(pattern, parsed).ok()) std::abort();
  parsed.segments.resize(Depth(parsed));
  Route route{std::move(method), std::move(pattern), std::move(parsed.segments), std::move(handler)};
  const auto place = std::upper_bound(routes_.begin(), routes_.end(), route,
                                      [](const Route& a, const Route& b) { return Sharper(a.segments, b.segments); });
  routes_.insert(place, std::move(route));
  IndexLiterals();
}

void HttpRouter::IndexLiterals() {
  literals_.clear();
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    if (std::ranges::none_of(routes_[i].segments, IsParameter)) literals_.try_emplace(routes_[i].pattern, i);
  }
}

// No pattern is sharper than one without parameters. A path of as many segments as the pattern that reads like it has
// no slash within a segment.
HttpRouter::Place HttpRouter::FindLiteral(const HttpRequest& request) const {
  const auto found = literals_.find(request.path);
  if (found == literals_.end()) return routes_.end();
  const Place route = routes_.begin() + static_cast<std::ptrdiff_t>(found->second);
  return route->segments.size() == Depth(request) ? route : routes_.end();
}

bool HttpRouter::Matches(const Route& route, const HttpRequest& request, PathParameters& parameters) {
  if (route.segments.size() != Depth(request)) return false;
  for (std::size_t i = 0; i < route.segments.size(); ++i) {
    const std::string_view pattern = route.segments[i];
    const std::string_view segment = request.segments[i];
    if (!IsParameter(pattern) ? segment != pattern : segment.empty()) return false;
  }
  for (std::size_t i = 0; i < route.segments.size(); ++i) {
    const std::string_view pattern = route.segments[i];
    if (IsParameter(pattern)) parameters.Set(pattern.substr(1, pattern.size() - 2), request.segments[i]);
  }
  return true;
}

// The first pattern that fits the path decides, so that "/models/register" is never taken for "/models/{name}".
HttpRouter::Place HttpRouter::Sharpest(const HttpRequest& request, PathParameters& parameters) const {
  if (const Place literal = FindLiteral(request); literal != routes_.end()) return literal;
  return std::ranges::find_if(routes_, [&](const Route& route) { return Matches(route, request, parameters); });
}

const HttpRouter::Route* HttpRouter::Find(const HttpRequest& request, PathParameters& parameters) const {
  const std::string_view method = request.method == "HEAD" ? std::string_view("GET") : request.method;
  const Place sharpest = Sharpest(request, parameters);
  if (sharpest == routes_.end()) return nullptr;
  for (auto route = sharpest; route != routes_.end(); ++route) {
    if (route->method == method && route->pattern == sharpest->pattern) return &*route;
  }
  return nullptr;
}

std::string HttpRouter::Allowed(const HttpRequest& request) const {
  PathParameters ignored;
  const Place sharpest = Sharpest(request, ignored);
  if (sharpest == routes_.end()) return {};
  const std::string_view pattern = sharpest->pattern;
  std::vector<std::string> methods;
  for (const Route& route : routes_) {
    if (route.pattern != pattern) continue;
    methods.push_back(route.method);
    if (route.method == "GET") methods.emplace_back("HEAD");
  }
  std::sort(methods.begin(), methods.end());
  return fmt::format("{}", fmt::join(methods, ", "));
}

HttpResponse HttpRouter::Refusal(const HttpRequest& request) const {
  const std::string path = request.path.substr(0, 200);
  std::string allowed = Allowed(request);
  if (!allowed.empty()) {
    HttpResponse response = ProblemResponse(405, fmt::format("{} answers {}", path, allowed));
    response.headers.push_back({"Allow", std::move(allowed)});
    return response;
  }
  std::vector<std::string> patterns;
  for (const Route& route : routes_) patterns.push_back(route.pattern);
  return ProblemResponse(
      Error{ErrorCode::kNotFound, fmt::format("there is no {}{}", path, DidYouMean(path, patterns)), "", 0, ""});
}

bool HttpRouter::Handle(const HttpRequest& request, Responder responder) const {
  PathParameters parameters;
  if (const Route* route = Find(request, parameters)) {
    route->handler(request, parameters, std::move(responder));
    return true;
  }
  responder.Send(Refusal(request));
  return false;
}

std::string_view HttpRouter::PatternOf(const HttpRequest& request) const {
  PathParameters ignored;
  const Route* route = Find(request, ignored);
  return route == nullptr ? std::string_view() : route->pattern;
}

}  // namespace hone
