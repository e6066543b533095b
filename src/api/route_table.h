// The routes with what all of them share: who may write, how an answer is sent and counted.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/live_engine.h"
#include "wire/http_router.h"
#include "wire/http_server.h"
#include "wire/prometheus.h"

namespace hone {

// The duty to answer a request, once. Copies share it; any thread.
class Answer {
 public:
  Answer(Responder responder, MetricFamily<Counter>& requests, std::string route);

  void Send(HttpResponse response) const;
  // JSON with status 200, or the error as problem+json.
  void Send(Result<std::string> json) const;

 private:
  struct Duty {
    Responder responder;
    MetricFamily<Counter>* requests;
    std::string route;
  };
  std::shared_ptr<Duty> duty_;
};

class RouteTable {
 public:
  using Handle = std::function<void(const HttpRequest&, const PathParameters&, const Answer&)>;

  // `token`: what writing needs as a bearer, "" for none. `requests` counts by route and status.
  RouteTable(std::string token, MetricFamily<Counter>& requests);

  void Get(const std::string& pattern, Handle handle);
  // A route that changes something: refused with 401 or 403 where the caller may not.
  void Post(const std::string& pattern, Handle handle);
  void Route(const HttpRequest& request, Responder responder) const;

 private:
  void Add(const std::string& method, const std::string& pattern, Handle handle);

  std::string token_;
  MetricFamily<Counter>* requests_;
  HttpRouter router_;
};

// Lets the engine do `work` in its next turn and sends what it says.
void Ask(LiveEngine& engine, const Answer& answer, LiveEngine::Work work);

// Why a writing request may not be carried out; status 0 when it may. Without a token only the Origin is looked at: a
// browser names the site a request is made for, and it must be this server's own.
struct Refusal {
  int status = 0;
  std::string detail;
};
Refusal CheckWriter(const HttpRequest& request, std::string_view token);

}  // namespace hone
