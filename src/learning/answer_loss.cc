#include "learning/answer_loss.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace hone {
namespace {

constexpr double kLeastProbability = 1e-15;

double ProbabilityOf(Objective objective, double label, std::span<const double> answer) {
  if (objective == Objective::kBinary) return label == 1 ? answer.front() : 1 - answer.front();
  const auto known = static_cast<std::size_t>(label);
  return known < answer.size() ? answer[known] : 0;
}

}  // namespace

double AnswerLoss(Objective objective, double label, std::span<const double> answer) {
  const bool finite = std::all_of(answer.begin(), answer.end(), [](double number) { return std::isfinite(number); });
  if (!finite) return std::numeric_limits<double>::quiet_NaN();
  if (objective == Objective::kRegression) return (label - answer.front()) * (label - answer.front());
  const double probability = ProbabilityOf(objective, label, answer);
  return -std::log(std::clamp(probability, kLeastProbability, 1 - kLeastProbability));
}

std::string_view LossName(Objective objective) {
  return objective == Objective::kRegression ? "squared error" : "log loss";
}

}  // namespace hone
