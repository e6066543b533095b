#include "learning/xgboost_library.h"

#ifdef HONE_HAVE_XGBOOST

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

#include "learning/openmp_library.h"

namespace hone {
namespace {

constexpr int kOldestMajor = 2;

bool FindFunctions(const SharedLibrary& file, XgboostLibrary& library) {
  return file.Find("XGBGetLastError", library.last_error) &&
         file.Find("XGDMatrixCreateFromDense", library.matrix_create) &&
         file.Find("XGDMatrixSetInfoFromInterface", library.matrix_set) &&
         file.Find("XGDMatrixSetStrFeatureInfo", library.matrix_set_features) &&
         file.Find("XGDMatrixFree", library.matrix_free) && file.Find("XGBoosterCreate", library.booster_create) &&
         file.Find("XGBoosterFree", library.booster_free) && file.Find("XGBoosterSetParam", library.set_parameter) &&
         file.Find("XGBoosterSetAttr", library.set_attribute) && file.Find("XGBoosterUpdateOneIter", library.update) &&
         file.Find("XGBoosterSlice", library.slice) && file.Find("XGBoosterSaveModelToBuffer", library.save) &&
         file.Find("XGBoosterLoadModelFromBuffer", library.load) &&
         file.Find("XGBoosterPredictFromDense", library.predict) &&
         file.Find("XGBoosterPredictFromDMatrix", library.predict_matrix) &&
         file.Find("XGBoosterFeatureScore", library.feature_score);
}

Result<XgboostLibrary> LoadXgboost() {
  HONE_ASSIGN_OR_RETURN(const SharedLibrary file,
                        OpenOpenMpLibrary("XGBoost", "HONE_XGBOOST_LIBRARY", HONE_XGBOOST_LIBRARY));
  XgboostLibrary library;
  library.path = file.path();
  decltype(&XGBoostVersion) version = nullptr;
  if (!file.Find("XGBoostVersion", version) || !FindFunctions(file, library)) {
    return Error{ErrorCode::kUnavailable, "XGBoost lacks functions that hone needs; version 3.4.1 has them",
                 library.path};
  }
  int major = 0, minor = 0, patch = 0;
  version(&major, &minor, &patch);
  if (major >= kOldestMajor) return library;
  return Error{ErrorCode::kUnavailable,
               fmt::format("XGBoost {}.{}.{} is too old; hone needs {}.0 or later, version 3.4.1 is tested", major,
                           minor, patch, kOldestMajor),
               library.path};
}

std::string Interface(const void* data, const char* type, const std::string& shape) {
  return fmt::format(R"({{"data":[{},true],"shape":[{}],"typestr":"{}","version":3}})",
                     reinterpret_cast<std::uintptr_t>(data), shape, type);
}

}  // namespace

const Result<XgboostLibrary>& OpenXgboost() {
  static const Result<XgboostLibrary> library = LoadXgboost();
  return library;
}

Status CheckXgboost(const XgboostLibrary& library, int status, const char* call) {
  if (status == 0) return OkStatus();
  const std::string_view message = library.last_error();  // what went wrong, then a trace of addresses
  return Error{ErrorCode::kInternal,
               fmt::format("XGBoost: {}: {}", call, message.substr(0, message.find("\nStack trace"))), library.path};
}

std::string ArrayInterface(std::span<const double> values) {
  return Interface(values.data(), "<f8", fmt::format("{}", values.size()));
}

std::string ArrayInterface(std::span<const float> values) {
  return Interface(values.data(), "<f4", fmt::format("{}", values.size()));
}

std::string ArrayInterface(std::span<const double> values, std::size_t width) {
  return Interface(values.data(), "<f8", fmt::format("{},{}", values.size() / width, width));
}

}  // namespace hone

#endif
