#include "api/route_table.h"

#include <utility>

#include "wire/http_problem.h"

namespace hone {
Answer::Answer(Responder responder, MetricFamily<Counter>& requests, std::string route)
    : duty_(std::make_shared<Duty>(Duty{std::move(responder), &requests, std::move(route)})) {}

void Answer::Send(HttpResponse response) const {
  duty_->requests->With({duty_->route, std::to_string(response.status)}).Add();
  duty_->responder.Send(std::move(response));
}

void Answer::Send(Result<std::string> json) const {
  Send(json.ok() ? JsonResponse(std::move(json).value()) : ProblemResponse(json.error()));
}

RouteTable::RouteTable(const AccessGuard& guard, MetricFamily<Counter>& requests)
    : guard_(&guard), requests_(&requests) {}

void RouteTable::Add(const std::string& method, const std::string& pattern, AccessRole role, Handle handle) {
  declared_.push_back({method, pattern, role});
  router_.Add(method, pattern,
              [this, pattern, role, handle = std::move(handle)](const HttpRequest& request, const PathParameters& path,
                                                                Responder responder) {
                const Answer answer(std::move(responder), *requests_, pattern);
                const Refusal refusal = guard_->Check(request, role);
                if (refusal.status != 0) return answer.Send(RefusalResponse(refusal));
                handle(request, path, answer);
              });
}

void RouteTable::Get(const std::string& pattern, AccessRole role, Handle handle) {
  Add("GET", pattern, role, std::move(handle));
}

void RouteTable::Post(const std::string& pattern, AccessRole role, Handle handle) {
  Add("POST", pattern, role, std::move(handle));
}

void RouteTable::PostCounted(const std::string& pattern, AccessRole role, RouteHandler handle) {
  declared_.push_back({"POST", pattern, role});
  router_.Add("POST", pattern,
              [this, pattern, role, handle = std::move(handle)](const HttpRequest& request, const PathParameters& path,
                                                                Responder responder) {
                const Refusal refusal = guard_->Check(request, role);
                if (refusal.status == 0) return handle(request, path, std::move(responder));
                Answer(std::move(responder), *requests_, pattern).Send(RefusalResponse(refusal));
              });
}

void RouteTable::Route(const HttpRequest& request, Responder responder) const {
  if (!router_.Handle(request, std::move(responder))) requests_->With({"none", "4xx"}).Add();
}

void Ask(LiveEngine& engine, const Answer& answer, LiveEngine::Work work) {
  engine.Submit(std::move(work), [answer](Result<std::string> result) { answer.Send(std::move(result)); });
}

HttpResponse RefusalResponse(const Refusal& refusal) {
  HttpResponse response = ProblemResponse(refusal.status, refusal.detail);
  if (refusal.status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
  return response;
}

}  // namespace hone
