#include "engine/feature_consumers.h"

#include "registry/manifest.h"

namespace hone {
namespace {

Status AddConsumers(const VersionRecord& record, const std::set<std::string>& definitions,
                    const ArtifactStore& artifacts, std::vector<FeatureConsumer>& consumers) {
  if (record.artifact.empty()) return OkStatus();
  HONE_ASSIGN_OR_RETURN(const std::string text, artifacts.Get(record.artifact));
  HONE_ASSIGN_OR_RETURN(const Manifest manifest, ReadManifest(text, record.artifact));
  for (const ManifestFeature& feature : manifest.features) {
    if (!definitions.contains(feature.definition)) continue;
    consumers.push_back({record.model, record.number.ToString(), StageName(record.stage), feature.name});
  }
  return OkStatus();
}

}  // namespace

Result<std::vector<FeatureConsumer>> ConsumersOf(const std::set<std::string>& definitions, VersionStore& versions,
                                                 const ArtifactStore& artifacts) {
  std::vector<FeatureConsumer> consumers;
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> models, versions.Models());
  for (const std::string& model : models) {
    HONE_ASSIGN_OR_RETURN(const std::vector<VersionRecord> records, versions.List(model));
    for (const VersionRecord& record : records) {
      HONE_RETURN_IF_ERROR(AddConsumers(record, definitions, artifacts, consumers));
    }
  }
  return consumers;
}

}  // namespace hone
