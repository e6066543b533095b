#include "learning/lightgbm_library.h"

#ifdef HONE_HAVE_LIGHTGBM

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <utility>

namespace hone {
namespace {

Error Unavailable(std::string message, const std::string& path) {
  return {ErrorCode::kUnavailable, std::move(message), path, 0, ""};
}

template <typename Function>
bool Find(void* handle, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(handle, name));
  return function != nullptr;
}

Result<LightGbmLibrary> Open() {
  const char* chosen = std::getenv("HONE_LIGHTGBM_LIBRARY");
  LightGbmLibrary library;
  library.path = chosen != nullptr ? chosen : HONE_LIGHTGBM_LIBRARY;
  setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
  void* const handle = dlopen(library.path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return Unavailable(fmt::format("LightGBM cannot be opened: {}", dlerror()), library.path);
  const bool complete = Find(handle, "LGBM_GetLastError", library.last_error) &&
                        Find(handle, "LGBM_SetMaxThreads", library.set_max_threads) &&
                        Find(handle, "LGBM_DatasetCreateFromMat", library.dataset_create) &&
                        Find(handle, "LGBM_DatasetSetField", library.dataset_set_field) &&
                        Find(handle, "LGBM_DatasetFree", library.dataset_free) &&
                        Find(handle, "LGBM_BoosterCreate", library.booster_create) &&
                        Find(handle, "LGBM_BoosterFree", library.booster_free) &&
                        Find(handle, "LGBM_BoosterUpdateOneIter", library.update) &&
                        Find(handle, "LGBM_BoosterSaveModelToString", library.save) &&
                        Find(handle, "LGBM_BoosterLoadModelFromString", library.load) &&
                        Find(handle, "LGBM_BoosterPredictForMat", library.predict);
  if (!complete) return Unavailable("LightGBM lacks functions that hone needs; version 4.7.0 has them", library.path);
  library.set_max_threads(1);
  return library;
}

}  // namespace

const Result<LightGbmLibrary>& OpenLightGbm() {
  static const Result<LightGbmLibrary> library = Open();
  return library;
}

Status CheckLightGbm(const LightGbmLibrary& library, int status, const char* call) {
  if (status == 0) return OkStatus();
  return Error{ErrorCode::kInternal, fmt::format("LightGBM: {}: {}", call, library.last_error()), library.path, 0, ""};
}

}  // namespace hone

#endif
