#include "api/inference/grpc_server.h"

#include <fmt/format.h>
#include <grpc/support/log.h>
#include <grpc/support/time.h>
#include <grpc_predict_v2.grpc.pb.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server_builder.h>

#include <atomic>
#include <functional>
#include <utility>

#include "api/inference/grpc_messages.h"
#include "api/route_table.h"
#include "base/log.h"

namespace hone {
namespace {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

grpc::StatusCode CodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kInvalidData: return grpc::StatusCode::INVALID_ARGUMENT;
    case ErrorCode::kNotFound: return grpc::StatusCode::NOT_FOUND;
    case ErrorCode::kConflict: return grpc::StatusCode::FAILED_PRECONDITION;
    case ErrorCode::kUnavailable: return grpc::StatusCode::UNAVAILABLE;
    case ErrorCode::kResourceExhausted: return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case ErrorCode::kCorrupt:
    case ErrorCode::kInternal: break;
  }
  return grpc::StatusCode::INTERNAL;
}

grpc::Status StatusOf(const Status& status) {
  return status.ok() ? grpc::Status::OK : grpc::Status(CodeOf(status.error().code), status.error().ToString());
}

// The duty to end one call, once: at the latest when the last who shares it drops it.
class CallDuty {
 public:
  CallDuty(Reactor& reactor, MetricFamily<Counter>& handled, const char* method)
      : reactor_(&reactor), handled_(&handled), method_(method) {}
  ~CallDuty() {
    if (reactor_ != nullptr) Finish(Error{ErrorCode::kUnavailable, "the server is stopping"});
  }
  CallDuty(const CallDuty&) = delete;
  CallDuty& operator=(const CallDuty&) = delete;

  // Where the call is traced; null else.
  void Trace(std::unique_ptr<OpenSpan> span) { span_ = std::move(span); }
  OpenSpan* span() const { return span_.get(); }

  void Finish(const Status& status) { End(StatusOf(status)); }
  void Refuse(const Refusal& refusal) {
    End({refusal.status == 401 ? grpc::StatusCode::UNAUTHENTICATED : grpc::StatusCode::PERMISSION_DENIED,
         refusal.detail});
  }

 private:
  void End(const grpc::Status& told) {
    handled_->With({method_, std::to_string(told.error_code())}).Add();
    if (span_) EndSpan(told.error_code());
    std::exchange(reactor_, nullptr)->Finish(told);
  }

  // What is the caller's fault is no failure.
  void EndSpan(grpc::StatusCode code) {
    Span& span = span_->span();
    span.Set("rpc.grpc.status_code", std::int64_t{code});
    span.failed = code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::INTERNAL;
    span_->End();
  }

  Reactor* reactor_;
  MetricFamily<Counter>* handled_;
  const char* method_;
  std::unique_ptr<OpenSpan> span_;
};

std::unique_ptr<OpenSpan> OpenRpcSpan(const Tracer& tracer, const TraceStart& start, const char* method) {
  constexpr std::string_view kService = "inference.GRPCInferenceService";
  auto open = tracer.Open(start, fmt::format("{}/{}", kService, method), SpanKind::kServer);
  open->span().Set("rpc.system", "grpc");
  open->span().Set("rpc.service", kService);
  open->span().Set("rpc.method", method);
  return open;
}

HttpHeaders TraceHeadersOf(const Context& context) {
  HttpHeaders headers;
  for (const char* name : {"traceparent", "tracestate"}) {
    const auto [begin, end] = context.client_metadata().equal_range(name);
    for (auto it = begin; it != end; ++it) headers.push_back({name, {it->second.data(), it->second.size()}});
  }
  return headers;
}

std::string AuthorizationOf(const Context& context) {
  const auto found = context.client_metadata().find("authorization");
  return found == context.client_metadata().end() ? std::string()
                                                  : std::string(found->second.data(), found->second.size());
}

class InferenceService final : public inference::GRPCInferenceService::CallbackService {
 public:
  InferenceService(Inference& inference, const AccessGuard& guard, MetricFamily<Counter>& handled, HttpServer& http,
                   std::string version, Tracer* tracer)
      : inference_(&inference),
        guard_(&guard),
        handled_(&handled),
        http_(&http),
        version_(std::move(version)),
        tracer_(tracer) {}

