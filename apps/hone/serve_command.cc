// hone serve: one folder's models over HTTP, kept sharp, until SIGTERM or SIGINT. SIGHUP reads the certificate again.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "api/api.h"
#include "api/inference/grpc_server.h"
#include "base/executor.h"
#include "base/files.h"
#include "base/log.h"
#include "engine/live_engine.h"
#include "hone/alerting.h"
#include "hone/commands.h"
#include "hone/gpu.h"
#include "hone/inputs.h"
#include "hone/serve_config.h"
#include "hone/state_folder.h"
#include "hone/stop_signal.h"
#include "hone/system_clock.h"
#include "wire/otlp_exporter.h"
#include "wire/tracer.h"

namespace hone {
namespace {

constexpr Duration kDrain = 3 * kSecond;
constexpr Duration kCouriersMayTake = kSecond;
constexpr unsigned kMostThreads = 4;
constexpr std::size_t kRingSize = 1 << 14;  // a commit of the store takes that many rows of a batch at once
constexpr std::size_t kLargestBody = std::size_t{64} << 20;  // 100,000 rows of 80 numbers as bytes, of 30 as text

constexpr std::size_t kLargestPem = 1 << 20;

int IoThreads(const ServeConfig& config) {
  if (config.threads > 0) return config.threads;
  return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, kMostThreads));
}

std::uint64_t FreshSeed() {
  std::random_device device;
  return static_cast<std::uint64_t>(device()) << 32 | device();
}

// Where the spans of requests and decisions go: from the I/O threads and the core to a thread of its own that sends
// them.
class TraceExport {
 public:
  // `trust`: of an https endpoint.
  TraceExport(const ServeConfig& config, std::shared_ptr<TlsTrust> trust, MetricRegistry& metrics) {
    if (!config.traces) return;
    OtlpOptions options;
    options.endpoint = *config.traces;
    options.trust = std::move(trust);
    options.headers = config.trace_headers;
    options.resource = {config.service, HONE_VERSION};
    exporter_ = std::make_unique<OtlpExporter>(queue_, std::move(options), metrics);
    thread_ = std::thread([this] { exporter_->Run(); });
  }
  ~TraceExport() {
    queue_.Close();
    if (thread_.joinable()) thread_.join();
  }
  TraceExport(const TraceExport&) = delete;
  TraceExport& operator=(const TraceExport&) = delete;

  // Null where traces go nowhere.
  SpanQueue* queue() { return exporter_ ? &queue_ : nullptr; }

 private:
  SpanQueue queue_;
  std::unique_ptr<OtlpExporter> exporter_;
  std::thread thread_;
};

// Newest values of features shared by Redis, on a thread of its own; nothing where the configuration names no server.
class FeatureSharing {
 public:
  FeatureSharing(const ServeConfig& config, MetricRegistry& metrics) {
    if (!config.feature_sharing) return;
    redis_ = std::make_unique<RedisLatest>(*config.feature_sharing, metrics);
    thread_ = std::thread([this] { redis_->Run(); });
  }
  ~FeatureSharing() {
    if (redis_) redis_->Stop();
    if (thread_.joinable()) thread_.join();
  }
  FeatureSharing(const FeatureSharing&) = delete;
  FeatureSharing& operator=(const FeatureSharing&) = delete;

  // Null where they are not shared.
  SharedLatest* shared() { return redis_.get(); }

 private:
  std::unique_ptr<RedisLatest> redis_;
  std::thread thread_;
};

// Each connection is a file; ten thousand WebSockets are more than the usual soft limit.
void RaiseFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) LogWarning("the limit on open files stays as it is");
}

Result<std::unique_ptr<LiveEngine>> OpenEngine(const ServeConfig& config, SharedLatest* shared, const Clock& clock) {
  LiveOptions options;
  options.folder = config.dir;
  options.io_threads = IoThreads(config);
  options.ring_size = kRingSize;
  options.feature_entities = config.feature_entities;
  options.shared_features = shared;
  HONE_ASSIGN_OR_RETURN(options.policy, LoadPolicy(config.policy));
  HONE_ASSIGN_OR_RETURN(options.program, OwnProgram());
  Result<std::unique_ptr<LiveEngine>> engine = LiveEngine::Open(options, clock);
  if (!engine.ok() && engine.error().code == ErrorCode::kConflict &&
      engine.error().source.find("lock") != std::string::npos) {
    return Error{ErrorCode::kConflict, "another hone serves this folder; stop it or choose another --dir", config.dir};
  }
  return engine;
}

// Whatever the level of the log; a line of the log where that is JSON.
void Say(const std::string& what) {
  const bool json = log_format() == LogFormat::kJson;
  std::fprintf(stderr, "%s\n", json ? FormatJsonLogLine(LogLevel::kInfo, what, {}).c_str() : ("hone: " + what).c_str());
}

