#include "wire/http_problem.h"

#include <utility>

#include "wire/json_writer.h"

namespace hone {
namespace {

JsonWriter BeginProblem(int status, std::string_view detail) {
  JsonWriter json;
  json.BeginMap().Member("type", "about:blank").Member("title", HttpReason(status));
  json.Member("status", status).Member("detail", detail);
  return json;
}

HttpResponse Finish(int status, JsonWriter& json) {
  json.EndMap();
  return {status, json.Take(), "application/problem+json", {}};
}

}  // namespace

int HttpStatus(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return 400;
    case ErrorCode::kInvalidData: return 409;
    case ErrorCode::kNotFound: return 404;
    case ErrorCode::kConflict: return 409;
    case ErrorCode::kUnavailable: return 503;
    case ErrorCode::kResourceExhausted: return 507;
    case ErrorCode::kCorrupt: return 500;
    case ErrorCode::kInternal: return 500;
  }
  return 500;
}

HttpResponse ProblemResponse(const Error& error) {
  const int status = HttpStatus(error.code);
  JsonWriter json = BeginProblem(status, error.message);
  json.Member("code", ErrorCodeName(error.code));
  if (!error.source.empty()) json.Member("source", error.source);
  if (error.line > 0) json.Member("line", error.line);
  if (!error.key.empty()) json.Member("key", error.key);
  HttpResponse response = Finish(status, json);
  if (error.code == ErrorCode::kUnavailable) response.headers.push_back({"Retry-After", "1"});
  return response;
}

HttpResponse ProblemResponse(int status, std::string detail) {
  JsonWriter json = BeginProblem(status, detail);
  return Finish(status, json);
}

}  // namespace hone
