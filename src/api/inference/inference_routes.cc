#include "api/inference/inference_routes.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

#include "api/inference/infer_answer.h"
#include "api/inference/inference_metadata.h"
#include "wire/http_problem.h"
#include "wire/json.h"
#include "wire/json_fields.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

constexpr std::string_view kJsonLength = "Inference-Header-Content-Length";

HttpResponse ErrorResponse(int status, std::string_view message) {
  JsonWriter json;
  json.BeginMap().Member("error", message).EndMap();
  return JsonResponse(json.Take(), status);
}

// 400 is for what is no JSON, and then the error has a line; what does not fit the model is 409.
int StatusOf(const Error& error) {
  const bool misfit = error.code == ErrorCode::kInvalidArgument && error.line == 0;
  return misfit ? 409 : HttpStatus(error.code);
}

HttpResponse ErrorResponse(const Error& error) {
  HttpResponse response = ErrorResponse(StatusOf(error), error.ToString());
  if (error.code == ErrorCode::kUnavailable) response.headers.push_back({"Retry-After", "1"});
  return response;
}

Result<std::optional<std::size_t>> JsonBytes(const HttpRequest& request) {
  const std::string_view text = request.Header(kJsonLength);
  if (text.empty()) return std::optional<std::size_t>();
  std::size_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (error == std::errc() && end == text.data() + text.size()) return std::optional(bytes);
  return Error{ErrorCode::kInvalidArgument, "must be a number of bytes", "", 0, std::string(kJsonLength)};
}

void WriteTensors(const char* key, const std::vector<TensorMetadata>& tensors, JsonWriter& json) {
  json.Key(key).BeginList();
  for (const TensorMetadata& tensor : tensors) {
    json.BeginMap().Member("name", tensor.name).Member("datatype", tensor.datatype).Key("shape").BeginList();
    for (const std::int64_t size : tensor.shape) json.Value(size);
    json.EndList().EndMap();
  }
  json.EndList();
}

void WriteDuration(const char* key, std::uint64_t count, std::uint64_t nanoseconds, JsonWriter& json) {
  json.Key(key).BeginMap().Member("count", count).Member("ns", nanoseconds).EndMap();
}

void WriteFigures(const InferenceFigures& figures, JsonWriter& json) {
  json.BeginMap()
      .Member("name", figures.model)
      .Member("version", figures.version)
      .Member("last_inference", figures.last / kMillisecond)
      .Member("inference_count", figures.rows)
      .Member("execution_count", figures.executions);
  json.Key("inference_stats").BeginMap();
  WriteDuration("success", figures.successes, figures.success_time, json);
  WriteDuration("fail", figures.failures, figures.failure_time, json);
  WriteDuration("queue", figures.successes, figures.queue_time, json);
  WriteDuration("compute_input", figures.successes, figures.input_time, json);
  WriteDuration("compute_infer", figures.successes, figures.evaluation_time, json);
  WriteDuration("compute_output", figures.successes, figures.output_time, json);
  json.EndMap().Key("batch_stats").BeginList().EndList().EndMap();
}

// Only what is ready where the body is {"ready":true}; an empty body asks for everything.
Result<bool> OnlyReady(const std::string& body) {
  if (body.empty()) return false;
  HONE_ASSIGN_OR_RETURN(const JsonValue json, ParseJson(body, {.source = "index", .bytes = 4096}));
  JsonFields fields(json, "index");
  bool ready = false;
  fields.Read("ready", ready);
  HONE_RETURN_IF_ERROR(fields.Finish());
  return ready;
}

}  // namespace

