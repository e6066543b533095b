#include "peers/tl2cgen_forest.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <stdlib.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace hone::bench {

namespace {

namespace fs = std::filesystem;

Error Unavailable(std::string message) { return {ErrorCode::kUnavailable, std::move(message), "TL2cgen"}; }

// The library stays loaded when its file is gone.
Result<void*> CompileAndLoad(const std::string& root, std::string_view model, const fs::path& folder) {
  const fs::path file = folder / "model.ubj", library = folder / "forest.so", log = folder / "log";
  std::ofstream(file, std::ios::binary) << model;
  const std::string command = fmt::format(
      "PYTHONPATH='{0}/.deps/peers' PYTHONDONTWRITEBYTECODE=1 '{0}/.deps/python/bin/python' "
      "'{0}/bench/peers/compile_forest.py' '{1}' '{2}' >'{3}' 2>&1",
      root, file.string(), library.string(), log.string());
  if (std::system(command.c_str()) != 0) {
    std::ifstream said(log);
    return Unavailable(std::string{std::istreambuf_iterator<char>(said), {}});
  }
  void* const loaded = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (loaded == nullptr) return Unavailable(dlerror());
  return loaded;
}

}  // namespace

Result<std::unique_ptr<Tl2cgenForest>> Tl2cgenForest::Open(const std::string& root, std::string_view model,
                                                           std::span<const double> rows, std::size_t width) {
  if (!fs::exists(root + "/.deps/peers/tl2cgen"))
    return Unavailable("not in .deps/peers: tools/setup bench fetches it");
  std::string folder = (fs::temp_directory_path() / "hone_tl2cgen_XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return Unavailable("no folder in " + fs::temp_directory_path().string());
  const Result<void*> library = CompileAndLoad(root, model, folder);
  fs::remove_all(folder);
  if (!library.ok()) return library.error();
  const auto predict = reinterpret_cast<Predict>(dlsym(*library, "predict"));
  if (predict == nullptr) return Unavailable("its library has no function predict");
  return std::unique_ptr<Tl2cgenForest>(new Tl2cgenForest(*library, predict, rows, width));
}

Tl2cgenForest::Tl2cgenForest(void* library, Predict predict, std::span<const double> rows, std::size_t width)
    : library_(library), predict_(predict), width_(width) {
  for (const double value : rows) {
    Entry entry{};
    if (std::isnan(value)) {
      entry.missing = -1;
    } else {
      entry.value = static_cast<float>(value);
    }
    rows_.push_back(entry);
  }
}

Tl2cgenForest::~Tl2cgenForest() { dlclose(library_); }

double Tl2cgenForest::PredictOne(std::size_t row) {
  float margin = 0;
  predict_(rows_.data() + row * width_, 1, &margin);
  return margin;
}

void Tl2cgenForest::PredictAll(std::span<double> margins) {
  for (std::size_t i = 0; i < margins.size(); ++i) margins[i] = PredictOne(i);
}

}  // namespace hone::bench
