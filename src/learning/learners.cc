#include "learning/learners.h"

#include "learning/learners/lightgbm.h"
#include "learning/learners/ridge.h"
#include "learning/lightgbm_library.h"

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

}  // namespace

const Learner* FindLearner(std::string_view name) {
  if (name == "ridge") return &RidgeLearner();
#ifdef HONE_HAVE_LIGHTGBM
  if (name == "lightgbm") return &LightGbmLearner();
#endif
  return nullptr;
}

std::vector<LearnerStatus> AvailableLearners() { return {{"ridge", true, "built in"}, LightGbmStatus()}; }

}  // namespace hone
