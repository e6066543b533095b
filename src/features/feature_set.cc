#include "features/feature_set.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hone {

Result<FeatureSet> FeatureSet::Make(const std::vector<std::string>& names, SeriesTraits traits) {
  if (names.empty()) return Error{ErrorCode::kInvalidArgument, "a model needs at least one", "", 0, "features"};
  FeatureSet set;
  for (const std::string& name : names) {
    HONE_ASSIGN_OR_RETURN(const FeatureDefinition* definition, FindFeature(name));
    if (std::find(set.names_.begin(), set.names_.end(), name) != set.names_.end()) {
      return Error{ErrorCode::kInvalidArgument, "the feature is listed twice", "", 0, name};
    }
    set.names_.push_back(name);
    set.hashes_.push_back(DefinitionHash(*definition, traits));
    set.features_.push_back(definition->make(traits));
    set.warmup_ = std::max(set.warmup_, set.features_.back()->warmup());
  }
  return set;
}

bool FeatureSet::Update(const Bar& bar, std::span<double> out) {
  for (std::size_t i = 0; i < features_.size(); ++i) {
    const double value = features_[i]->Update(bar);
    // One NaN for all: its bits go into fingerprints.
    out[i] = std::isfinite(value) ? value : std::numeric_limits<double>::quiet_NaN();
  }
  if (seen_ < warmup_) ++seen_;
  return seen_ >= warmup_;
}

}  // namespace hone
