// The artifact of a version of a live model: its pieces and the manifest that names features with their definitions.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "engine/definition_store.h"
#include "models/assemble.h"
#include "storage/artifact_store.h"

namespace hone {

// Stores pieces and manifest; returns the manifest's address, VersionRecord::artifact.
Result<std::string> StoreVersion(const ArtifactStore& artifacts, const StoredDefinition& definition,
                                 const std::string& recipe, std::span<const ModelPiece> pieces);

}  // namespace hone
