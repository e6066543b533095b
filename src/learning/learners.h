// The list of learners.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "learning/learner.h"

namespace hone {

// "ridge", "lightgbm", "xgboost"; null when there is none of that name, or its library is not in this build.
const Learner* FindLearner(std::string_view name);

struct LearnerStatus {
  std::string name;
  bool available = false;
  std::string detail;  // where its library is, or why it is missing
};

// Every learner hone knows, in a fixed order. Opens the learners' libraries to see whether they load.
std::vector<LearnerStatus> AvailableLearners();

}  // namespace hone
