#include "hone/inputs.h"

#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/files.h"
#include "base/yaml.h"
#include "features/store/registered_features.h"
#include "hone/state_folder.h"
#include "market/gzip.h"
#include "market/load.h"

namespace hone {
namespace {

constexpr std::size_t kLargestYaml = 1 << 20;
constexpr std::size_t kLargestTable = std::size_t{512} << 20;

// What else is wrong is told when all of it is read.
std::string ModelNameIn(const std::string& text, const std::string& path) {
  std::string name;
  const Result<YamlDocument> document = YamlDocument::Parse(text, path);
  if (document.ok()) document->root().Read("name", name);
  return name;
}

// With the names that are registered, and those that the model of this name keeps.
Result<ModelDefinition> ReadWithStore(const std::string& text, const std::string& path, LiveStore& store) {
  HONE_ASSIGN_OR_RETURN(const RegisteredFeatures registered, RegisteredFeatures::Load(*store.database));
  HONE_ASSIGN_OR_RETURN(const std::optional<StoredDefinition> known, store.definitions.Find(ModelNameIn(text, path)));
  const FeatureSources sources{&registered, known ? &known->model.pinned : nullptr};
  HONE_ASSIGN_OR_RETURN(ModelDefinition model, ReadModelDefinition(text, path, sources));
  for (const std::string& word : WordsAbout(model.pinned, registered)) {
    std::fprintf(stderr, "%s: %s\n", path.c_str(), word.c_str());
  }
  return model;
}

}  // namespace

Result<Policy> LoadPolicy(const std::string& path) {
  if (path.empty()) return Policy{};
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kLargestYaml));
  return ReadPolicy(text, path);
}

Result<ModelDefinition> LoadModelDefinition(const std::string& path, const std::string& directory) {
  if (path.empty()) return VolatilityModel();
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kLargestYaml));
  std::error_code ignored;
  const bool has_store = !directory.empty() && std::filesystem::exists(directory + "/hone.db", ignored);
  if (!has_store) return ReadModelDefinition(text, path);
  const auto store = OpenForReading(directory);
  if (store.ok()) return ReadWithStore(text, path, **store);
  Result<ModelDefinition> model = ReadModelDefinition(text, path);
  if (!model.ok()) return store.error();  // of another release: a model that names nothing there does without it
  return model;
}

Result<BarSource> LoadBarSource(const std::string& source, std::uint64_t seed) {
  BarSource loaded;
  if (IsSyntheticSource(source)) {
    HONE_ASSIGN_OR_RETURN(const SyntheticSpec spec, ParseSyntheticSpec(source));
    loaded.synthetic.emplace(spec, seed);
    loaded.series = loaded.synthetic->series();
    return loaded;
  }
  HONE_ASSIGN_OR_RETURN(loaded.series, LoadBars(source));
  for (const std::string& report : loaded.series.reports) {
    std::fprintf(stderr, "%s: %s\n", source.c_str(), report.c_str());
  }
  return loaded;
}

Result<std::string> ReadTable(const std::string& path) {
  HONE_ASSIGN_OR_RETURN(std::string bytes, ReadFile(path, kLargestTable));
  if (IsGzip(bytes)) return Gunzip(bytes, path, kLargestTable);
  return bytes;
}

void NoteMissingLineEnd(const TimedRows& rows, const std::string& path) {
  if (!rows.without_line_end()) return;
  std::fprintf(stderr, "%s: the last line (%d) has no line end: should the file be cut off, its last value is wrong\n",
               path.c_str(), rows.line());
}

}  // namespace hone
