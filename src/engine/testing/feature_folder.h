// Tests only: a folder in which features are registered, and model YAML that names them.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "engine/live_store.h"
#include "engine/model_definition.h"
#include "storage/testing/temporary_folder.h"

namespace hone {

// Each way a definition has of being computed; values of `rise` are missing whenever the close falls.
inline constexpr char kRegisteredFeatures[] =
    "  - {name: trend, expression: 'close / ema(close, 20) - 1'}\n"
    "  - {name: calm_trend, expression: trend, aggregation: mean, window: 5, normalise: zscore, normalise_window: 30}\n"
    "  - {name: span, expression: 'high - low', aggregation: max, window: 3, normalise: min_max, normalise_window: "
    "22}\n"
    "  - {name: rise, expression: 'log(close - close[1])'}\n"
    "  - {name: last_rise, expression: rise, fill: forward}\n"
    "  - {name: usual_rise, expression: rise, fill: mean}\n"
    "  - {name: no_rise, expression: rise, fill: zero}\n"
    "  - {name: up, kind: binary, expression: 'close > close[1]', aggregation: min, window: 2}\n"
    "  - {name: weekday, kind: categorical, expression: day_of_week}\n"
    "  - {name: state, kind: embedding, dependencies: [trend, up]}\n";

inline constexpr char kModelOfRegistered[] =
    "name: named\ntarget: return\nfeatures: [trend, usual_rise, 'calm_trend * 100', rsi_14]\n"
    "persistence: trend\nwindows: [0]\n"
    "recipes:\n  - {name: ridge, learner: ridge, features: [trend, usual_rise, 'calm_trend * 100']}\n";

class FeatureFolder : public testing::Test {
 protected:
  void SetUp() override { Register(kRegisteredFeatures); }

  void Register(const std::string& entries) {
    const auto store = LiveStore::Open(folder_.path());
    auto registered = RegisteredFeatures::Load(*(*store)->database);
    const auto done = registered->Register("features:\n" + entries, "my.yaml", 5);
    ASSERT_TRUE(done.ok()) << done.error().ToString();
  }
  void Execute(const std::string& sql) {
    const auto store = LiveStore::Open(folder_.path());
    const Status done = (*store)->database->Execute(sql);
    ASSERT_TRUE(done.ok()) << done.error().ToString();
  }
  // `keeper`: a model whose features are kept.
  Result<ModelDefinition> Read(const std::string& yaml, const std::string& keeper = "") {
    const auto store = LiveStore::Open(folder_.path());
    HONE_ASSIGN_OR_RETURN(const RegisteredFeatures registered, RegisteredFeatures::Load(*(*store)->database));
    FeatureSources sources{&registered, nullptr};
    std::optional<StoredDefinition> kept;
    if (!keeper.empty()) {
      HONE_ASSIGN_OR_RETURN(kept, (*store)->definitions.Get(keeper));
      sources.kept = &kept->model.pinned;
    }
    return ReadModelDefinition(yaml, "my.yaml", sources);
  }
  std::string Refusal(const std::string& yaml) {
    const auto model = Read(yaml);
    return model.ok() ? "" : model.error().ToString();
  }
  static std::string WithFeatures(const std::string& list) {
    return "name: named\npersistence: rsi_14\nfeatures: [" + list +
           ", rsi_14]\nrecipes:\n  - {name: a, learner: ridge, features: [rsi_14]}\n";
  }

  TemporaryFolder folder_;
};

}  // namespace hone
