#include "learning/lightgbm_library.h"

#ifdef HONE_HAVE_LIGHTGBM

#include <fmt/format.h>

#include "learning/openmp_library.h"

namespace hone {
namespace {

Result<LightGbmLibrary> LoadLightGbm() {
  HONE_ASSIGN_OR_RETURN(const SharedLibrary file,
                        OpenOpenMpLibrary("LightGBM", "HONE_LIGHTGBM_LIBRARY", HONE_LIGHTGBM_LIBRARY));
  LightGbmLibrary library;
  library.path = file.path();
  const bool complete =
      file.Find("LGBM_GetLastError", library.last_error) && file.Find("LGBM_SetMaxThreads", library.set_max_threads) &&
      file.Find("LGBM_DatasetCreateFromMat", library.dataset_create) &&
      file.Find("LGBM_DatasetSetField", library.dataset_set_field) &&
      file.Find("LGBM_DatasetFree", library.dataset_free) && file.Find("LGBM_BoosterCreate", library.booster_create) &&
      file.Find("LGBM_BoosterFree", library.booster_free) && file.Find("LGBM_BoosterUpdateOneIter", library.update) &&
      file.Find("LGBM_BoosterSaveModelToString", library.save) &&
      file.Find("LGBM_BoosterLoadModelFromString", library.load) &&
      file.Find("LGBM_BoosterPredictForMat", library.predict) &&
      file.Find("LGBM_BoosterFeatureImportance", library.importance);
  if (!complete) {
    return Error{ErrorCode::kUnavailable, "LightGBM lacks functions that hone needs; version 4.7.0 has them",
                 library.path};
  }
  library.set_max_threads(1);
  return library;
}

}  // namespace

const Result<LightGbmLibrary>& OpenLightGbm() {
  static const Result<LightGbmLibrary> library = LoadLightGbm();
  return library;
}

Status CheckLightGbm(const LightGbmLibrary& library, int status, const char* call) {
  if (status == 0) return OkStatus();
  return Error{ErrorCode::kInternal, fmt::format("LightGBM: {}: {}", call, library.last_error()), library.path, 0, ""};
}

}  // namespace hone

#endif
