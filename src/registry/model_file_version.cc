#include "registry/model_file_version.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "base/sha256.h"
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
  Manifest manifest{version.model, kFileRecipe, "", {}, {}};
  for (std::size_t i = 0; i < file.model->width(); ++i) {
    const std::string name = file.features.empty() ? fmt::format("column_{}", i) : file.features[i];
    // Nothing but its name is known of a feature that others made.
    manifest.features.push_back({name, Sha256Hex(name)});
  }
  return manifest;
}

// Versions of a model can take each other's place.
Status CheckOutputs(const ArtifactStore& artifacts, const std::vector<VersionRecord>& before, const ModelFile& file,
                    const std::string& source) {
  if (before.empty()) return OkStatus();
  HONE_ASSIGN_OR_RETURN(const ModelPointer newest, LoadVersion(artifacts, before.back()));
  if (newest->outputs() == file.model->outputs()) return OkStatus();
  return Error{ErrorCode::kConflict,
               fmt::format("answers {} numbers, {} {} answers {}", file.model->outputs(), before.back().model,
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

}  // namespace

Result<VersionRecord> RegisterModelFile(VersionStore& versions, const ArtifactStore& artifacts,
                                        const ModelFileVersion& version) {
  HONE_ASSIGN_OR_RETURN(const std::vector<VersionRecord> before, versions.List(version.model));
  HONE_RETURN_IF_ERROR(CheckModel(version, before));
  HONE_ASSIGN_OR_RETURN(const ModelFile file, ReadModelFile(version.bytes, version.source));
  HONE_RETURN_IF_ERROR(CheckOutputs(artifacts, before, file, version.source));
  HONE_RETURN_IF_ERROR(SmokeTest(*file.model, version.source));
  ModelPiece piece{kFileRecipe, file.format, version.bytes, {}};
  piece.columns.resize(file.model->width());
  std::iota(piece.columns.begin(), piece.columns.end(), 0U);
  const Manifest manifest = ManifestOf(version, file);
  VersionRecord record;
  record.model = version.model;
  record.stage = Stage::kStaging;
  record.recipe = kFileRecipe;
  HONE_ASSIGN_OR_RETURN(record.change, ChangeSince(artifacts, before, manifest));
  record.parent = before.empty() ? "" : before.back().number.ToString();
  HONE_ASSIGN_OR_RETURN(record.artifact, StoreModel(artifacts, manifest, std::span(&piece, 1)));
  record.parameters =
      nlohmann::ordered_json{
          {"format", file.format}, {"columns", file.model->width()}, {"outputs", file.model->outputs()}}
          .dump();
  record.metrics = "{}";
  record.created = version.created;
  if (version.number) {
    record.number = *version.number;
    HONE_ASSIGN_OR_RETURN(record, versions.RegisterAs(std::move(record)));
  } else {
    HONE_ASSIGN_OR_RETURN(record, versions.Register(std::move(record)));
  }
  HONE_RETURN_IF_ERROR(versions.MarkValidated(record.model, record.number.ToString()));
  return versions.Get(record.model, record.number.ToString());
}

Result<ModelFile> LoadModelFile(const ArtifactStore& artifacts, const VersionRecord& record) {
  HONE_ASSIGN_OR_RETURN(const Manifest manifest, LoadManifest(artifacts, record.artifact));
  HONE_ASSIGN_OR_RETURN(const std::vector<ModelPiece> pieces, LoadPieces(artifacts, manifest));
  return ReadModelFile(pieces.front().bytes, artifacts.PathOf(manifest.pieces.front().file).string());
}

}  // namespace hone