  Reactor* ServerLive(Context* context, const inference::ServerLiveRequest*,
                      inference::ServerLiveResponse* response) override {
    return Answer(context, "ServerLive", AccessRole::kNone, [response](int) {
      response->set_live(true);
      return OkStatus();
    });
  }
  Reactor* ServerReady(Context* context, const inference::ServerReadyRequest*,
                       inference::ServerReadyResponse* response) override {
    return Answer(context, "ServerReady", AccessRole::kNone, [this, response](int io_thread) {
      response->set_ready(inference_->IsReady(io_thread));
      return OkStatus();
    });
  }
  Reactor* ModelReady(Context* context, const inference::ModelReadyRequest* request,
                      inference::ModelReadyResponse* response) override {
    return Answer(context, "ModelReady", AccessRole::kRead, [this, request, response](int io_thread) {
      response->set_ready(inference_->Find(io_thread, request->name(), request->version()).ok());
      return OkStatus();
    });
  }
  Reactor* ServerMetadata(Context* context, const inference::ServerMetadataRequest*,
                          inference::ServerMetadataResponse* response) override {
    return Answer(context, "ServerMetadata", AccessRole::kNone, [this, response](int) {
      response->set_name(std::string(kServerName));
      response->set_version(version_);
      for (const std::string_view extension : kInferenceExtensions) response->add_extensions(std::string(extension));
      return OkStatus();
    });
  }
  Reactor* ModelMetadata(Context* context, const inference::ModelMetadataRequest* request,
                         inference::ModelMetadataResponse* response) override {
    return Answer(context, "ModelMetadata", AccessRole::kRead, [this, request, response](int io_thread) -> Status {
      HONE_ASSIGN_OR_RETURN(const SnapshotPointer snapshot,
                            inference_->Find(io_thread, request->name(), request->version()));
      WriteModelMetadata(DescribeModel(*snapshot, request->version()), *response);
      return OkStatus();
    });
  }
  Reactor* ModelStatistics(Context* context, const inference::ModelStatisticsRequest* request,
                           inference::ModelStatisticsResponse* response) override {
    return Answer(context, "ModelStatistics", AccessRole::kRead, [this, request, response](int io_thread) -> Status {
      HONE_ASSIGN_OR_RETURN(const auto all, inference_->Figures(io_thread, request->name(), request->version()));
      WriteStatistics(all, *response);
      return OkStatus();
    });
  }
  Reactor* RepositoryIndex(Context* context, const inference::RepositoryIndexRequest* request,
                           inference::RepositoryIndexResponse* response) override {
    return Answer(context, "RepositoryIndex", AccessRole::kRead, [this, request, response](int io_thread) {
      WriteIndex(inference_->Index(io_thread), request->ready(), *response);
      return OkStatus();
    });
  }
  Reactor* ModelInfer(Context* context, const inference::ModelInferRequest* request,
                      inference::ModelInferResponse* response) override {
    return Post(context, "ModelInfer", AccessRole::kPredict,
                [this, request, response](int io_thread, std::shared_ptr<CallDuty> duty) {
                  Infer(io_thread, *request, response, std::move(duty));
                });
  }

 private:
  using Work = std::function<void(int io_thread, std::shared_ptr<CallDuty> duty)>;

  // Does `work` on an I/O thread of the HTTP server, on each in turn, where the caller has the role.
  Reactor* Post(Context* context, const char* method, AccessRole role, Work work) {
    Reactor* const reactor = context->DefaultReactor();
    const auto turn = next_.fetch_add(1, std::memory_order_relaxed);
    const int io_thread = static_cast<int>(turn % static_cast<unsigned>(http_->io_threads()));
    auto duty = std::make_shared<CallDuty>(*reactor, *handled_, method);
    http_->Post(io_thread, [this, io_thread, role, method, authorization = AuthorizationOf(*context),
                            headers = tracer_ != nullptr ? TraceHeadersOf(*context) : HttpHeaders(),
                            work = std::move(work), duty = std::move(duty)] {
      const LogTraceScope scope(BeginTrace(io_thread, headers, method, *duty));
      const Refusal refusal = guard_->CheckBearer(io_thread, authorization, role);
      if (refusal.status != 0) return duty->Refuse(refusal);
      work(io_thread, duty);
    });
    return reactor;
  }

