#include "registry/model_file_version.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "base/sha256.h"
#include "models/ensemble/voting_ensemble.h"
#include "registry/ensemble_version.h"
#include "registry/model_artifacts.h"

namespace hone {
namespace {

constexpr std::size_t kLongestName = 64;

bool IsModelName(const std::string& name) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789_-";
  return !name.empty() && name.size() <= kLongestName && name.find_first_not_of(kLetters) == std::string::npos;
}

// An answer that is not finite to so plain a row is a file that went wrong.
Status SmokeTest(const Model& model, const std::string& source) {
  const std::vector<double> row(model.width(), 0.0);
  std::vector<double> answer(model.outputs());
  model.PredictAll(row, answer);
  for (const double value : answer) {
    if (std::isfinite(value)) continue;
    return Error{ErrorCode::kInvalidData, fmt::format("answers {} to a row of zeros", value), source};
  }
  return OkStatus();
}

Manifest ManifestOf(const ModelFileVersion& version, const ModelFile& file) {
  Manifest manifest{version.model, kFileRecipe, "", {}, {}, {}};
  for (std::size_t i = 0; i < file.model->width(); ++i) {
    const std::string name = file.features.empty() ? fmt::format("column_{}", i) : file.features[i];
    // Nothing but its name is known of a feature that others made.
    manifest.features.push_back({name, Sha256Hex(name)});
  }
  return manifest;
}

// Versions of a model can take each other's place.
Status CheckOutputs(const ArtifactStore& artifacts, const std::vector<VersionRecord>& before, const Model& model,
                    const std::string& source) {
  if (before.empty()) return OkStatus();
  HONE_ASSIGN_OR_RETURN(const ModelPointer newest, LoadVersion(artifacts, before.back()));
  if (newest->outputs() == model.outputs()) return OkStatus();
  return Error{ErrorCode::kConflict,
               fmt::format("answers {} numbers, {} {} answers {}", model.outputs(), before.back().model,
                           before.back().number.ToString(), newest->outputs()),
               source};
}

// What kind of change it is to the newest version: the columns tell.
Result<ChangeType> ChangeSince(const ArtifactStore& artifacts, const std::vector<VersionRecord>& before,
                               const Manifest& manifest) {
  if (before.empty()) return ChangeType::kArchitecture;
  HONE_ASSIGN_OR_RETURN(const Manifest newest, LoadManifest(artifacts, before.back().artifact));
  return newest.features == manifest.features ? ChangeType::kRetrain : ChangeType::kArchitecture;
}

Status CheckModel(const ModelFileVersion& version, const std::vector<VersionRecord>& before) {
  if (!IsModelName(version.model)) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("a model's name must be 1 to 64 of a-z, 0-9, _ and -, is '{}'", version.model)};
  }
  for (const VersionRecord& record : before) {
    if (record.recipe != kFileRecipe) {
      return Error{ErrorCode::kConflict,
                   fmt::format("{} is a model that hone trains; register the file under another name", version.model)};
    }
    if (version.number && record.number == *version.number) {
      return Error{ErrorCode::kConflict, fmt::format("{} {} exists already", version.model, record.number.ToString())};
    }
  }
  return OkStatus();
}

// What a version is made of, all but its place in the registry.
struct Parts {
  Manifest manifest;
  std::vector<ModelPiece> pieces;  // of a model file
  ModelPointer model;
  nlohmann::ordered_json parameters;
};

Parts PartsOfFile(const ModelFileVersion& version, const FileContent& content) {
  Parts parts{ManifestOf(version, content.file), {}, content.file.model, {}};
  ModelPiece piece{kFileRecipe, content.format, version.bytes, {}};
  piece.columns.resize(parts.model->width());
  std::iota(piece.columns.begin(), piece.columns.end(), 0U);
  parts.pieces.push_back(std::move(piece));
  parts.parameters["format"] = content.format;
  return parts;
}

Result<Parts> PartsOfEnsemble(VersionStore& versions, const ArtifactStore& artifacts, const ModelFileVersion& version,
                              const EnsembleFile& file) {
  Parts parts{{version.model, kFileRecipe, "", {}, {}, {}}, {}, nullptr, {}};
  HONE_RETURN_IF_ERROR(ResolveEnsemble(versions, artifacts, file, version.source, parts.manifest));
  HONE_ASSIGN_OR_RETURN(parts.model, LoadEnsemble(artifacts, parts.manifest));
  parts.parameters = {{"format", "ensemble"}, {"rule", parts.manifest.ensemble->rule}};
  nlohmann::ordered_json members = nlohmann::ordered_json::array();
  for (const EnsembleMember& member : parts.model->ensemble()->members()) {
    members.push_back({{"model", member.model}, {"version", member.version}, {"weight", member.weight}});
  }
  parts.parameters["members"] = std::move(members);
  return parts;
}

