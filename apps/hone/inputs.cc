#include "hone/inputs.h"

#include <cstdio>

#include "base/files.h"
#include "market/gzip.h"
#include "market/load.h"

namespace hone {
namespace {

constexpr std::size_t kLargestYaml = 1 << 20;
constexpr std::size_t kLargestTable = std::size_t{512} << 20;

}  // namespace

Result<Policy> LoadPolicy(const std::string& path) {
  if (path.empty()) return Policy{};
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kLargestYaml));
  return ReadPolicy(text, path);
}

Result<ModelDefinition> LoadModelDefinition(const std::string& path) {
  if (path.empty()) return VolatilityModel();
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kLargestYaml));
  return ReadModelDefinition(text, path);
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
