#include <cmath>
#include <utility>

#include "alerts/alert_desk.h"
#include "alerts/alert_json.h"
#include "api/routes.h"
#include "wire/json.h"
#include "wire/json_fields.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

constexpr double kLongestSilence = 366 * 86'400;  // seconds

struct AlertFilter {
  std::optional<bool> firing;
  std::optional<AlertSeverity> severity;

  bool Admits(const Alert& alert) const {
    return (!firing || alert.firing() == *firing) && (!severity || alert.severity() == *severity);
  }
};

// ?state=firing&severity=critical
Result<AlertFilter> ReadFilter(const HttpRequest& request) {
  AlertFilter filter;
  if (request.HasQuery("state")) {
    const std::string_view state = request.Query("state");
    if (state != "firing" && state != "resolved") {
      return Error{ErrorCode::kInvalidArgument, "must be firing or resolved", request.path, 0, "state"};
    }
    filter.firing = state == "firing";
  }
  if (request.HasQuery("severity")) {
    HONE_ASSIGN_OR_RETURN(filter.severity, ParseAlertSeverity(request.Query("severity")));
  }
  return filter;
}

Result<std::string> AlertsJson(AlertDesk& desk, const AlertFilter& filter) {
  HONE_ASSIGN_OR_RETURN(const std::vector<ListedAlert> listed, desk.List());
  JsonWriter json;
  json.BeginMap().Key("alerts").BeginList();
  for (const ListedAlert& entry : listed) {
    if (filter.Admits(entry.alert)) WriteAlert(entry.alert, entry.silenced_by, json);
  }
  json.EndList().EndMap();
  return json.Take();
}

Result<std::string> SilencesJson(AlertDesk& desk) {
  HONE_ASSIGN_OR_RETURN(const std::vector<Silence> silences, desk.Silences());
  JsonWriter json;
  json.BeginMap().Key("silences").BeginList();
  for (const Silence& silence : silences) WriteSilence(silence, desk.now(), json);
  json.EndList().EndMap();
  return json.Take();
}

struct SilenceRequest {
  Silence silence;
  double seconds = 0;  // whole
};

Result<SilenceRequest> ReadSilence(const HttpRequest& request) {
  HONE_ASSIGN_OR_RETURN(const JsonValue body, ParseJson(request.body, {.source = request.path, .bytes = 64U << 10}));
  JsonFields fields(body, request.path);
  SilenceRequest read;
  std::vector<std::string> matchers;
  fields.Require("matchers").Require("seconds");
  fields.Read("matchers", matchers);
  fields.Read("seconds", read.seconds, {.at_least = 1, .at_most = kLongestSilence});
  if (read.seconds != std::floor(read.seconds)) fields.Fail("seconds", "must be a whole number");
  fields.Read("created_by", read.silence.created_by);
  fields.Read("comment", read.silence.comment);
  for (const std::string& text : matchers) {
    const Result<LabelMatcher> matcher = ParseLabelMatcher(text);
    if (!matcher.ok()) {
      fields.Fail("matchers", matcher.error().message);
      break;
    }
    read.silence.matchers.push_back(*matcher);
  }
  HONE_RETURN_IF_ERROR(fields.Finish());
  return read;
}

Result<std::string> AddSilence(AlertDesk& desk, SilenceRequest asked) {
  asked.silence.starts_at = desk.now();
  asked.silence.ends_at = asked.silence.starts_at + static_cast<std::int64_t>(asked.seconds) * kSecond;
  HONE_ASSIGN_OR_RETURN(const Silence added, desk.Add(std::move(asked.silence)));
  JsonWriter json;
  WriteSilence(added, desk.now(), json);
  return json.Take();
}

Result<std::string> EndSilence(AlertDesk& desk, const Id& id) {
  HONE_RETURN_IF_ERROR(desk.End(id));
  JsonWriter json;
  json.BeginMap().Member("ended", id.ToString()).EndMap();
  return json.Take();
}

// On the worker: the desk waits for its disk.
class DeskAsker {
 public:
  DeskAsker(AlertDesk* desk, Executor& worker) : desk_(desk), worker_(&worker) {}
  void Ask(const Answer& answer, std::function<Result<std::string>(AlertDesk& desk)> work) const {
    if (desk_ == nullptr) return answer.Send(Error{ErrorCode::kUnavailable, "this server keeps no alerts"});
    worker_->Submit([desk = desk_, answer, work = std::move(work)] { answer.Send(work(*desk)); });
  }

 private:
  AlertDesk* desk_;
  Executor* worker_;
};

}  // namespace

void AddAlertRoutes(RouteTable& routes, AlertDesk* desk, Executor& worker) {
  const DeskAsker ask(desk, worker);
  routes.Get("/api/v1/alerts", AccessRole::kRead,
             [ask](const HttpRequest& request, const PathParameters&, const Answer& answer) {
               const Result<AlertFilter> filter = ReadFilter(request);
               if (!filter.ok()) return answer.Send(filter.error());
               ask.Ask(answer, [filter = *filter](AlertDesk& at) { return AlertsJson(at, filter); });
             });
  routes.Get("/api/v1/silences", AccessRole::kRead,
             [ask](const HttpRequest&, const PathParameters&, const Answer& answer) { ask.Ask(answer, SilencesJson); });
  routes.Post("/api/v1/silences", AccessRole::kOperate,
              [ask](const HttpRequest& request, const PathParameters&, const Answer& answer) {
                Result<SilenceRequest> read = ReadSilence(request);
                if (!read.ok()) return answer.Send(read.error());
                ask.Ask(answer, [read = std::move(read).value()](AlertDesk& at) { return AddSilence(at, read); });
              });
  routes.Delete("/api/v1/silences/{id}", AccessRole::kOperate,
                [ask](const HttpRequest&, const PathParameters& path, const Answer& answer) {
                  const Result<Id> id = ParseId(path.Get("id"));
                  if (!id.ok()) return answer.Send(id.error());
                  ask.Ask(answer, [id = *id](AlertDesk& at) { return EndSilence(at, id); });
                });
}

}  // namespace hone