InferenceRoutes::InferenceRoutes(Inference& inference, const AccessGuard& guard, MetricFamily<Counter>& requests,
                                 std::string version, int io_threads)
    : inference_(&inference), guard_(&guard), requests_(&requests), version_(std::move(version)) {
  for (int i = 0; i < io_threads; ++i) readers_.push_back(std::make_unique<InferBodyReader>());
  AddTold("GET", "/v2", AccessRole::kNone, &InferenceRoutes::Server);
  AddTold("GET", "/v2/health/live", AccessRole::kNone, &InferenceRoutes::Live);
  AddTold("GET", "/v2/health/ready", AccessRole::kNone, &InferenceRoutes::Ready);
  AddTold("GET", "/v2/models/stats", AccessRole::kRead, &InferenceRoutes::Statistics);
  AddTold("POST", "/v2/repository/index", AccessRole::kRead, &InferenceRoutes::Index);
  for (const std::string model : {"/v2/models/{name}", "/v2/models/{name}/versions/{version}"}) {
    AddTold("GET", model, AccessRole::kRead, &InferenceRoutes::Model);
    AddTold("GET", model + "/ready", AccessRole::kRead, &InferenceRoutes::ModelReady);
    AddTold("GET", model + "/stats", AccessRole::kRead, &InferenceRoutes::Statistics);
    Add("POST", model + "/infer", AccessRole::kPredict,
        [this](const HttpRequest& request, const PathParameters& path, const Answer& answer) {
          Infer(request, path, answer);
        });
  }
}

