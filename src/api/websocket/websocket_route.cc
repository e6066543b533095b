#include "api/websocket/websocket_route.h"

#include <fmt/format.h>

#include <utility>

#include "wire/http_problem.h"
#include "wire/json_writer.h"

namespace hone {

// One client, on its I/O thread.
class WebSocketRoute::Session final : public WebSocketListener {
 public:
  Session(WebSocketRoute& route, int io_thread, std::string authorization)
      : route_(&route), io_thread_(io_thread), authorization_(std::move(authorization)) {}

  void OnOpen(std::shared_ptr<WebSocket> socket) override {
    socket_ = std::move(socket);
    sessions().insert(this);
  }
  void OnText(std::string_view text) override;
  void OnClosed() override {
    sessions().erase(this);
    route_->hub_->UnfollowAll(io_thread_, socket_);
    socket_.reset();
  }

  void CheckToken();

 private:
  std::unordered_set<Session*>& sessions() { return route_->sessions_[static_cast<std::size_t>(io_thread_)]; }
  Refusal Check(AccessRole role) const { return route_->guard_->CheckBearer(io_thread_, authorization_, role); }
  void Perform(WebSocketCommand& command);
  void Follow(WebSocketCommand& command);
  void Predict(const WebSocketCommand& command);
  void Publish(const WebSocketCommand& command);
  JsonWriter& Begin(const char* type, const std::string& id);
  void SendTopics(const char* type, const WebSocketCommand& command);
  void SendError(int status, std::string_view detail, const std::string& id);
  void SendError(const Error& error, const std::string& id) { SendError(HttpStatus(error.code), error.ToString(), id); }
  void Send() { socket_->Send(std::make_shared<const std::string>(json_.Take())); }

