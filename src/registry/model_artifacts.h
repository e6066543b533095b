// Models to artifacts and back.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "models/model.h"
#include "records/version_record.h"
#include "registry/manifest.h"
#include "storage/artifact_store.h"

namespace hone {

// Stores the native model file (not for "mean") and the manifest, whose `file` is set here; returns the manifest's
// address: VersionRecord::artifact.
Result<std::string> StoreModel(const ArtifactStore& artifacts, Manifest manifest, std::string_view file_bytes);

// Reads and checks the manifest at `address`.
Result<Manifest> LoadManifest(const ArtifactStore& artifacts, const std::string& address);

// The model behind a manifest: its file read by the reader of its format, projected onto the feature list; a mean of
// such for "mean" (members of a mean are no means). Answers rows of manifest.features. Errors name the file: kCorrupt
// when bytes do not match their address, kInvalidData when they are no model of the format.
Result<ModelPointer> LoadModel(const ArtifactStore& artifacts, const std::string& address);

// LoadModel of the version's artifact; also checks that the manifest is of the record's model.
Result<ModelPointer> LoadVersion(const ArtifactStore& artifacts, const VersionRecord& record);

}  // namespace hone
