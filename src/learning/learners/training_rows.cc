#include "learning/learners/training_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hone {
namespace {

Error BadRows(const std::string& learner, std::string key, std::string message) {
  return {ErrorCode::kInvalidData, std::move(message), learner, 0, std::move(key)};
}

// Every label is one of the whole numbers 0 to classes - 1.
Status CheckClasses(const std::string& learner, Objective objective, const Dataset& data, std::size_t classes) {
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const double label = data.y[i];
    if (label >= 0 && label < static_cast<double>(classes) && label == std::floor(label)) continue;
    return BadRows(learner, "",
                   fmt::format("{} labels are the whole numbers 0 to {}, the label of row {} is {}",
                               ObjectiveName(objective), classes - 1, i, label));
  }
  return OkStatus();
}

}  // namespace

Status CheckTrainingRows(const std::string& learner, const Dataset& data) {
  if (data.width() == 0) return BadRows(learner, "", "needs at least one feature");
  if (data.rows() < kMinTrainingRows) {
    return BadRows(learner, "", fmt::format("needs at least {} rows, has {}", kMinTrainingRows, data.rows()));
  }
  for (std::size_t i = 0; i < data.rows(); ++i) {
    if (!std::isfinite(data.y[i])) return BadRows(learner, "", fmt::format("the label of row {} is not finite", i));
    for (std::size_t j = 0; j < data.width(); ++j) {
      if (std::isinf(data.row(i)[j])) return BadRows(learner, data.names[j], fmt::format("row {} is infinite", i));
    }
  }
  return OkStatus();
}

Result<std::size_t> CheckLabels(const std::string& learner, Objective objective, const Dataset& data,
                                std::size_t given) {
  if (objective == Objective::kRegression) return std::size_t{1};
  if (objective == Objective::kMulticlass && given == 1) {
    return Error{ErrorCode::kInvalidArgument, "must be 0 (from the labels) or at least 2, is 1", learner, 0, "classes"};
  }
  std::size_t classes = objective == Objective::kBinary ? 2 : given;
  if (classes == 0) {
    double greatest = 1;
    for (const double label : data.y) greatest = label > greatest ? label : greatest;  // no NaN gets through
    classes = static_cast<std::size_t>(std::min(greatest + 1, static_cast<double>(kMaxClasses)));
  }
  HONE_RETURN_IF_ERROR(CheckClasses(learner, objective, data, classes));
  return objective == Objective::kBinary ? 1 : classes;
}

}  // namespace hone
