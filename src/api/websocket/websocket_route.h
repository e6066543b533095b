// GET /ws: clients that follow topics (topic_hub.h) and ask for predictions by commands (websocket_command.h).
//
// To follow, a client's token needs the role read, to predict predict, to publish operate; the token is that of the
// upgrade's Authorization header, and a client whose token is revoked is closed with 1008. A page of another site is
// refused (its Origin is not the Host). Each command gets one answer, {"type":...,"id":...}, in the order sent:
//   subscribed, unsubscribed {"topics":[...]}   pong {"time"}   published   prediction {"data":{...}}
//   error {"status":403,"detail":"..."}, the statuses as over HTTP
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "api/access_guard.h"
#include "api/predict_route.h"
#include "api/websocket/topic_hub.h"
#include "api/websocket/websocket_command.h"
#include "base/time.h"
#include "wire/http_server.h"
#include "wire/prometheus.h"

namespace hone {

class WebSocketRoute {
 public:
  static constexpr std::string_view kPath = "/ws";
  static constexpr int kMostClients = 16'384;  // beyond: 503

  // References must outlive it; it must outlive the server.
  WebSocketRoute(TopicHub& hub, const AccessGuard& guard, PredictRoute& predict, MetricRegistry& metrics,
                 MetricFamily<Counter>& requests, const Clock& clock, int io_threads);

  // Before the first Handle.
  void Connect(HttpServer& server);
  // On the request's I/O thread; its role was checked.
  void Handle(const HttpRequest& request, Responder responder);
  // The tokens of this I/O thread changed: closes whose is no longer known. On that thread.
  void CheckTokens(int io_thread);

 private:
  class Session;

  HttpResponse Refused(int status, std::string detail);

  TopicHub* hub_;
  const AccessGuard* guard_;
  PredictRoute* predict_;
  MetricRegistry* metrics_;
  MetricFamily<Counter>* requests_;
  Counter* commands_;
  const Clock* clock_;
  HttpServer* server_ = nullptr;
  std::vector<std::unordered_set<Session*>> sessions_;  // by I/O thread
};

}  // namespace hone
