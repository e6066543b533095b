#include "engine/version_artifact.h"

#include <utility>

#include "features/feature_set.h"
#include "registry/model_artifacts.h"

namespace hone {

Result<std::string> StoreVersion(const ArtifactStore& artifacts, const StoredDefinition& definition,
                                 const std::string& recipe, std::span<const ModelPiece> pieces) {
  Manifest manifest;
  manifest.model = definition.model.name;
  manifest.recipe = recipe;
  manifest.target = definition.model.target;
  const PinnedFeatures& pinned = definition.model.pinned;
  HONE_ASSIGN_OR_RETURN(const FeatureSet features,
                        FeatureSet::Make(definition.model.features, definition.traits, pinned.definitions()));
  for (std::size_t i = 0; i < features.width(); ++i) {
    const std::string& name = features.names()[i];
    manifest.features.push_back({name, features.definition_hash(i), pinned.UsedBy(name)});
  }
  return StoreModel(artifacts, std::move(manifest), pieces);
}

}  // namespace hone
