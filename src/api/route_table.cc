#include "api/route_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/sha256.h"
#include "wire/http_problem.h"
#include "wire/http_span.h"

namespace hone {
Answer::Answer(Responder responder, MetricFamily<Counter>& requests, std::string route)
    : duty_(std::make_shared<Duty>(Duty{std::move(responder), &requests, std::move(route), CurrentLogTrace()})) {
  SetHttpRoute(span(), duty_->route);
}

void Answer::Send(HttpResponse response) const {
  duty_->requests->With({duty_->route, std::to_string(response.status)}).Add();
  {
    const LogTraceScope scope(duty_->trace);
    LogAnswer(duty_->route, response.status);
  }
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

void RouteTable::Delete(const std::string& pattern, AccessRole role, Handle handle) {
  Add("DELETE", pattern, role, std::move(handle));
}

void RouteTable::PostCounted(const std::string& pattern, AccessRole role, RouteHandler handle) {
  declared_.push_back({"POST", pattern, role});
  router_.Add("POST", pattern,
              [this, pattern, role, handle = std::move(handle)](const HttpRequest& request, const PathParameters& path,
                                                                Responder responder) {
                const Refusal refusal = guard_->Check(request, role);
                if (refusal.status == 0) {
                  SetHttpRoute(responder.span(), pattern);
                  return handle(request, path, std::move(responder));
                }
                Answer(std::move(responder), *requests_, pattern).Send(RefusalResponse(refusal));
              });
}

void RouteTable::WebSocketGet(const std::string& pattern, AccessRole role, RouteHandler handle) {
  router_.Add("GET", pattern,
              [this, pattern, role, handle = std::move(handle)](const HttpRequest& request, const PathParameters& path,
                                                                Responder responder) {
                Refusal refusal = AccessGuard::CheckOrigin(request);
                if (refusal.status == 0) refusal = guard_->Check(request, role);
                if (refusal.status == 0) return handle(request, path, std::move(responder));
                Answer(std::move(responder), *requests_, pattern).Send(RefusalResponse(refusal));
              });
}

void RouteTable::Route(const HttpRequest& request, Responder responder) const {
  if (!router_.Handle(request, std::move(responder))) requests_->With({"none", "4xx"}).Add();
}

void Ask(LiveEngine& engine, const Answer& answer, LiveEngine::Work work) {
  engine.Submit(
      [trace = CurrentLogTrace(), work = std::move(work)](LiveEngine& core) {
        const LogTraceScope scope(trace);
        return work(core);
      },
      [answer](Result<std::string> result) { answer.Send(std::move(result)); });
}

void LogAnswer(std::string_view route, int status) {
  if (log_level() == LogLevel::kDebug) LogDebug("answered", {{"route", route}, {"status", status}});
}

void SetModel(OpenSpan* open, std::string_view model, std::string_view version) {
  if (open == nullptr || open->ended()) return;
  open->span().Set("hone.model", model);
  open->span().Set("hone.version", version);
}

void SetModel(OpenSpan* open, const PredictionBatch& batch) {
  const std::string* version = batch.version();
  SetModel(open, batch.snapshot().model(), version != nullptr ? std::string_view(*version) : "several");
}

namespace {

constexpr std::size_t kLongestKey = 255;

bool IsIdempotencyKey(std::string_view key) {
  return !key.empty() && key.size() <= kLongestKey &&
         std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
}

std::string Fingerprint(const HttpRequest& request) {
  Sha256 hash;
  hash.UpdateText(request.path);
  hash.UpdateText(request.body);
  return hash.Hex();
}

// What was answered to the key, or what `work` answers now and will be answered again.
Result<std::string> AnswerOnce(LiveEngine& core, AnsweredRequest asked, const LiveEngine::Work& work) {
  HONE_ASSIGN_OR_RETURN(std::optional<AnsweredRequest> before, core.store().answered.Find(asked.key, core.now()));
  if (before && before->fingerprint == asked.fingerprint) return std::move(before->answer);
  if (before) {
    return Error{ErrorCode::kConflict, "this key came with another request before; take a new one for a new request",
                 "", 0, "Idempotency-Key"};
  }
  HONE_ASSIGN_OR_RETURN(asked.answer, work(core));
  asked.time = core.now();
  HONE_RETURN_IF_ERROR(core.store().answered.Add(asked));
  return std::move(asked.answer);
}

}  // namespace

void AskOnce(LiveEngine& engine, const HttpRequest& request, const Answer& answer, LiveEngine::Work work) {
  const std::string_view key = request.Header("Idempotency-Key");
  if (key.data() == nullptr) return Ask(engine, answer, std::move(work));
  if (!IsIdempotencyKey(key)) {
    return answer.Send(Error{ErrorCode::kInvalidArgument,
                             fmt::format("must be 1 to {} visible ASCII characters", kLongestKey), request.path, 0,
                             "Idempotency-Key"});
  }
  Ask(engine, answer,
      [asked = AnsweredRequest{std::string(key), Fingerprint(request), "", 0},
       work = std::move(work)](LiveEngine& core) { return AnswerOnce(core, asked, work); });
}

HttpResponse RefusalResponse(const Refusal& refusal) {
  HttpResponse response = ProblemResponse(refusal.status, refusal.detail);
  if (refusal.status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
  return response;
}

}  // namespace hone