  WebSocketRoute* route_;
  const int io_thread_;
  const std::string authorization_;
  std::shared_ptr<WebSocket> socket_;
  JsonWriter json_;
};

namespace {

AccessRole RoleFor(WebSocketCommand::Kind kind) {
  if (kind == WebSocketCommand::Kind::kPredict) return AccessRole::kPredict;
  if (kind == WebSocketCommand::Kind::kPublish) return AccessRole::kOperate;
  return AccessRole::kRead;
}

}  // namespace

void WebSocketRoute::Session::OnText(std::string_view text) {
  route_->commands_->Add();
  std::string id;
  Result<WebSocketCommand> command = ReadWebSocketCommand(text, id);
  if (!command.ok()) return SendError(command.error(), id);
  const Refusal refusal = Check(RoleFor(command->kind));
  if (refusal.status != 0) return SendError(refusal.status, refusal.detail, id);
  Perform(*command);
}

void WebSocketRoute::Session::Perform(WebSocketCommand& command) {
  switch (command.kind) {
    case WebSocketCommand::Kind::kSubscribe: return Follow(command);
    case WebSocketCommand::Kind::kUnsubscribe:
      for (const Topic topic : command.topics) route_->hub_->Unfollow(io_thread_, topic, socket_);
      return SendTopics("unsubscribed", command);
    case WebSocketCommand::Kind::kPredict: return Predict(command);
    case WebSocketCommand::Kind::kPublish: return Publish(command);
    case WebSocketCommand::Kind::kPing:
      Begin("pong", command.id).Member("time", FormatTime(route_->clock_->Now())).EndMap();
      return Send();
  }
}

void WebSocketRoute::Session::Follow(WebSocketCommand& command) {
  for (const Topic topic : command.topics) route_->hub_->Follow(io_thread_, topic, socket_, command.models);
  SendTopics("subscribed", command);
}

void WebSocketRoute::Session::Predict(const WebSocketCommand& command) {
  const Result<std::string_view> answer = route_->predict_->PredictNow(io_thread_, command.body);
  if (!answer.ok()) return SendError(answer.error(), command.id);
  Begin("prediction", command.id).RawMember("data", *answer).EndMap();
  Send();
}

void WebSocketRoute::Session::Publish(const WebSocketCommand& command) {
  if (!route_->hub_->Publish(command.topics.front(), command.model, command.body, route_->clock_->Now())) {
    return SendError(503, "events come faster than they can be handed out; some clients did not get it", command.id);
  }
  Begin("published", command.id).EndMap();
  Send();
}

JsonWriter& WebSocketRoute::Session::Begin(const char* type, const std::string& id) {
  json_.Clear();
  json_.BeginMap().Member("type", type);
  if (!id.empty()) json_.Member("id", id);
  return json_;
}

void WebSocketRoute::Session::SendTopics(const char* type, const WebSocketCommand& command) {
  Begin(type, command.id).Key("topics").BeginList();
  for (const Topic topic : command.topics) json_.Value(TopicName(topic));
  json_.EndList().EndMap();
  Send();
}

void WebSocketRoute::Session::SendError(int status, std::string_view detail, const std::string& id) {
  Begin("error", id).Member("status", status).Member("detail", detail).EndMap();
  Send();
}

void WebSocketRoute::Session::CheckToken() {
  if (const Refusal refusal = Check(AccessRole::kRead); refusal.status != 0) {
    socket_->Close(WebSocketClose::kPolicy, refusal.detail);
  }
}

WebSocketRoute::WebSocketRoute(TopicHub& hub, const AccessGuard& guard, PredictRoute& predict, MetricRegistry& metrics,
                               MetricFamily<Counter>& requests, const Clock& clock, int io_threads)
    : hub_(&hub),
      guard_(&guard),
      predict_(&predict),
      metrics_(&metrics),
      requests_(&requests),
      commands_(&metrics.AddCounter("websocket_commands_total", "Commands of WebSocket clients.").With()),
      clock_(&clock),
      sessions_(static_cast<std::size_t>(io_threads)) {}

void WebSocketRoute::Connect(HttpServer& server) {
  server_ = &server;
  metrics_->AddGaugeCallback("websocket_clients", "WebSockets open now.",
                             [&server] { return static_cast<double>(server.counts().websockets); });
  metrics_->AddCounterCallback("websocket_clients_slow_total", "WebSockets closed because the client was slow.",
                               [&server] { return static_cast<double>(server.counts().websockets_slow); });
  metrics_->AddCounterCallback("websocket_events_delivered_total", "Events handed to WebSocket clients.",
                               [this] { return static_cast<double>(hub_->delivered()); });
  metrics_->AddCounterCallback("websocket_events_lost_total", "Events that came faster than they could be handed out.",
                               [this] { return static_cast<double>(hub_->lost()); });
}

HttpResponse WebSocketRoute::Refused(int status, std::string detail) {
  requests_->With({std::string(kPath), std::to_string(status)}).Add();
  return ProblemResponse(status, std::move(detail));
}

void WebSocketRoute::Handle(const HttpRequest& request, Responder responder) {
  if (!AsksForWebSocket(request)) {
    HttpResponse response = Refused(426, "this is a WebSocket: ask with Connection: Upgrade and Upgrade: websocket");
    response.headers.push_back({"Upgrade", "websocket"});
    return responder.Send(std::move(response));
  }
  if (server_->counts().websockets >= kMostClients) {
    HttpResponse response = Refused(503, fmt::format("{} clients are connected, which is the most", kMostClients));
    response.headers.push_back({"Retry-After", "1"});
    return responder.Send(std::move(response));
  }
  requests_->With({std::string(kPath), "101"}).Add();
  responder.Upgrade(std::make_shared<Session>(*this, request.io_thread, std::string(request.Header("Authorization"))),
                    {});
}

void WebSocketRoute::CheckTokens(int io_thread) {
  for (Session* session : sessions_[static_cast<std::size_t>(io_thread)]) session->CheckToken();
}

}  // namespace hone
