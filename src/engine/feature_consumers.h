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

// By what a manifest tells a feature: the hash of its definition, or the registered features that it is or names.
struct ConsumedFeatures {
  std::set<std::string> definitions;  // hashes
  std::set<std::string> registered;   // "trend@2"
};

// Versions with a feature that is one of these, by model and version. A version without an artifact (it is being
// trained) has none yet.
Result<std::vector<FeatureConsumer>> ConsumersOf(const ConsumedFeatures& consumed, VersionStore& versions,
                                                 const ArtifactStore& artifacts);

}  // namespace hone
