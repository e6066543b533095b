// hone serve: one folder's models over HTTP, kept sharp, until SIGTERM or SIGINT.
#include <CLI/CLI.hpp>
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
#include "base/log.h"
#include "engine/live_engine.h"
#include "hone/commands.h"
#include "hone/inputs.h"
#include "hone/serve_config.h"
#include "hone/state_folder.h"
#include "hone/stop_signal.h"
#include "hone/system_clock.h"

namespace hone {
namespace {

constexpr Duration kDrain = 3 * kSecond;
constexpr unsigned kMostThreads = 4;
constexpr std::size_t kRingSize = 1 << 14;  // a commit of the store takes that many rows of a batch at once
constexpr std::size_t kLargestBody = std::size_t{64} << 20;  // 100,000 rows of 80 numbers as bytes, of 30 as text

int IoThreads(const ServeConfig& config) {
  if (config.threads > 0) return config.threads;
  return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, kMostThreads));
}

std::uint64_t FreshSeed() {
  std::random_device device;
  return static_cast<std::uint64_t>(device()) << 32 | device();
}

Result<std::unique_ptr<LiveEngine>> OpenEngine(const ServeConfig& config, const Clock& clock) {
  LiveOptions options;
  options.folder = config.dir;
  options.io_threads = IoThreads(config);
  options.ring_size = kRingSize;
  HONE_ASSIGN_OR_RETURN(options.policy, LoadPolicy(config.policy));
  HONE_ASSIGN_OR_RETURN(options.program, OwnProgram());
  Result<std::unique_ptr<LiveEngine>> engine = LiveEngine::Open(options, clock);
  if (!engine.ok() && engine.error().code == ErrorCode::kConflict &&
      engine.error().source.find("lock") != std::string::npos) {
    return Error{ErrorCode::kConflict, "another hone serves this folder; stop it or choose another --dir", config.dir};
  }
  return engine;
}

void Announce(const ServeConfig& config, const HttpServer& server, const LiveEngine& engine) {
  const std::size_t models = engine.models().size() + engine.registered().size();
  std::fprintf(stderr, "hone: serving %zu model%s of %s on http://%s:%d\n", models, models == 1 ? "" : "s",
               config.dir.c_str(), config.host.c_str(), server.port());
  if (models == 0) {
    std::fprintf(stderr,
                 "hone: there is no model in %s yet; stop, run `hone train --data FILE --dir %s`, start again\n",
                 config.dir.c_str(), config.dir.c_str());
  }
}

// The gRPC server, null where none is wanted.
Result<std::unique_ptr<GrpcServer>> ListenForGrpc(const ServeConfig& config, Api& api, MetricRegistry& metrics,
                                                  HttpServer& server) {
  if (config.grpc_port == 0) return std::unique_ptr<GrpcServer>();
  GrpcServerOptions options;
  options.host = config.host;
  options.port = config.grpc_port;
  options.max_message_bytes = kLargestBody;
  options.version = HONE_VERSION;
  HONE_ASSIGN_OR_RETURN(auto grpc, GrpcServer::Listen(options, api.inference(), api.guard(), metrics, server));
  std::fprintf(stderr, "hone: gRPC on %s:%d\n", config.host.c_str(), grpc->port());
  return grpc;
}

// Runs engine and servers on threads of their own until a signal. Requests already begun are answered, then the engine
// stores what is left.
void RunUntilStopped(LiveEngine& engine, HttpServer& server, GrpcServer* grpc, StopSignal& signal) {
  std::thread core([&engine] { engine.Run(); });
  std::vector<std::thread> io;
  for (int i = 0; i < server.io_threads(); ++i) io.emplace_back([&server, i] { server.Run(i); });
  signal.Wait();
  LogInfo("stopping");
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

Status Serve(const ServeConfig& config) {
  const SystemClock clock;
  StopSignal signal;
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveEngine> engine, OpenEngine(config, clock));
  HONE_RETURN_IF_ERROR(CheckReach(config, *engine));
  MetricRegistry metrics;
  const int threads = IoThreads(config);
  const std::unique_ptr<Executor> worker = MakeThreadPool(1);
  Api api(*engine, metrics, clock,
          {.io_threads = threads,
           .seed = FreshSeed(),
           .token = config.token,
           .open_without_tokens = IsLoopback(config.host),
           .version = HONE_VERSION,
           .worker = worker.get()});
  HONE_ASSIGN_OR_RETURN(
      const std::unique_ptr<HttpServer> server,
      HttpServer::Listen(
          {.host = config.host, .port = config.port, .io_threads = threads, .max_body_bytes = kLargestBody},
          api.handler()));
  api.Connect(*server);
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<GrpcServer> grpc, ListenForGrpc(config, api, metrics, *server));
  Announce(config, *server, *engine);
  RunUntilStopped(*engine, *server, grpc.get(), signal);
  return OkStatus();
}

Status ServeWith(const ServeFlags& flags, bool level_given) {
  HONE_ASSIGN_OR_RETURN(const ServeConfig config,
                        ReadServeConfig(flags, [](const char* name) { return std::getenv(name); }));
  if (!config.log_level.empty() && !level_given) {
    HONE_ASSIGN_OR_RETURN(const LogLevel level, ParseLogLevel(config.log_level));
    SetLogLevel(level);
  }
  return Serve(config);
}

}  // namespace

void AddServeCommand(CLI::App& app, Commands& commands, int& exit_code) {
  CLI::App* command = app.add_subcommand("serve", "Serve the models of a folder over HTTP and keep them sharp");
  auto flags = std::make_shared<ServeFlags>();
  command->add_option("--dir", flags->dir, "folder of all state [./hone-data]");
  command->add_option("--port", flags->port, "port to listen on, 0 for any free one [8000]")
      ->check(CLI::Range(0, 65535));
  command->add_option("--grpc-port", flags->grpc_port, "port of the Open Inference Protocol over gRPC, 0 for none [0]")
      ->check(CLI::Range(0, 65535));
  command->add_option("--host", flags->host, "address to listen on [127.0.0.1]; beyond this machine needs a token");
  command->add_option("--threads", flags->threads, "I/O threads [one a core, at most 4]")->check(CLI::Range(1, 256));
  command->add_option("--policy", flags->policy, "policy YAML; without it, the defaults");
  command->add_option("--config", flags->config, "configuration YAML; flags and HONE_... variables win over it");
  const CLI::Option* level = app.get_option("--log-level");
  command->callback([&commands, &exit_code, flags, level] {
    commands.Choose([&exit_code, flags, level] {
      const Status status = ServeWith(*flags, level->count() > 0);
      if (!status.ok()) exit_code = Fail(status.error());
    });
  });
}

}  // namespace hone
