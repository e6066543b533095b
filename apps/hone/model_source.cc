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

Result<NamedModel> LoadRegistered(const std::string& text, const std::string& directory) {
  const std::size_t at = text.find('@');
  const std::string name = text.substr(0, at), version = at == std::string::npos ? "" : text.substr(at + 1);
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, OpenForReading(directory));
  HONE_ASSIGN_OR_RETURN(const VersionRecord record, FindVersion(*store, name, version));
  HONE_ASSIGN_OR_RETURN(const Manifest manifest, LoadManifest(store->artifacts, record.artifact));
  if (record.recipe == kFileRecipe) {
    HONE_ASSIGN_OR_RETURN(ModelFile file, LoadModelFile(store->artifacts, record));
    return NamedModel{std::move(file.model), std::move(file.features)};
  }
  NamedModel named;
  HONE_ASSIGN_OR_RETURN(named.model, LoadVersion(store->artifacts, record));
  for (const ManifestFeature& feature : manifest.features) named.features.push_back(feature.name);
  return named;
}

}  // namespace

Result<NamedModel> LoadNamedModel(const std::string& text, const std::string& directory) {
  std::error_code ignored;
  if (std::filesystem::exists(text, ignored)) return LoadFile(text);
  // What can be no model's name was meant as a path.
  if (text.find_first_of("/.") < text.find('@')) {
    return Error{ErrorCode::kNotFound, "there is no such model file", text};
  }
  return LoadRegistered(text, directory);
}

}  // namespace hone
