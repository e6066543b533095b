// The Open Inference Protocol v2 over HTTP, with Triton's binary tensor and statistics extensions.
//
//   GET  /v2, /v2/health/live, /v2/health/ready
//   GET  /v2/models/{name}[/versions/{version}], .../ready, .../stats, /v2/models/stats
//   POST /v2/models/{name}[/versions/{version}]/infer      infer_body_reader.h, infer_answer.h
//   POST /v2/repository/index
//
// A stated version must be live: champion, canary or shadow. Errors are the protocol's own, {"error":"..."}, also for
// paths and methods under /v2 that do not exist; 503 comes with Retry-After. Everything is answered on the I/O thread
// of the request.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/access_guard.h"
#include "api/inference/infer_body_reader.h"
#include "api/inference/inference.h"
#include "api/route_table.h"
#include "wire/http_router.h"
#include "wire/http_server.h"
#include "wire/prometheus.h"

namespace hone {

class InferenceRoutes {
 public:
  // `version` of the program. `guard` says who may call, `requests` counts by route and status. References must outlive
  // it.
  InferenceRoutes(Inference& inference, const AccessGuard& guard, MetricFamily<Counter>& requests, std::string version,
                  int io_threads);

  // Whether Handle answers it: /v2 and all below it.
  static bool Owns(const HttpRequest& request);
  // On the request's I/O thread.
  void Handle(const HttpRequest& request, Responder responder);
  // Every route.
  const std::vector<DeclaredRoute>& declared() const { return declared_; }

 private:
  using Tell = Result<std::string> (InferenceRoutes::*)(const HttpRequest&, const PathParameters&) const;

  using Take = std::function<void(const HttpRequest&, const PathParameters&, const Answer&)>;

  void Add(const std::string& method, const std::string& pattern, AccessRole role, Take take);
  void AddTold(const std::string& method, const std::string& pattern, AccessRole role, Tell tell);
  HttpResponse Refusal(const HttpRequest& request) const;
  void Infer(const HttpRequest& request, const PathParameters& path, const Answer& answer);

  Result<std::string> Server(const HttpRequest& request, const PathParameters& path) const;
  Result<std::string> Live(const HttpRequest& request, const PathParameters& path) const;
  Result<std::string> Ready(const HttpRequest& request, const PathParameters& path) const;
  Result<std::string> Model(const HttpRequest& request, const PathParameters& path) const;
  Result<std::string> ModelReady(const HttpRequest& request, const PathParameters& path) const;
  Result<std::string> Statistics(const HttpRequest& request, const PathParameters& path) const;
  Result<std::string> Index(const HttpRequest& request, const PathParameters& path) const;

  Inference* inference_;
  const AccessGuard* guard_;
  MetricFamily<Counter>* requests_;
  std::string version_;
  HttpRouter router_;
  std::vector<DeclaredRoute> declared_;
  std::vector<std::unique_ptr<InferBodyReader>> readers_;  // by I/O thread
};

}  // namespace hone
