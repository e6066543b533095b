// LightGBM's C API, opened at first use (openmp_library.h). The library is told to use at most one thread; hone runs
// many fits in parallel instead.
#pragma once

#ifdef HONE_HAVE_LIGHTGBM

#include <LightGBM/c_api.h>

#include <string>

#include "base/result.h"

namespace hone {

// The functions hone calls, as c_api.h declares them.
struct LightGbmLibrary {
  std::string path;
  decltype(&LGBM_GetLastError) last_error = nullptr;
  decltype(&LGBM_SetMaxThreads) set_max_threads = nullptr;
  decltype(&LGBM_DatasetCreateFromMat) dataset_create = nullptr;
  decltype(&LGBM_DatasetSetField) dataset_set_field = nullptr;
  decltype(&LGBM_DatasetFree) dataset_free = nullptr;
  decltype(&LGBM_BoosterCreate) booster_create = nullptr;
  decltype(&LGBM_BoosterFree) booster_free = nullptr;
  decltype(&LGBM_BoosterUpdateOneIter) update = nullptr;
  decltype(&LGBM_BoosterSaveModelToString) save = nullptr;
  decltype(&LGBM_BoosterLoadModelFromString) load = nullptr;
  decltype(&LGBM_BoosterPredictForMat) predict = nullptr;
  decltype(&LGBM_BoosterFeatureImportance) importance = nullptr;
};

// Opens the library of this build (HONE_LIGHTGBM_LIBRARY), or the one the environment variable of that name points to.
// Thread-safe; opened once, never closed. kUnavailable with the loader's words when it cannot be opened or is too old.
const Result<LightGbmLibrary>& OpenLightGbm();

// kInternal with the library's own message when `status` (a C API return value) is not 0.
Status CheckLightGbm(const LightGbmLibrary& library, int status, const char* call);

}  // namespace hone

#endif