void Announce(const ServeConfig& config, const HttpServer& server, const LiveEngine& engine) {
  const std::size_t models = engine.models().size() + engine.registered().size();
  Say(fmt::format("serving {} model{} of {} on {}://{}:{}", models, models == 1 ? "" : "s", config.dir,
                  config.tls_cert.empty() ? "http" : "https", config.host, server.port()));
  if (models == 0) {
    Say(fmt::format("there is no model in {0} yet; stop, run `hone train --data FILE --dir {0}`, start again",
                    config.dir));
  }
}

// The gRPC server, null where none is wanted.
Result<std::unique_ptr<GrpcServer>> ListenForGrpc(const ServeConfig& config, Api& api, MetricRegistry& metrics,
                                                  Tracer* tracer, HttpServer& server) {
  if (config.grpc_port == 0) return std::unique_ptr<GrpcServer>();
  GrpcServerOptions options;
  options.host = config.host;
  options.port = config.grpc_port;
  options.max_message_bytes = kLargestBody;
  options.version = HONE_VERSION;
  options.tracer = tracer;
  if (!config.tls_cert.empty()) {
    HONE_ASSIGN_OR_RETURN(options.tls_certificate, ReadFile(config.tls_cert, kLargestPem));
    HONE_ASSIGN_OR_RETURN(options.tls_key, ReadFile(config.tls_key, kLargestPem));
  }
  HONE_ASSIGN_OR_RETURN(auto grpc, GrpcServer::Listen(options, api.inference(), api.guard(), metrics, server));
  Say(fmt::format("gRPC on {}:{}", config.host, grpc->port()));
  return grpc;
}

// What SIGHUP asks for: the certificate has been renewed.
void ReadAgain(TlsContext* tls) {
  if (tls == nullptr) return LogInfo("nothing to read again: there is no certificate");
  const Status read = tls->Reload();
  if (read.ok()) {
    LogInfo("the certificate was read again");
  } else {
    LogError("the certificate stays what it was", {{"error", read.error().ToString()}});
  }
}

// Runs engine and servers on threads of their own until a signal. Requests already begun are answered, then the engine
// stores what is left.
void RunUntilStopped(LiveEngine& engine, HttpServer& server, GrpcServer* grpc, TlsContext* tls, Alerting& alerting,
                     StopSignal& signal) {
  std::thread core([&engine] { engine.Run(); });
  std::vector<std::thread> io;
  for (int i = 0; i < server.io_threads(); ++i) io.emplace_back([&server, i] { server.Run(i); });
  while (signal.Wait() == SIGHUP) ReadAgain(tls);
  LogInfo("stopping");
  alerting.Stop();
  if (grpc != nullptr) grpc->Stop(kDrain);  // its calls need the I/O threads
  server.Stop(kDrain);
  for (std::thread& thread : io) thread.join();
  engine.Stop();
  core.join();
}

// Beyond this machine nobody is served without a token.
Status CheckReach(const ServeConfig& config, LiveEngine& engine) {
  if (IsLoopback(config.host) || !config.token.empty()) return OkStatus();
  HONE_ASSIGN_OR_RETURN(const std::vector<AccessToken> tokens, engine.store().tokens.List());
  if (!tokens.empty()) return OkStatus();
  return Error{ErrorCode::kInvalidArgument,
               "listening on " + config.host +
                   " needs a token that callers show: `hone token create --role operate --dir " + config.dir +
                   "` (or set HONE_TOKEN), or listen on 127.0.0.1",
               "--host"};
}

// Null where plain HTTP is wanted.
Result<std::shared_ptr<TlsContext>> LoadTls(const ServeConfig& config) {
  if (config.tls_cert.empty()) return std::shared_ptr<TlsContext>();
  return TlsContext::Load({config.tls_cert, config.tls_key});
}

// Null where no trace goes over TLS.
Result<std::shared_ptr<TlsTrust>> LoadTrust(const ServeConfig& config) {
  if (!config.traces || !config.traces->secure) return std::shared_ptr<TlsTrust>();
  return TlsTrust::Load(config.otlp_ca);
}

Result<std::unique_ptr<Alerting>> StartAlerting(const ServeConfig& config, const LiveEngine& engine, const Clock& clock,
                                                MetricRegistry& metrics) {
  AlertSettings settings = config.alerts;
  settings.options.seed = FreshSeed();
  return Alerting::Start(config.dir, settings, engine.policy().performance, clock, metrics);
}

