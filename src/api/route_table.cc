#include "api/route_table.h"

#include <utility>

#include "wire/http_problem.h"

namespace hone {
namespace {

// Takes as long for every text of one length.
bool SameSecret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

bool IsForeign(std::string_view origin, std::string_view host) {
  const std::size_t scheme = origin.find("://");
  return scheme == origin.npos || origin.substr(scheme + 3) != host;
}

}  // namespace

Answer::Answer(Responder responder, MetricFamily<Counter>& requests, std::string route)
    : duty_(std::make_shared<Duty>(Duty{std::move(responder), &requests, std::move(route)})) {}

void Answer::Send(HttpResponse response) const {
  duty_->requests->With({duty_->route, std::to_string(response.status)}).Add();
  duty_->responder.Send(std::move(response));
}

void Answer::Send(Result<std::string> json) const {
  Send(json.ok() ? JsonResponse(std::move(json).value()) : ProblemResponse(json.error()));
}

RouteTable::RouteTable(std::string token, MetricFamily<Counter>& requests)
    : token_(std::move(token)), requests_(&requests) {}

void RouteTable::Add(const std::string& method, const std::string& pattern, Handle handle) {
  router_.Add(method, pattern,
              [this, pattern, handle = std::move(handle)](const HttpRequest& request, const PathParameters& path,
                                                          Responder responder) {
                handle(request, path, Answer(std::move(responder), *requests_, pattern));
              });
}

void RouteTable::Get(const std::string& pattern, Handle handle) { Add("GET", pattern, std::move(handle)); }

void RouteTable::Post(const std::string& pattern, Handle handle) {
  Add("POST", pattern,
      [this, handle = std::move(handle)](const HttpRequest& request, const PathParameters& path, const Answer& answer) {
        const Refusal refusal = CheckWriter(request, token_);
        if (refusal.status == 0) return handle(request, path, answer);
        HttpResponse response = ProblemResponse(refusal.status, refusal.detail);
        if (refusal.status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
        answer.Send(std::move(response));
      });
}

void RouteTable::Route(const HttpRequest& request, Responder responder) const {
  if (router_.PatternOf(request).empty()) requests_->With({"none", "4xx"}).Add();
  router_.Handle(request, std::move(responder));
}

void Ask(LiveEngine& engine, const Answer& answer, LiveEngine::Work work) {
  engine.Submit(std::move(work), [answer](Result<std::string> result) { answer.Send(std::move(result)); });
}

Refusal CheckWriter(const HttpRequest& request, std::string_view token) {
  const std::string_view origin = request.Header("Origin");
  if (!origin.empty() && IsForeign(origin, request.Header("Host"))) {
    return {403, "a page of another site may not write here (Origin differs from Host)"};
  }
  if (token.empty()) return {};
  const std::string_view sent = request.Header("Authorization");
  constexpr std::string_view kScheme = "Bearer ";
  if (sent.substr(0, kScheme.size()) == kScheme && SameSecret(sent.substr(kScheme.size()), token)) return {};
  return {401, "needs the header `Authorization: Bearer TOKEN` with the token that the server was started with"};
}

}  // namespace hone
