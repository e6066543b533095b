// Which versions of models read a feature, as their manifests tell.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "registry/version_store.h"
#include "storage/artifact_store.h"

namespace hone {

struct FeatureConsumer {
  std::string model, version, stage;
  std::string feature;  // as the model names it
};

// Versions with a feature whose definition's hash is one of `definitions`, by model and version. A version without an
// artifact (it is being trained) has none yet.
Result<std::vector<FeatureConsumer>> ConsumersOf(const std::set<std::string>& definitions, VersionStore& versions,
                                                 const ArtifactStore& artifacts);

}  // namespace hone
