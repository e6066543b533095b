#include "engine/version_artifact.h"

#include <utility>

#include "features/catalogue.h"
#include "registry/model_artifacts.h"

namespace hone {

Result<std::string> StoreVersion(const ArtifactStore& artifacts, const StoredDefinition& definition,
                                 const std::string& recipe, std::span<const ModelPiece> pieces) {
  Manifest manifest;
  manifest.model = definition.model.name;
  manifest.recipe = recipe;
  manifest.target = definition.model.target;
  for (const std::string& name : definition.model.features) {
    HONE_ASSIGN_OR_RETURN(const FeatureDefinition* feature, FindFeature(name));
    manifest.features.push_back({name, DefinitionHash(*feature, definition.traits)});
  }
  return StoreModel(artifacts, std::move(manifest), pieces);
}

}  // namespace hone
