// Models from files behind a real server on a free port, with an engine that stores what is logged.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

#include "api/testing/running_api_test.h"
#include "registry/model_file_version.h"
#include "storage/testing/temporary_folder.h"

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
    running_.emplace(options, clock_, ApiOptions{.heartbeat = heartbeat}, with_engine);
  }

  LiveEngine& engine() { return running_->engine(); }
  Api& api() { return running_->api(); }
  HttpServer& server() { return running_->server(); }

  HttpAnswer Get(const std::string& target) { return running_->Get(target); }
  HttpAnswer Post(const std::string& target, const std::string& body, const HttpHeaders& headers = {}) {
    return running_->Post(target, body, headers);
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
  std::optional<RunningApi> running_;
};

}  // namespace hone::testing_api
