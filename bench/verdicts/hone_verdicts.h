// hone's own rules, the program's code: the verdict of `hone experiment judge`, and the championship by which the loop
// promotes a recipe. Both with the policy's defaults, both with their own correction for several challengers.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "rollout/championship.h"
#include "rollout/paired_trial.h"
#include "rollout/rollout_policy.h"
#include "trial.h"

namespace hone::verdicts {

class HoneJudge : public Trial {
 public:
  HoneJudge(int horizon, double alpha, int challengers) : trial_(Terms(horizon, alpha), challengers) {}
  void Add(double champion, std::span<const double> challengers) override { trial_.Add(champion, challengers); }
  std::optional<int> promoted() const override { return trial_.winner(); }
  bool ended() const override { return trial_.winner().has_value(); }

 private:
  static TrialTerms Terms(int horizon, double alpha) {
    TrialTerms terms;
    terms.horizon = horizon;
    terms.alpha = alpha;
    terms.minimum_rows = RolloutPolicy{}.minimum_outcomes;
    return terms;
  }

  PairedTrial trial_;
};

class HoneChampionship : public Trial {
 public:
  HoneChampionship(int horizon, double alpha, int challengers)
      : championship_(challengers, horizon, alpha, RolloutPolicy{}.minimum_outcomes),
        eligible_(static_cast<std::size_t>(challengers), true) {}
  void Add(double champion, std::span<const double> challengers) override {
    losses_.assign(challengers.begin(), challengers.end());
    championship_.Add(champion, losses_, eligible_);
    if (const auto winner = championship_.Look()) promoted_ = winner->candidate;
  }
  std::optional<int> promoted() const override { return promoted_; }
  bool ended() const override { return promoted_.has_value(); }

 private:
  Championship championship_;
  std::vector<bool> eligible_;
  std::vector<double> losses_;
  std::optional<int> promoted_;
};

}  // namespace hone::verdicts
