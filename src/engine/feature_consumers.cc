#include "engine/feature_consumers.h"

#include <algorithm>

#include "registry/manifest.h"

namespace hone {
namespace {

bool Consumes(const ManifestFeature& feature, const ConsumedFeatures& consumed) {
  const auto is_named = [&consumed](const std::string& key) { return consumed.registered.contains(key); };
  return consumed.definitions.contains(feature.definition) || std::ranges::any_of(feature.registered, is_named);
}

Status AddConsumers(const VersionRecord& record, const ConsumedFeatures& consumed, const ArtifactStore& artifacts,
                    std::vector<FeatureConsumer>& consumers) {
  if (record.artifact.empty()) return OkStatus();
  HONE_ASSIGN_OR_RETURN(const std::string text, artifacts.Get(record.artifact));
  HONE_ASSIGN_OR_RETURN(const Manifest manifest, ReadManifest(text, record.artifact));
  for (const ManifestFeature& feature : manifest.features) {
    if (!Consumes(feature, consumed)) continue;
    consumers.push_back({record.model, record.number.ToString(), StageName(record.stage), feature.name});
  }
  return OkStatus();
}

}  // namespace

Result<std::vector<FeatureConsumer>> ConsumersOf(const ConsumedFeatures& consumed, VersionStore& versions,
                                                 const ArtifactStore& artifacts) {
  std::vector<FeatureConsumer> consumers;
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> models, versions.Models());
  for (const std::string& model : models) {
    HONE_ASSIGN_OR_RETURN(const std::vector<VersionRecord> records, versions.List(model));
    for (const VersionRecord& record : records) {
      HONE_RETURN_IF_ERROR(AddConsumers(record, consumed, artifacts, consumers));
    }
  }
  return consumers;
}

}  // namespace hone