  LogTrace BeginTrace(int io_thread, const HttpHeaders& headers, const char* method, CallDuty& duty) const {
    if (tracer_ == nullptr) return {};
    const TraceStart start = tracer_->Begin(io_thread, headers);
    if (start.recorded) duty.Trace(OpenRpcSpan(*tracer_, start, method));
    return start.context.ids;
  }

  // `tell(io_thread)` fills the response.
  template <typename Tell>
  Reactor* Answer(Context* context, const char* method, AccessRole role, Tell tell) {
    return Post(context, method, role, [tell = std::move(tell)](int io_thread, const std::shared_ptr<CallDuty>& duty) {
      duty->Finish(tell(io_thread));
    });
  }

  void Infer(int io_thread, const inference::ModelInferRequest& message, inference::ModelInferResponse* response,
             std::shared_ptr<CallDuty> duty) {
    const Result<InferRequest> request = ReadInferRequest(message);
    if (!request.ok()) return duty->Finish(request.error());
    Result<std::vector<ChosenOutput>> outputs = ChooseOutputs(*request);
    if (!outputs.ok()) return duty->Finish(outputs.error());
    const bool raw = message.raw_input_contents_size() > 0;
    inference_->Infer(io_thread, *request,
                      [duty = std::move(duty), response, raw, id = request->id,
                       outputs = *std::move(outputs)](Result<const PredictionBatch*> batch) {
                        if (!batch.ok()) return duty->Finish(batch.error());
                        SetModel(duty->span(), **batch);
                        WriteInferResponse(**batch, id, outputs, raw, *response);
                        duty->Finish(OkStatus());
                      });
  }

  Inference* inference_;
  const AccessGuard* guard_;
  MetricFamily<Counter>* handled_;
  HttpServer* http_;
  std::string version_;
  Tracer* tracer_;
  std::atomic<unsigned> next_{0};
};

std::string Place(const GrpcServerOptions& options) {
  const bool v6 = options.host.find(':') != options.host.npos;
  return v6 ? fmt::format("[{}]:{}", options.host, options.port) : fmt::format("{}:{}", options.host, options.port);
}

// The library would write to stderr on its own.
void QuietTheLibrary() {
  gpr_set_log_function([](gpr_log_func_args* said) { LogDebug("grpc", {{"said", std::string(said->message)}}); });
}

std::shared_ptr<grpc::ServerCredentials> CredentialsOf(const GrpcServerOptions& options) {
  if (options.tls_certificate.empty()) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions tls;
  tls.pem_key_cert_pairs.push_back({options.tls_key, options.tls_certificate});
  return grpc::SslServerCredentials(tls);
}

}  // namespace

struct GrpcServer::Parts {
  Parts(const GrpcServerOptions& options, Inference& inference, const AccessGuard& guard, MetricRegistry& metrics,
        HttpServer& http)
      : service(inference, guard,
                metrics.AddCounter("grpc_server_handled_total", "Calls by method and status code.", {"method", "code"}),
                http, options.version, options.tracer) {}

  InferenceService service;
  std::unique_ptr<grpc::Server> server;
  int port = 0;
};

Result<std::unique_ptr<GrpcServer>> GrpcServer::Listen(const GrpcServerOptions& options, Inference& inference,
                                                       const AccessGuard& guard, MetricRegistry& metrics,
                                                       HttpServer& http) {
  QuietTheLibrary();
  auto parts = std::make_unique<Parts>(options, inference, guard, metrics, http);
  grpc::ResourceQuota quota("requests");
  quota.Resize(options.max_memory_bytes);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(Place(options), CredentialsOf(options), &parts->port);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetMaxReceiveMessageSize(static_cast<int>(options.max_message_bytes));
  builder.SetResourceQuota(quota);
  builder.RegisterService(&parts->service);
  parts->server = builder.BuildAndStart();
  if (parts->server != nullptr && parts->port != 0)
    return std::unique_ptr<GrpcServer>(new GrpcServer(std::move(parts)));
  return Error{ErrorCode::kConflict, "cannot listen for gRPC; the port is in use, or not this machine's",
               Place(options)};
}

GrpcServer::GrpcServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

GrpcServer::~GrpcServer() { Stop(0); }

int GrpcServer::port() const { return parts_->port; }

void GrpcServer::Stop(Duration drain) {
  parts_->server->Shutdown(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_nanos(drain, GPR_TIMESPAN)));
}

}  // namespace hone
