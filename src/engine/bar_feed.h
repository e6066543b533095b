// Bars in, feature rows and matured labels out: the one way bars become rows, in replay and in serve.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/model_definition.h"
#include "features/feature_set.h"
#include "features/targets/target.h"
#include "market/bar.h"

namespace hone {

// Not thread-safe; one object an instrument and model.
class BarFeed {
 public:
  static Result<BarFeed> Make(const ModelDefinition& model, SeriesTraits traits);

  struct Step {
    bool ready = false;                // the features are warmed up: a prediction can be made
    std::span<const double> features;  // valid until the next Update
    std::optional<double> label;       // of the row `horizon` ready bars ago, known now
  };
  Step Update(const Bar& bar);

  const FeatureSet& features() const { return features_; }

 private:
  BarFeed(FeatureSet features, std::unique_ptr<Target> target);

  FeatureSet features_;
  std::unique_ptr<Target> target_;
  std::vector<double> row_;
  std::deque<bool> ready_;  // of the newest horizon bars
};

}  // namespace hone
