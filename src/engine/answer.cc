#include "engine/answer.h"

#include <algorithm>

#include "serving/snapshot.h"

namespace hone {

std::size_t PersistenceColumn(const ModelDefinition& model) {
  return static_cast<std::size_t>(std::find(model.features.begin(), model.features.end(), model.persistence) -
                                  model.features.begin());
}

Prediction AnswerRow(const ImprovementLoop& loop, Time now, std::span<const double> features, IdGenerator& ids,
                     Random& router) {
  const ImprovementLoop::Routing routing = loop.routing();
  Prediction prediction;
  prediction.id = ids.Next(now);
  prediction.time = now;
  prediction.model = loop.model().name;
  prediction.features.assign(features.begin(), features.end());
  const bool canary = routing.challenger && router.Uniform() < routing.share;
  prediction.role = canary ? Role::kCanary : routing.frozen ? Role::kFallback : Role::kChampion;
  prediction.propensity = !routing.challenger ? 1 : canary ? routing.share : 1 - routing.share;
  if (prediction.role == Role::kFallback) {
    prediction.version = kPersistenceVersion;
    prediction.value = features[PersistenceColumn(loop.model())];
    return prediction;
  }
  const TrainedVersion& version = canary ? *routing.challenger : *routing.champion;
  prediction.version = version.name;
  prediction.value = version.model->Predict(features);
  return prediction;
}

}  // namespace hone
