// Models to artifacts and back.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "models/assemble.h"
#include "models/model.h"
#include "records/version_record.h"
#include "registry/manifest.h"
#include "storage/artifact_store.h"

namespace hone {

// Stores each piece's native file and the manifest, whose `pieces` are filled in here from `pieces` (columns index
// manifest.features). Returns the manifest's address: VersionRecord::artifact. kInvalidArgument when a column is not a
// feature.
Result<std::string> StoreModel(const ArtifactStore& artifacts, Manifest manifest, std::span<const ModelPiece> pieces);

// Checks and stores a manifest whose files are stored already; returns its address.
Result<std::string> StoreManifest(const ArtifactStore& artifacts, const Manifest& manifest);

// Reads and checks the manifest at `address`.
Result<Manifest> LoadManifest(const ArtifactStore& artifacts, const std::string& address);

// The pieces of a manifest with their files.
Result<std::vector<ModelPiece>> LoadPieces(const ArtifactStore& artifacts, const Manifest& manifest);

// Ensembles may be members of ensembles, so many levels deep, with so many models below them in all. None is its own
// member, at whatever depth: a manifest's address is the hash of what it holds, its members' addresses too.
inline constexpr int kDeepestEnsemble = 3;
inline constexpr int kMostEnsembleModels = 64;

// The ensemble of a manifest that has one, its members loaded: each answers a row of manifest.features. kInvalidData,
// kCorrupt, kNotFound name the member; kInvalidData, too, beyond the limits above.
Result<ModelPointer> LoadEnsemble(const ArtifactStore& artifacts, const Manifest& manifest);

// The model behind a manifest; answers rows of manifest.features. Errors name the file: kCorrupt when bytes do not
// match their address or are no model of the format, kNotFound when a file is missing.
Result<ModelPointer> LoadModel(const ArtifactStore& artifacts, const std::string& address);

// LoadModel of the version's artifact; also checks that the manifest is of the record's model.
Result<ModelPointer> LoadVersion(const ArtifactStore& artifacts, const VersionRecord& record);

}  // namespace hone
