#include "learning/learners/training_rows.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace hone {
namespace {

Error Bad(const std::string& learner, std::string key, std::string message) {
  return {ErrorCode::kInvalidData, std::move(message), learner, 0, std::move(key)};
}

}  // namespace

Status CheckTrainingRows(const std::string& learner, const Dataset& data) {
  if (data.width() == 0) return Bad(learner, "", "needs at least one feature");
  if (data.rows() < kMinTrainingRows) {
    return Bad(learner, "", fmt::format("needs at least {} rows, has {}", kMinTrainingRows, data.rows()));
  }
  for (std::size_t i = 0; i < data.rows(); ++i) {
    if (!std::isfinite(data.y[i])) return Bad(learner, "", fmt::format("the label of row {} is not finite", i));
    for (std::size_t j = 0; j < data.width(); ++j) {
      if (std::isinf(data.row(i)[j])) return Bad(learner, data.names[j], fmt::format("row {} is infinite", i));
    }
  }
  return OkStatus();
}

}  // namespace hone