void InferenceRoutes::Add(const std::string& method, const std::string& pattern, AccessRole role, Take take) {
  declared_.push_back({method, pattern, role});
  router_.Add(method, pattern,
              [this, pattern, role, take = std::move(take)](const HttpRequest& request, const PathParameters& path,
                                                            Responder responder) {
                const Answer answer(std::move(responder), *requests_, pattern);
                const hone::Refusal refusal = guard_->Check(request, role);
                if (refusal.status == 0) return take(request, path, answer);
                HttpResponse response = ErrorResponse(refusal.status, refusal.detail);
                if (refusal.status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
                answer.Send(std::move(response));
              });
}

void InferenceRoutes::AddTold(const std::string& method, const std::string& pattern, AccessRole role, Tell tell) {
  Add(method, pattern, role,
      [this, tell](const HttpRequest& request, const PathParameters& path, const Answer& answer) {
        Result<std::string> told = (this->*tell)(request, path);
        answer.Send(told.ok() ? JsonResponse(std::move(told).value()) : ErrorResponse(told.error()));
      });
}

bool InferenceRoutes::Owns(const HttpRequest& request) {
  return !request.segments.empty() && request.segments.front() == "v2";
}

void InferenceRoutes::Handle(const HttpRequest& request, Responder responder) {
  if (!router_.PatternOf(request).empty()) {
    router_.Handle(request, std::move(responder));
    return;
  }
  requests_->With({"none", "4xx"}).Add();
  responder.Send(Refusal(request));
}

HttpResponse InferenceRoutes::Refusal(const HttpRequest& request) const {
  for (const auto& [method, allowed] : {std::pair{"GET", "GET, HEAD"}, std::pair{"POST", "POST"}}) {
    HttpRequest other;
    other.method = method;
    other.segments = request.segments;
    if (router_.PatternOf(other).empty()) continue;
    HttpResponse response = ErrorResponse(405, fmt::format("{} answers {}", request.path.substr(0, 200), allowed));
    response.headers.push_back({"Allow", allowed});
    return response;
  }
  return ErrorResponse(404, fmt::format("there is no {}", request.path.substr(0, 200)));
}

void InferenceRoutes::Infer(const HttpRequest& request, const PathParameters& path, const Answer& answer) {
  if (!request.Header("Content-Encoding").empty() && request.Header("Content-Encoding") != "identity") {
    return answer.Send(ErrorResponse(415, "a body must not be compressed (Content-Encoding)"));
  }
  // Before the body is read: nothing in it can be right for a model that is not there.
  const Result<SnapshotPointer> found = inference_->Find(request.io_thread, path.Get("name"), path.Get("version"));
  if (!found.ok()) return answer.Send(ErrorResponse(found.error()));
  const Result<std::optional<std::size_t>> json_bytes = JsonBytes(request);
  if (!json_bytes.ok()) return answer.Send(ErrorResponse(json_bytes.error()));
  InferBodyReader& reader = *readers_[static_cast<std::size_t>(request.io_thread)];
  const Result<InferRequest*> body = reader.Read(request.body, *json_bytes);
  if (!body.ok()) {
    const bool parted = json_bytes->has_value() || request.Header("Content-Type") == "application/octet-stream";
    if (parted) return answer.Send(ErrorResponse(409, body.error().ToString()));  // the JSON is not where it should be
    return answer.Send(ErrorResponse(body.error()));
  }
  Result<std::vector<ChosenOutput>> outputs = ChooseOutputs(**body);
  if (!outputs.ok()) return answer.Send(ErrorResponse(outputs.error()));
  (*body)->model = path.Get("name");
  (*body)->version = path.Get("version");
  inference_->Infer(request.io_thread, **body,
                    [answer, id = (*body)->id, outputs = *std::move(outputs)](Result<const PredictionBatch*> batch) {
                      if (!batch.ok()) return answer.Send(ErrorResponse(batch.error()));
                      SetModel(answer.span(), **batch);
                      answer.Send(InferResponse(**batch, id, outputs));
                    });
  **body = {};  // what a large request took goes back
}

Result<std::string> InferenceRoutes::Server(const HttpRequest&, const PathParameters&) const {
  JsonWriter json;
  json.BeginMap().Member("name", kServerName).Member("version", version_).Key("extensions").BeginList();
  for (const std::string_view extension : kInferenceExtensions) json.Value(extension);
  json.EndList().EndMap();
  return json.Take();
}

Result<std::string> InferenceRoutes::Live(const HttpRequest&, const PathParameters&) const {
  return std::string(R"({"live":true})");
}

Result<std::string> InferenceRoutes::Ready(const HttpRequest& request, const PathParameters&) const {
  if (inference_->IsReady(request.io_thread)) return std::string(R"({"ready":true})");
  return Error{ErrorCode::kUnavailable, "a model has no active version, or the store cannot be written"};
}

Result<std::string> InferenceRoutes::Model(const HttpRequest& request, const PathParameters& path) const {
  HONE_ASSIGN_OR_RETURN(const SnapshotPointer snapshot,
                        inference_->Find(request.io_thread, path.Get("name"), path.Get("version")));
  const ModelMetadata metadata = DescribeModel(*snapshot, path.Get("version"));
  JsonWriter json;
  json.BeginMap().Member("name", metadata.name).Key("versions").BeginList();
  for (const std::string& version : metadata.versions) json.Value(version);
  json.EndList().Member("platform", metadata.platform);
  WriteTensors("inputs", metadata.inputs, json);
  WriteTensors("outputs", metadata.outputs, json);
  json.EndMap();
  return json.Take();
}

Result<std::string> InferenceRoutes::ModelReady(const HttpRequest& request, const PathParameters& path) const {
  HONE_RETURN_IF_ERROR(inference_->Find(request.io_thread, path.Get("name"), path.Get("version")));
  JsonWriter json;
  json.BeginMap().Member("name", path.Get("name")).Member("ready", true).EndMap();
  return json.Take();
}

Result<std::string> InferenceRoutes::Statistics(const HttpRequest& request, const PathParameters& path) const {
  HONE_ASSIGN_OR_RETURN(const std::vector<InferenceFigures> all,
                        inference_->Figures(request.io_thread, path.Get("name"), path.Get("version")));
  JsonWriter json;
  json.BeginMap().Key("model_stats").BeginList();
  for (const InferenceFigures& figures : all) WriteFigures(figures, json);
  json.EndList().EndMap();
  return json.Take();
}

Result<std::string> InferenceRoutes::Index(const HttpRequest& request, const PathParameters&) const {
  HONE_ASSIGN_OR_RETURN(const bool only_ready, OnlyReady(request.body));
  JsonWriter json;
  json.BeginList();
  for (const IndexedVersion& indexed : inference_->Index(request.io_thread)) {
    if (only_ready && !indexed.ready) continue;
    json.BeginMap().Member("name", indexed.model).Member("version", indexed.version);
    json.Member("state", indexed.ready ? "READY" : "UNAVAILABLE").Member("reason", indexed.reason).EndMap();
  }
  json.EndList();
  return json.Take();
}

}  // namespace hone
