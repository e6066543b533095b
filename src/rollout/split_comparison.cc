#include "rollout/split_comparison.h"

#include <algorithm>
#include <cmath>

namespace hone {
namespace {

constexpr double kMostRows = 1e8;

int Stretched(int rows, double by) { return static_cast<int>(std::min(std::ceil(rows * by), kMostRows)); }

// A block must hold units of both arms for its mean to say something about their difference.
TrialTerms AsRecipe(TrialTerms terms, double challenger_share) {
  const double stretch = 1 / std::min(challenger_share, 1 - challenger_share);
  terms.question = Question::kRecipe;
  terms.horizon = Stretched(terms.horizon, stretch);
  terms.minimum_rows = Stretched(terms.minimum_rows, stretch);
  return terms;
}

}  // namespace

SplitComparison::SplitComparison(const TrialTerms& terms, double challenger_share)
    : comparison_(AsRecipe(terms, challenger_share)), challenger_share_(challenger_share) {}

void SplitComparison::Add(bool challenger, double loss) {
  const double weight = challenger ? -1 / challenger_share_ : 1 / (1 - challenger_share_);
  comparison_.Add(weight * (loss - all_.mean()), 0);
  losses_[challenger].Add(loss);
  all_.Add(loss);
}

}  // namespace hone
