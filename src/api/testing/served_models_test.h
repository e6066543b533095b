// Models from files behind a real server on a free port, with an engine that stores what is logged.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "api/api.h"
#include "engine/live_engine.h"
#include "registry/model_file_version.h"
#include "storage/testing/temporary_folder.h"
#include "wire/http_client.h"
#include "wire/http_server.h"
#include "wire/prometheus.h"

namespace hone::testing_api {

class SystemTime final : public Clock {
 public:
  Time Now() const override {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
};

// An XGBoost stump over two features for each class: 0.1f where the second feature is below 0.5, else 2.
inline std::string XgboostStumps(const std::string& names, const std::string& classes, const std::string& objective) {
  const int stumps = classes == "0" ? 1 : std::stoi(classes);
  std::string trees, info;
  for (int i = 0; i < stumps; ++i) {
    trees += std::string(i > 0 ? "," : "") +
             R"({"left_children":[1,-1,-1],"right_children":[2,-1,-1],"default_left":[0,0,0],"split_indices":[1,0,0],)"
             R"("split_conditions":[0.5,0.1,)" +
             std::to_string(2 + i) + R"(],"tree_param":{"size_leaf_vector":"0"}})";
    info += (i > 0 ? "," : "") + std::to_string(i);
  }
  return R"({"learner":{"attributes":{},"feature_names":)" + names +
         R"(,"gradient_booster":{"name":"gbtree","model":{"tree_info":[)" + info + R"(],"trees":[)" + trees +
         R"(]}},"learner_model_param":{"base_score":"5E-1","num_feature":"2","num_class":")" + classes +
         R"("},"objective":{"name":")" + objective + R"("}},"version":[2,1,0]})";
}

// The answers of "one".
inline constexpr double kLow = 0.6000000238418579, kHigh = 2.5;

// "one" answers kLow where b < 0.5, else kHigh (features a, b); "three" the shares of three classes
// (features x, y). Both are version 1.0.0. On one I/O thread, unless more are asked for.
class ServedModels {
 public:
  // `ring_size`: predictions that can wait to be stored; without an engine none is.
  explicit ServedModels(std::size_t ring_size = 4096, bool with_engine = true, int io_threads = 1,
                        Duration heartbeat = 10 * kSecond) {
    Register("one", XgboostStumps(R"(["a","b"])", "0", "reg:squarederror"));
    Register("three", XgboostStumps(R"(["x","y"])", "3", "multi:softprob"));
    LiveOptions options;
    options.folder = folder_.path();
    options.ring_size = ring_size;
    options.io_threads = io_threads;
    engine_ = LiveEngine::Open(options, clock_).value();
    api_ = std::make_unique<Api>(*engine_, metrics_, clock_,
                                 ApiOptions{.io_threads = io_threads, .version = "1.2.3", .heartbeat = heartbeat});
    server_ = HttpServer::Listen({.port = 0, .io_threads = io_threads}, api_->handler()).value();
    api_->Connect(*server_);
    for (int i = 0; i < io_threads; ++i) io_.emplace_back([this, i] { server_->Run(i); });
    if (with_engine) core_ = std::thread([this] { engine_->Run(); });
    client_.emplace("127.0.0.1", server_->port());
  }
  ~ServedModels() {
    client_.reset();
    server_->Stop(kSecond);
    for (std::thread& thread : io_) thread.join();
    engine_->Stop();
    if (core_.joinable()) core_.join();
    server_.reset();
  }
  ServedModels(const ServedModels&) = delete;
  ServedModels& operator=(const ServedModels&) = delete;

  LiveEngine& engine() { return *engine_; }
  Api& api() { return *api_; }
  HttpServer& server() { return *server_; }

  HttpAnswer Get(const std::string& target) { return client_->Get(target).value(); }
  HttpAnswer Post(const std::string& target, const std::string& body, const HttpHeaders& headers = {}) {
    return client_->Send("POST", target, body, headers).value();
  }

 private:
  void Register(const std::string& name, const std::string& file) {
    const auto store = LiveStore::Open(folder_.path()).value();
    const auto record =
        RegisterModelFile(store->versions, store->artifacts, {name, file, name, std::nullopt, clock_.Now()});
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    ASSERT_TRUE(store->versions.Activate(name, record->number.ToString()).ok());
  }

  TemporaryFolder folder_;
  SystemTime clock_;
  MetricRegistry metrics_;
  std::unique_ptr<LiveEngine> engine_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<HttpServer> server_;
  std::vector<std::thread> io_;
  std::thread core_;
  std::optional<HttpClient> client_;
};

}  // namespace hone::testing_api
