// The routes with what all of them share: who may call them, how an answer is sent and counted.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/access_guard.h"
#include "base/log.h"
#include "base/result.h"
#include "engine/live_engine.h"
#include "serving/prediction_batch.h"
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
  // Where the request is traced, else null.
  OpenSpan* span() const { return duty_->responder.span(); }

 private:
  struct Duty {
    Responder responder;
    MetricFamily<Counter>* requests;
    std::string route;
    LogTrace trace;
  };
  std::shared_ptr<Duty> duty_;
};

// A route as it was added, for the OpenAPI document.
struct DeclaredRoute {
  std::string method, pattern;
  AccessRole role = AccessRole::kOperate;
};

class RouteTable {
 public:
  using Handle = std::function<void(const HttpRequest&, const PathParameters&, const Answer&)>;

  // `guard` must outlive it. `requests` counts by route and status.
  RouteTable(const AccessGuard& guard, MetricFamily<Counter>& requests);

  // `role`: what a caller needs; refused with 401 or 403 without it.
  void Get(const std::string& pattern, AccessRole role, Handle handle);
  void Post(const std::string& pattern, AccessRole role, Handle handle);
  void Delete(const std::string& pattern, AccessRole role, Handle handle);
  // A POST that counts its own answers.
  void PostCounted(const std::string& pattern, AccessRole role, RouteHandler handle);
  // A GET that becomes a WebSocket and counts its own answers; refused to pages of other sites. OpenAPI has no words
  // for it: it is not among declared().
  void WebSocketGet(const std::string& pattern, AccessRole role, RouteHandler handle);
  void Route(const HttpRequest& request, Responder responder) const;

  // Every route but WebSockets, in the order added.
  const std::vector<DeclaredRoute>& declared() const { return declared_; }

 private:
  void Add(const std::string& method, const std::string& pattern, AccessRole role, Handle handle);

  const AccessGuard* guard_;
  MetricFamily<Counter>* requests_;
  HttpRouter router_;
  std::vector<DeclaredRoute> declared_;
};

// A line at level debug for a request that is answered. Nothing of its headers, query and body is told.
void LogAnswer(std::string_view route, int status);

// Tells a span which version of which model answered.
void SetModel(OpenSpan* span, std::string_view model, std::string_view version);
// "several" where more than one answered the rows.
void SetModel(OpenSpan* span, const PredictionBatch& batch);

// 401 (with WWW-Authenticate) or 403.
HttpResponse RefusalResponse(const Refusal& refusal);

// Lets the engine do `work` in its next turn and sends what it says.
void Ask(LiveEngine& engine, const Answer& answer, LiveEngine::Work work);
// The same for a request that may carry an Idempotency-Key of 1 to 255 visible ASCII characters: sent again with the
// same path and body it gets the first answer and nothing is carried out again, with another body 409. Only acts that
// were carried out are remembered (engine/answered_request_store.h), across restarts; a refused one may be tried again.
void AskOnce(LiveEngine& engine, const HttpRequest& request, const Answer& answer, LiveEngine::Work work);

}  // namespace hone
