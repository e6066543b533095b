#include "engine/bar_feed.h"

namespace hone {

Result<BarFeed> BarFeed::Make(const ModelDefinition& model, SeriesTraits traits) {
  HONE_ASSIGN_OR_RETURN(FeatureSet features, FeatureSet::Make(model.features, traits, model.pinned.definitions()));
  HONE_ASSIGN_OR_RETURN(std::unique_ptr<Target> target, MakeTarget(model.target, model.horizon, traits));
  return BarFeed(std::move(features), std::move(target));
}

BarFeed::BarFeed(FeatureSet features, std::unique_ptr<Target> target)
    : features_(std::move(features)), target_(std::move(target)), row_(features_.width()) {}

BarFeed::Step BarFeed::Update(const Bar& bar) {
  Step step;
  step.label = target_->Update(bar);
  if (step.label) {
    if (!ready_.front()) step.label.reset();  // its bar had no features: nobody was asked
    ready_.pop_front();
  }
  step.ready = features_.Update(bar, row_);
  step.features = row_;
  ready_.push_back(step.ready);
  return step;
}

}  // namespace hone
