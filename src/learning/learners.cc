#include "learning/learners.h"

#include "learning/learners/lightgbm.h"
#include "learning/learners/ridge.h"
#include "learning/learners/xgboost.h"
#include "learning/lightgbm_library.h"
#include "learning/xgboost_library.h"

namespace hone {
namespace {

LearnerStatus LightGbmStatus() {
#ifdef HONE_HAVE_LIGHTGBM
  const Result<LightGbmLibrary>& library = OpenLightGbm();
  return {"lightgbm", library.ok(), library.ok() ? library->path : library.error().ToString()};
#else
  return {"lightgbm", false,
          "left out of this build: LightGBM was not found at configure time (tools/setup installs it)"};
#endif
}

LearnerStatus XgboostStatus() {
#ifdef HONE_HAVE_XGBOOST
  const Result<XgboostLibrary>& library = OpenXgboost();
  return {"xgboost", library.ok(), library.ok() ? library->path : library.error().ToString()};
#else
  return {"xgboost", false,
          "left out of this build: XGBoost 2 or later was not found at configure time (tools/setup installs it)"};
#endif
}

}  // namespace

const Learner* FindLearner(std::string_view name) {
  if (name == "ridge") return &RidgeLearner();
#ifdef HONE_HAVE_LIGHTGBM
  if (name == "lightgbm") return &LightGbmLearner();
#endif
#ifdef HONE_HAVE_XGBOOST
  if (name == "xgboost") return &XgboostLearner();
#endif
  return nullptr;
}

std::vector<LearnerStatus> AvailableLearners() {
  return {{"ridge", true, "built in"}, LightGbmStatus(), XgboostStatus()};
}

}  // namespace hone