Status Serve(const ServeConfig& config) {
  RaiseFileLimit();
  HONE_ASSIGN_OR_RETURN(const std::shared_ptr<TlsContext> tls, LoadTls(config));
  HONE_ASSIGN_OR_RETURN(const std::shared_ptr<TlsTrust> trust, LoadTrust(config));
  static const SystemClock clock;  // the log's too, to the end of the program
  SetLogClock(&clock);
  StopSignal signal;
  const std::string gpu = UseGpu();
  LogInfo("GPU for large batches", {{"gpu", gpu}});
  MetricRegistry metrics;
  FeatureSharing sharing(config, metrics);
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveEngine> engine, OpenEngine(config, sharing.shared(), clock));
  HONE_RETURN_IF_ERROR(CheckReach(config, *engine));
  const int threads = IoThreads(config);
  TraceExport traces(config, trust, metrics);
  Tracer tracer(
      clock, {.ratio = config.trace_sample, .lanes = threads + 1, .seed = FreshSeed(), .tls = !config.tls_cert.empty()},
      traces.queue());
  Tracer* const tracing = traces.queue() != nullptr || log_format() == LogFormat::kJson ? &tracer : nullptr;
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<Alerting> alerting, StartAlerting(config, *engine, clock, metrics));
  const std::unique_ptr<Executor> worker = MakeThreadPool(1);
  Api api(*engine, metrics, clock,
          {.io_threads = threads,
           .seed = FreshSeed(),
           .token = config.token,
           .open_without_tokens = IsLoopback(config.host),
           .version = HONE_VERSION,
           .tracer = tracing,
           .gpu = gpu,
           .worker = worker.get(),
           .alerts = &alerting->desk(),
           .shared_features = sharing.shared()});
  HONE_ASSIGN_OR_RETURN(
      const std::unique_ptr<HttpServer> server,
      HttpServer::Listen(
          {.host = config.host, .port = config.port, .io_threads = threads, .max_body_bytes = kLargestBody},
          api.handler(), tls));
  api.Connect(*server);
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<GrpcServer> grpc, ListenForGrpc(config, api, metrics, tracing, *server));
  Announce(config, *server, *engine);
  RunUntilStopped(*engine, *server, grpc.get(), tls.get(), *alerting, signal);
  if (!alerting->StopWithin(kCouriersMayTake)) {
    // All is stored, and what is not known to be delivered is sent again by the next start.
    LogWarning("a receiver of alerts does not let go; it is not waited for");
    std::fflush(nullptr);
    std::_Exit(0);
  }
  return OkStatus();
}

Status ServeWith(const ServeFlags& flags, bool level_given) {
  HONE_ASSIGN_OR_RETURN(const ServeConfig config,
                        ReadServeConfig(flags, [](const char* name) { return std::getenv(name); }));
  if (!config.log_level.empty() && !level_given) {
    HONE_ASSIGN_OR_RETURN(const LogLevel level, ParseLogLevel(config.log_level));
    SetLogLevel(level);
  }
  if (!config.log_format.empty()) {
    HONE_ASSIGN_OR_RETURN(const LogFormat format, ParseLogFormat(config.log_format));
    SetLogFormat(format);
  }
  return Serve(config);
}

}  // namespace

void AddServeCommand(Command app, Option log_level) {
  Command command = app.AddCommand("serve", "Serve the models of a folder over HTTP and keep them sharp");
  auto flags = std::make_shared<ServeFlags>();
  command.AddOption("--dir", flags->dir, "folder of all state [./hone-data]");
  command.AddOption("--port", flags->port, "port to listen on, 0 for any free one [8000]").Between(0, 65535);
  command.AddOption("--grpc-port", flags->grpc_port, "port of the Open Inference Protocol over gRPC, 0 for none [0]")
      .Between(0, 65535);
  command.AddOption("--host", flags->host, "address to listen on [127.0.0.1]; beyond this machine needs a token");
  command.AddOption("--threads", flags->threads, "I/O threads [one a core, at most 4]").Between(1, 256);
  command.AddOption("--tls-cert", flags->tls_cert,
                    "PEM certificate (and chain): HTTPS and gRPC over TLS; with --tls-key");
  command.AddOption("--tls-key", flags->tls_key, "PEM private key of the certificate");
  command.AddOption("--policy", flags->policy, "policy YAML; without it, the defaults");
  command.AddOption("--config", flags->config, "configuration YAML; flags and HONE_... variables win over it");
  command.AddOption("--log-format", flags->log_format, "text or json: one object a line [text]")
      .OneOf({"text", "json"});
  command.AddOption("--otlp-endpoint", flags->otlp_endpoint,
                    "where traces go, OTLP/HTTP, such as http://127.0.0.1:4318 [OTEL_EXPORTER_OTLP_ENDPOINT, or none]");
  command.AddOption("--otlp-ca", flags->otlp_ca,
                    "PEM authorities that an https endpoint is believed by [the system's]");
  command.AddOption("--trace-sample", flags->trace_sample, "share of the traces that begin here to record, 0 to 1 [1]")
      .Between(0.0, 1.0);
  command.OnChoice([flags, log_level] { return ExitCodeOf(ServeWith(*flags, log_level.given())); });
}

}  // namespace hone
