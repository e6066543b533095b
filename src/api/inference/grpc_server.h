// The Open Inference Protocol v2 over gRPC (grpc_predict_v2.proto), beside the HTTP server whose I/O threads do the
// work: a call is posted to one of them, in turn, and answered there. The library's own threads only move bytes.
//
//   HONE_ASSIGN_OR_RETURN(auto grpc, GrpcServer::Listen({.port = 8001}, api.inference(), api.guard(), metrics, *http));
//   ...
//   grpc->Stop(3 * kSecond);   // before http->Stop: the calls begun need its threads
//
// Who may call what is as over HTTP: the metadata `authorization` is "Bearer TOKEN", the roles are those of the routes.
//
// Statuses: UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT, NOT_FOUND, UNAVAILABLE (the log is full, or the
// server stops), INTERNAL; methods that are not offered are UNIMPLEMENTED. Every call is counted in
// grpc_server_handled_total by method and code. A sampled call is a span with OpenTelemetry's attributes for gRPC; its
// caller's trace is in the metadata `traceparent` and `tracestate`.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "api/access_guard.h"
#include "api/inference/inference.h"
#include "base/result.h"
#include "base/time.h"
#include "wire/http_server.h"
#include "wire/prometheus.h"
#include "wire/tracer.h"

namespace hone {

struct GrpcServerOptions {
  std::string host = "127.0.0.1";
  int port = 0;                                           // 0: any free one
  std::size_t max_message_bytes = std::size_t{64} << 20;  // of a request; beyond: RESOURCE_EXHAUSTED
  std::size_t max_memory_bytes = std::size_t{512} << 20;  // that requests being received may take together
  std::string version;                                    // of the program
  Tracer* tracer = nullptr;                               // as ApiOptions::tracer
  std::string tls_certificate, tls_key;                   // PEM texts, checked before (wire/tls.h); "": plain
};

class GrpcServer {
 public:
  // Serves from now on; `http` must run, or run soon. References must outlive it. kConflict when the port is taken,
  // kUnavailable for any other reason not to listen there; both name host:port.
  static Result<std::unique_ptr<GrpcServer>> Listen(const GrpcServerOptions& options, Inference& inference,
                                                    const AccessGuard& guard, MetricRegistry& metrics,
                                                    HttpServer& http);
  // Stops at once where Stop was not called.
  ~GrpcServer();

  int port() const;
  // No new calls; those begun are answered, what is not done after `drain` is cancelled. Returns when all have ended.
  void Stop(Duration drain);

 private:
  struct Parts;
  explicit GrpcServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace hone
