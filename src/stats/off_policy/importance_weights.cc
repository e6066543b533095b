#include "stats/off_policy/importance_weights.h"

#include <algorithm>

namespace hone {

ImportanceWeights WeightsOf(std::span<const LoggedChoice> log, double level, double largest) {
  const std::vector<double> weights =
      TermsOf(log, [largest](const LoggedChoice& row) { return row.weight() <= largest ? row.weight() : 0; });
  ImportanceWeights answer;
  for (const double weight : weights) answer.largest = std::max(answer.largest, weight);
  // Relative to the largest: squares of weights may be out of range.
  double sum = 0, squares = 0;
  for (const double weight : weights) {
    const double relative = answer.largest > 0 ? weight / answer.largest : 0;
    sum += relative;
    squares += relative * relative;
  }
  answer.effective_rows = squares > 0 ? sum * sum / squares : 0;
  answer.mean = EstimateFrom(weights, level);
  return answer;
}

}  // namespace hone
