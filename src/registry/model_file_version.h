// A version from a model file that others trained: registered as it is, served as it stands.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "models/ensemble/ensemble_file.h"
#include "models/model_file.h"
#include "registry/version_store.h"
#include "storage/artifact_store.h"

namespace hone {

// VersionRecord::recipe of such a version.
inline constexpr const char* kFileRecipe = "file";

struct ModelFileVersion {
  std::string model;                    // [a-z0-9_-], 1-64 characters; new, or of versions from files
  std::string bytes;                    // of any format hone reads (models/model_file.h)
  std::string source;                   // names the file in errors
  std::optional<VersionNumber> number;  // without it, the one after the highest: a major one where the columns differ
  Time created = 0;
};

// What such a file holds.
struct FileContent {
  std::string format;                    // as DetectModelFormat says
  ModelFile file;                        // of a model
  std::optional<EnsembleFile> ensemble;  // of an ensemble, which is resolved when it is registered
};

// Reads a file and lets the model in it answer a row of zeros, which must be finite. Needs no store and may take a
// second of a large one: any thread. Errors: those of ReadModelFile and ReadEnsembleFile.
Result<FileContent> ReadFileContent(std::string_view bytes, const std::string& source);

// Reads the file, stores it as an artifact and adds it in stage staging, validated by its answer to a row of zeros. Its
// features have the file's names, or column_0, column_1, ... where it gives none. Of an ensemble the members are looked
// up and pinned (ensemble_version.h). Errors are those of ReadFileContent, ResolveEnsemble and VersionStore;
// kInvalidArgument for a name that is none, kConflict for a model that hone trains, and for a file whose answers have
// another size than those of the versions before. Joins the caller's transaction.
Result<VersionRecord> RegisterModelFile(VersionStore& versions, const ArtifactStore& artifacts,
                                        const ModelFileVersion& version);
// The same for a file that ReadFileContent has read: `content` is of version.bytes.
Result<VersionRecord> RegisterModelFile(VersionStore& versions, const ArtifactStore& artifacts,
                                        const ModelFileVersion& version, const FileContent& content);

// The file of a version that RegisterModelFile made, read again; of an ensemble the whole, members and all.
Result<ModelFile> LoadModelFile(const ArtifactStore& artifacts, const VersionRecord& record);

}  // namespace hone
