// What there is to tell of the feature store, gathered and as JSON: the same for routes and commands.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "engine/feature_consumers.h"
#include "engine/live_store.h"
#include "features/store/bar_history.h"
#include "features/store/feature_lineage.h"
#include "features/store/feature_statistics.h"
#include "features/store/feature_values.h"
#include "features/store/registered_features.h"
#include "features/store/shared_latest.h"
#include "wire/json_writer.h"

namespace hone {

inline constexpr double kToldProbabilities[] = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};

// A definition with all its keys; `definition` is its hash.
void WriteRegistered(const RegisteredFeature& feature, JsonWriter& json);
// {"features": [...]}, each with "status" registered or present.
std::string RegistrationJson(const RegisteredFeatures& registered, const Registration& done, JsonStyle style);

// Those with the word in name, description, kind, expression or tags, whatever its case; "" is in all.
std::vector<const RegisteredFeature*> FoundFeatures(const RegisteredFeatures& registered, std::string_view word);
std::string FoundJson(const std::vector<const RegisteredFeature*>& found, JsonStyle style);

// The newest value of each of the features that has one. kNotFound: no such entity.
Result<EntityLatest> LatestOf(LiveStore& store, const std::vector<const RegisteredFeature*>& features,
                              const std::string& entity);
// `level`: which store answered; "" is not told.
std::string LatestJson(const EntityLatest& latest, std::string_view level, JsonStyle style);

// Of one feature, or of each component of an embedding; over one entity, or over all for "". kNotFound.
struct NamedStatistics {
  const RegisteredFeature* feature = nullptr;
  FeatureStatistics statistics;
};
Result<std::vector<NamedStatistics>> StatisticsOfFeature(LiveStore& store, const RegisteredFeatures& registered,
                                                         const std::string& name, const std::string& entity);
std::string StatisticsJson(const std::vector<NamedStatistics>& all, Time now, JsonStyle style);

// A feature's lineage with the bars its values were made from and the models that read it.
struct SourceBatch {
  std::string entity;
  BarBatch batch;
};
struct FullLineage {
  const RegisteredFeature* feature = nullptr;
  FeatureLineage lineage;
  std::vector<std::string> made_of, used_by;  // "trend@1"
  std::vector<SourceBatch> sources;
  std::vector<FeatureConsumer> models;
};
Result<FullLineage> FullLineageOf(LiveStore& store, const RegisteredFeatures& registered, const std::string& name);
std::string LineageJson(const FullLineage& found, JsonStyle style);

}  // namespace hone
