#include "learning/learners/early_stopping.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "learning/learners/training_rows.h"
#include "learning/time_folds.h"

namespace hone {
namespace {

double LogOfSumOfExp(std::span<const double> margins) {
  const double greatest = *std::max_element(margins.begin(), margins.end());
  double sum = 0;
  for (const double margin : margins) sum += std::exp(margin - greatest);
  return greatest + std::log(sum);
}

double Loss(Objective objective, std::span<const double> margins, double label) {
  const double margin = margins.front();
  switch (objective) {
    case Objective::kRegression: return (label - margin) * (label - margin);
    case Objective::kBinary: return std::max(margin, 0.0) - label * margin + std::log1p(std::exp(-std::fabs(margin)));
    case Objective::kMulticlass: return LogOfSumOfExp(margins) - margins[static_cast<std::size_t>(label)];
  }
  return 0;
}

}  // namespace

Result<HeldOut> HoldOutNewest(const std::string& learner, const Dataset& data, double fraction) {
  const auto held = static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(data.rows())));
  const std::size_t begin = data.rows() - held;
  const std::size_t learned = PurgedEnd(data, 0, begin);
  if (learned >= kMinTrainingRows) return HeldOut{learned, begin};
  return Error{
      ErrorCode::kInvalidData,
      fmt::format("holding out {} rows leaves {} to learn from, {} are needed", held, learned, kMinTrainingRows),
      learner, 0, "early_stopping_fraction"};
}

int BestRounds(const Forest& forest, Objective objective, const Dataset& data, std::size_t begin) {
  const std::size_t outputs = forest.outputs();
  std::vector<double> losses(forest.trees.size() / outputs);
  for (std::size_t i = begin; i < data.rows(); ++i) {
    std::vector<double> margins = forest.start;
    for (std::size_t round = 0; round < losses.size(); ++round) {
      for (std::size_t k = 0; k < outputs; ++k) {
        const Tree& tree = forest.trees[round * outputs + k];
        margins[tree.output] += TreeValue(tree, forest.dialect, data.row(i));
      }
      losses[round] += Loss(objective, margins, data.y[i]);
    }
  }
  return static_cast<int>(std::min_element(losses.begin(), losses.end()) - losses.begin()) + 1;
}

}  // namespace hone
