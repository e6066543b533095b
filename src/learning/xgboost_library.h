// XGBoost's C API, opened at first use (openmp_library.h). Its number of threads is a parameter of each call: hone
// gives one, and runs many fits in parallel instead.
#pragma once

#ifdef HONE_HAVE_XGBOOST

#include <xgboost/c_api.h>

#include <cstddef>
#include <span>
#include <string>

#include "base/result.h"

namespace hone {

// The functions hone calls, as c_api.h declares them.
struct XgboostLibrary {
  std::string path;
  decltype(&XGBGetLastError) last_error = nullptr;
  decltype(&XGDMatrixCreateFromDense) matrix_create = nullptr;
  decltype(&XGDMatrixSetInfoFromInterface) matrix_set = nullptr;
  decltype(&XGDMatrixSetStrFeatureInfo) matrix_set_features = nullptr;
  decltype(&XGDMatrixFree) matrix_free = nullptr;
  decltype(&XGBoosterCreate) booster_create = nullptr;
  decltype(&XGBoosterFree) booster_free = nullptr;
  decltype(&XGBoosterSetParam) set_parameter = nullptr;
  decltype(&XGBoosterSetAttr) set_attribute = nullptr;
  decltype(&XGBoosterUpdateOneIter) update = nullptr;
  decltype(&XGBoosterSlice) slice = nullptr;
  decltype(&XGBoosterSaveModelToBuffer) save = nullptr;
  decltype(&XGBoosterLoadModelFromBuffer) load = nullptr;
  decltype(&XGBoosterPredictFromDense) predict = nullptr;
  decltype(&XGBoosterPredictFromDMatrix) predict_matrix = nullptr;
  decltype(&XGBoosterFeatureScore) feature_score = nullptr;
};

// Opens the library of this build (HONE_XGBOOST_LIBRARY), or the one the environment variable of that name points to.
// Thread-safe; opened once, never closed. kUnavailable with the loader's words when it cannot be opened, or when it is
// older than 2.0: 1.x reads models of 3.x without complaint and answers wrongly.
const Result<XgboostLibrary>& OpenXgboost();

// kInternal with the library's own message when `status` (a C API return value) is not 0.
Status CheckXgboost(const XgboostLibrary& library, int status, const char* call);

// How the C API is told of an array that lies in memory: numbers, or rows of `width` of them. The text holds their
// address, so the array must outlive its use.
std::string ArrayInterface(std::span<const double> values);
std::string ArrayInterface(std::span<const float> values);
std::string ArrayInterface(std::span<const double> values, std::size_t width);

}  // namespace hone

#endif