Result<std::string> StoreParts(const ArtifactStore& artifacts, const Parts& parts) {
  if (parts.manifest.ensemble) return StoreManifest(artifacts, parts.manifest);
  return StoreModel(artifacts, parts.manifest, parts.pieces);
}

Result<VersionRecord> AddVersion(VersionStore& versions, const ArtifactStore& artifacts,
                                 const ModelFileVersion& version, const std::vector<VersionRecord>& before,
                                 Parts parts) {
  VersionRecord record;
  record.model = version.model;
  record.stage = Stage::kStaging;
  record.recipe = kFileRecipe;
  HONE_ASSIGN_OR_RETURN(record.change, ChangeSince(artifacts, before, parts.manifest));
  record.parent = before.empty() ? "" : before.back().number.ToString();
  HONE_ASSIGN_OR_RETURN(record.artifact, StoreParts(artifacts, parts));
  parts.parameters["columns"] = parts.model->width();
  parts.parameters["outputs"] = parts.model->outputs();
  record.parameters = parts.parameters.dump();
  record.metrics = "{}";
  record.created = version.created;
  if (!version.number) return versions.Register(std::move(record));
  record.number = *version.number;
  return versions.RegisterAs(std::move(record));
}

}  // namespace

Result<FileContent> ReadFileContent(std::string_view bytes, const std::string& source) {
  FileContent content;
  HONE_ASSIGN_OR_RETURN(content.format, DetectModelFormat(bytes, source));
  if (content.format == "ensemble") {
    HONE_ASSIGN_OR_RETURN(content.ensemble, ReadEnsembleFile(bytes, source));
    return content;
  }
  HONE_ASSIGN_OR_RETURN(content.file, ReadModelFile(bytes, source));
  HONE_RETURN_IF_ERROR(SmokeTest(*content.file.model, source));
  return content;
}

Result<VersionRecord> RegisterModelFile(VersionStore& versions, const ArtifactStore& artifacts,
                                        const ModelFileVersion& version) {
  HONE_ASSIGN_OR_RETURN(const FileContent content, ReadFileContent(version.bytes, version.source));
  return RegisterModelFile(versions, artifacts, version, content);
}

Result<VersionRecord> RegisterModelFile(VersionStore& versions, const ArtifactStore& artifacts,
                                        const ModelFileVersion& version, const FileContent& content) {
  HONE_ASSIGN_OR_RETURN(const std::vector<VersionRecord> before, versions.List(version.model));
  HONE_RETURN_IF_ERROR(CheckModel(version, before));
  Parts parts;
  if (content.ensemble) {
    HONE_ASSIGN_OR_RETURN(parts, PartsOfEnsemble(versions, artifacts, version, *content.ensemble));
  } else {
    parts = PartsOfFile(version, content);
  }
  HONE_RETURN_IF_ERROR(CheckOutputs(artifacts, before, *parts.model, version.source));
  HONE_ASSIGN_OR_RETURN(const VersionRecord record, AddVersion(versions, artifacts, version, before, std::move(parts)));
  HONE_RETURN_IF_ERROR(versions.MarkValidated(record.model, record.number.ToString()));
  return versions.Get(record.model, record.number.ToString());
}

Result<ModelFile> LoadModelFile(const ArtifactStore& artifacts, const VersionRecord& record) {
  HONE_ASSIGN_OR_RETURN(const Manifest manifest, LoadManifest(artifacts, record.artifact));
  if (manifest.ensemble) {
    ModelFile file{"ensemble", nullptr, {}};
    HONE_ASSIGN_OR_RETURN(file.model, LoadEnsemble(artifacts, manifest));
    if (HasPositionsOnly(manifest)) return file;
    for (const ManifestFeature& feature : manifest.features) file.features.push_back(feature.name);
    return file;
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<ModelPiece> pieces, LoadPieces(artifacts, manifest));
  return ReadModelFile(pieces.front().bytes, artifacts.PathOf(manifest.pieces.front().file).string());
}

}  // namespace hone
