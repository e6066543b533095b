// The API of a folder behind a real server on a free port, with its engine.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "api/api.h"
#include "engine/live_engine.h"
#include "wire/http_client.h"
#include "wire/http_server.h"
#include "wire/prometheus.h"

namespace hone::testing_api {

class RunningApi {
 public:
  // On `options.io_threads` threads; without its engine nothing is stored. `clock` must outlive it.
  RunningApi(const LiveOptions& options, const Clock& clock, ApiOptions api = {}, bool with_engine = true)
      : engine_(LiveEngine::Open(options, clock).value()) {
    api.io_threads = options.io_threads;
    api.version = "1.2.3";
    api_ = std::make_unique<Api>(*engine_, metrics_, clock, api);
    server_ = HttpServer::Listen({.port = 0, .io_threads = options.io_threads}, api_->handler()).value();
    api_->Connect(*server_);
    for (int i = 0; i < options.io_threads; ++i) io_.emplace_back([this, i] { server_->Run(i); });
    if (with_engine) core_ = std::thread([this] { engine_->Run(); });
    client_.emplace("127.0.0.1", server_->port());
  }
  ~RunningApi() {
    client_.reset();
    server_->Stop(kSecond);
    for (std::thread& thread : io_) thread.join();
    engine_->Stop();
    if (core_.joinable()) core_.join();
    server_.reset();
  }
  RunningApi(const RunningApi&) = delete;
  RunningApi& operator=(const RunningApi&) = delete;

  LiveEngine& engine() { return *engine_; }
  Api& api() { return *api_; }
  HttpServer& server() { return *server_; }

  HttpAnswer Get(const std::string& target) { return client_->Get(target).value(); }
  HttpAnswer Post(const std::string& target, const std::string& body, const HttpHeaders& headers = {}) {
    return client_->Send("POST", target, body, headers).value();
  }

 private:
  MetricRegistry metrics_;
  std::unique_ptr<LiveEngine> engine_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<HttpServer> server_;
  std::vector<std::thread> io_;
  std::thread core_;
  std::optional<HttpClient> client_;
};

}  // namespace hone::testing_api
