#include "stats/bandits/bandit.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "base/random.h"

namespace hone {
namespace {

constexpr std::int64_t kMostChoices = std::int64_t{1} << 53;
constexpr std::uint64_t kChoiceStride = 0x9e3779b97f4a7c15ULL;  // odd: no two choices of a seed have the same stream

double UniformOf(std::uint64_t seed, std::int64_t choice) {
  return Random::Stream(seed + kChoiceStride * static_cast<std::uint64_t>(choice), "bandit").Uniform();
}

// Where `drawn`, in [0, 1), falls among the probabilities; never an arm without one.
int ArmAt(std::span<const double> probabilities, double drawn) {
  int last = 0;
  for (int arm = 0; arm < static_cast<int>(probabilities.size()); ++arm) {
    const double probability = probabilities[static_cast<std::size_t>(arm)];
    if (probability <= 0) continue;
    last = arm;
    drawn -= probability;
    if (drawn < 0) break;
  }
  return last;
}

}  // namespace

Bandit::Bandit(std::string name, const BanditTerms& terms, std::unique_ptr<ArmPolicy> policy)
    : name_(std::move(name)), terms_(terms), policy_(std::move(policy)) {}

const std::vector<double>& Bandit::Weighed(std::span<const double> context) const {
  if (!weighed_.empty() && !policy_->uses_context()) return weighed_;
  weighed_.resize(static_cast<std::size_t>(terms_.arms));
  policy_->Weigh(context, weighed_);
  return weighed_;
}

std::vector<double> Bandit::Probabilities(std::span<const double> context) const {
  std::vector<double> probabilities = Weighed(context);
  const double own = std::max(0.0, 1 - terms_.arms * terms_.floor);
  for (double& probability : probabilities) probability = own * probability + terms_.floor;
  return probabilities;
}

BanditChoice Bandit::Foresee(std::span<const double> context) const {
  const std::vector<double> probabilities = Probabilities(context);
  const int arm = ArmAt(probabilities, UniformOf(terms_.seed, choices_));
  return {choices_, arm, std::min(1.0, probabilities[static_cast<std::size_t>(arm)])};
}

BanditChoice Bandit::Choose(std::span<const double> context) {
  const BanditChoice choice = Foresee(context);
  policy_->Pass();
  weighed_.clear();
  ++choices_;
  pending_[choice.number] = {choice.arm, choice.propensity, {}};
  if (policy_->uses_context()) pending_[choice.number].context.assign(context.begin(), context.end());
  if (static_cast<std::int64_t>(pending_.size()) > terms_.most_pending) pending_.erase(pending_.begin());
  return choice;
}

Result<double> Bandit::Scaled(double reward) const {
  const double scaled = (reward - terms_.low) / (terms_.high - terms_.low);
  if (std::isfinite(scaled) && (!policy_->bounded_rewards() || (scaled >= 0 && scaled <= 1))) return scaled;
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("rewards must be within [{}, {}], one is {}", terms_.low, terms_.high, reward), name_};
}

Status Bandit::Observe(int arm, double propensity, std::optional<double> reward) {
  std::optional<double> scaled;
  if (reward) {
    HONE_ASSIGN_OR_RETURN(scaled, Scaled(*reward));
  }
  policy_->Pass();
  weighed_.clear();
  ++choices_;
  if (!scaled) return OkStatus();
  policy_->Learn({0, arm, propensity, {}, *scaled});
  ++rewards_;
  return OkStatus();
}

Status Bandit::Reward(std::int64_t number, double reward) {
  const auto found = pending_.find(number);
  if (found == pending_.end()) {
    return Error{ErrorCode::kNotFound, fmt::format("no choice {} waits for a reward", number), name_};
  }
  HONE_ASSIGN_OR_RETURN(const double scaled, Scaled(reward));
  const Pending& pending = found->second;
  weighed_.clear();
  policy_->Learn({choices_ - 1 - number, pending.arm, pending.propensity, pending.context, scaled});
  pending_.erase(found);
  ++rewards_;
  return OkStatus();
}

void Bandit::WalkPending(StateText& state) {
  auto count = static_cast<std::int64_t>(pending_.size());
  state.Whole(count, 0, terms_.most_pending);
  auto at = pending_.begin();
  std::int64_t number = -1;
  for (std::int64_t i = 0; i < count && state.ok(); ++i) {
    Pending entry;
    entry.context.resize(policy_->uses_context() ? static_cast<std::size_t>(terms_.context_size) : 0);
    const std::int64_t least = number + 1;
    if (!state.reading()) {
      number = at->first;
      entry = (at++)->second;
    }
    std::int64_t arm = entry.arm;
    state.Whole(number, least, choices_ - 1);
    state.Whole(arm, 0, terms_.arms - 1);
    state.Number(entry.propensity);
    state.Require(entry.propensity > 0 && entry.propensity <= 1);
    state.Numbers(entry.context);
    entry.arm = static_cast<int>(arm);
    if (state.reading() && state.ok()) pending_.emplace_hint(pending_.end(), number, std::move(entry));
  }
}

void Bandit::Walk(StateText& state) {
  std::int64_t arms = terms_.arms, context = terms_.context_size;
  state.Word("bandit1");
  state.Word(name_);
  state.Whole(arms, arms, arms);
  state.Whole(context, context, context);
  state.Whole(choices_, 0, kMostChoices);
  state.Whole(rewards_, 0, choices_);
  WalkPending(state);
  if (state.ok()) policy_->Walk(state);
}

std::string Bandit::Save() {
  StateText state;
  Walk(state);
  return state.Take();
}

Status Bandit::Restore(std::string_view text) {
  pending_.clear();
  weighed_.clear();
  StateText state = StateText::Reading(text);
  Walk(state);
  if (state.ok() && state.at_end()) return OkStatus();
  return Error{ErrorCode::kCorrupt, fmt::format("this is not the state of {} with {} arms and contexts of {}", name_,
                                                terms_.arms, terms_.context_size)};
}

}  // namespace hone
