// A bandit: chooses one of several arms (versions of a model, say) again and again, learns from the rewards, and tells
// the probability with which it chose, so that its log can be evaluated for other policies (stats/off_policy).
//
//   const BanditChoice choice = bandit.Choose(context);     // which arm now?
//   ...                                                     // any number of other choices
//   bandit.Reward(choice.number, reward);                   // what it earned: late, out of order, or never
//
// How an arm is drawn:
//   p = (1 - K f) q + f     q: the algorithm's own probabilities, f: the floor, K: arms
// and the arm is where a uniform number falls among the p. So the propensity told is the very probability of the draw,
// for every algorithm: where q itself is computed by quadrature (Thompson sampling, best_arm_probability.h) its error
// is a deviation from that algorithm and none of the log. The n-th uniform number is a function of the seed and n.
//
// Rewards are scaled to (reward - low) / (high - low) before an algorithm learns from them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "stats/bandits/arm_policy.h"

namespace hone {

struct BanditTerms {
  int arms = 2;              // [2, 1000]
  int context_size = 0;      // [0, 100]: numbers in each context
  double floor = 0;          // [0, 1 / arms]: least probability of each arm
  double low = 0, high = 1;  // of the rewards; low < high
  std::uint64_t seed = 0;
  std::int64_t most_pending = 1'000'000;  // >= 1: choices without a reward that are kept; the oldest are forgotten
};

struct BanditChoice {
  std::int64_t number = 0;  // 0, 1, ...
  int arm = 0;
  double propensity = 1;  // (0, 1]
};

// Deterministic. Not thread-safe. Memory of each choice that waits for its reward, and the algorithm's.
class Bandit {
 public:
  Bandit(std::string name, const BanditTerms& terms, std::unique_ptr<ArmPolicy> policy);

  const std::string& name() const { return name_; }
  const BanditTerms& terms() const { return terms_; }
  bool bounded_rewards() const { return policy_->bounded_rewards(); }
  bool uses_context() const { return policy_->uses_context(); }
  std::int64_t choices() const { return choices_; }
  std::int64_t rewards() const { return rewards_; }
  std::size_t pending() const { return pending_.size(); }

  // `context`: context_size finite numbers, of order 1 for those algorithms that use them. Probabilities sum to 1.
  std::vector<double> Probabilities(std::span<const double> context) const;
  // What Choose would choose, without choosing: a choice that is then not made leaves no trace.
  BanditChoice Foresee(std::span<const double> context) const;
  BanditChoice Choose(std::span<const double> context);
  // kNotFound: no such choice waits for a reward (never made, rewarded before, forgotten). kInvalidArgument: not
  // finite, or outside [low, high] where the algorithm needs that.
  Status Reward(std::int64_t number, double reward);

  // A choice that was made elsewhere, and its reward where that is known; of an algorithm without a context. As Choose,
  // had it drawn this arm with this probability, and Reward at once. Errors as Reward's.
  Status Observe(int arm, double propensity, std::optional<double> reward);

  // Everything learned and pending. Restored into a bandit made alike it goes on as this one would, to the bit.
  std::string Save();
  // Into a bandit of the same terms and parameters. kCorrupt where the text is not the state of a bandit of this name
  // with so many arms and contexts of this size; the bandit is then not to be used.
  Status Restore(std::string_view text);

 private:
  struct Pending {
    int arm = 0;
    double propensity = 1;
    std::vector<double> context;
  };
  const std::vector<double>& Weighed(std::span<const double> context) const;
  Result<double> Scaled(double reward) const;
  void Walk(StateText& state);
  void WalkPending(StateText& state);

  std::string name_;
  BanditTerms terms_;
  std::unique_ptr<ArmPolicy> policy_;
  std::int64_t choices_ = 0, rewards_ = 0;
  std::map<std::int64_t, Pending> pending_;
  mutable std::vector<double> weighed_;  // the algorithm's own probabilities; empty once it has learned or time went by
};

}  // namespace hone
