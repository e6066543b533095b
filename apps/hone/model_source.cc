#include "hone/model_source.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "base/files.h"
#include "hone/state_folder.h"
#include "models/model_file.h"
#include "registry/model_artifacts.h"
#include "registry/model_file_version.h"

namespace hone {
namespace {

constexpr std::size_t kLargestModel = std::size_t{256} << 20;

Result<NamedModel> LoadFile(const std::string& path) {
  HONE_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path, kLargestModel));
  HONE_ASSIGN_OR_RETURN(ModelFile file, ReadModelFile(bytes, path));
  return NamedModel{std::move(file.model), std::move(file.features)};
}

Result<VersionRecord> FindVersion(LiveStore& store, const std::string& name, const std::string& version) {
  if (!version.empty()) return store.versions.Get(name, version);
  HONE_ASSIGN_OR_RETURN(std::optional<VersionRecord> active, store.versions.Active(name));
  if (active) return *std::move(active);
  return Error{ErrorCode::kNotFound, "no version of " + name + " is active; name one: " + name + "@VERSION"};
}

struct OpenVersion {
  std::unique_ptr<LiveStore> store;
  VersionRecord record;
  Manifest manifest;
};

Result<OpenVersion> OpenRegistered(const std::string& text, const std::string& directory) {
  const std::size_t at = text.find('@');
  const std::string name = text.substr(0, at), version = at == std::string::npos ? "" : text.substr(at + 1);
  OpenVersion opened;
  HONE_ASSIGN_OR_RETURN(opened.store, OpenForReading(directory));
  HONE_ASSIGN_OR_RETURN(opened.record, FindVersion(*opened.store, name, version));
  HONE_ASSIGN_OR_RETURN(opened.manifest, LoadManifest(opened.store->artifacts, opened.record.artifact));
  return opened;
}

Result<NamedModel> LoadRegistered(const std::string& text, const std::string& directory) {
  HONE_ASSIGN_OR_RETURN(const OpenVersion opened, OpenRegistered(text, directory));
  if (opened.record.recipe == kFileRecipe) {
    HONE_ASSIGN_OR_RETURN(ModelFile file, LoadModelFile(opened.store->artifacts, opened.record));
    return NamedModel{std::move(file.model), std::move(file.features)};
  }
  NamedModel named;
  HONE_ASSIGN_OR_RETURN(named.model, LoadVersion(opened.store->artifacts, opened.record));
  for (const ManifestFeature& feature : opened.manifest.features) named.features.push_back(feature.name);
  return named;
}

bool IsFile(const std::string& text) {
  std::error_code ignored;
  return std::filesystem::exists(text, ignored);
}

}  // namespace

Result<NamedModel> LoadNamedModel(const std::string& text, const std::string& directory) {
  if (IsFile(text)) return LoadFile(text);
  // What can be no model's name was meant as a path.
  if (text.find_first_of("/.") < text.find('@')) {
    return Error{ErrorCode::kNotFound, "there is no such model file", text};
  }
  return LoadRegistered(text, directory);
}

Result<std::optional<TrainedModel>> LoadTrainedModel(const std::string& text, const std::string& directory) {
  std::optional<TrainedModel> trained;
  if (IsFile(text)) return trained;
  HONE_ASSIGN_OR_RETURN(const OpenVersion opened, OpenRegistered(text, directory));
  if (opened.record.recipe == kFileRecipe) return trained;
  HONE_ASSIGN_OR_RETURN(const StoredDefinition definition, opened.store->definitions.Get(opened.record.model));
  trained.emplace();
  trained->target = opened.manifest.target;
  trained->horizon = definition.model.horizon;
  trained->pinned = definition.model.pinned;
  trained->train_end = opened.record.train_end;
  HONE_ASSIGN_OR_RETURN(const std::vector<ModelPiece> pieces, LoadPieces(opened.store->artifacts, opened.manifest));
  for (const ModelPiece& piece : pieces) {
    HONE_ASSIGN_OR_RETURN(ModelPointer model, ReadModel(piece.format, piece.bytes, piece.recipe));
    trained->parts.push_back({std::move(model), piece.columns, piece.offset_column});
  }
  return trained;
}

}  // namespace hone
