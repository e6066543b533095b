#include "stats/bandits/bandit_replay.h"

#include <algorithm>

namespace hone {
namespace {

// Tells the bandit the rewards of the choices that are `delay` choices old.
class LateRewards {
 public:
  LateRewards(Bandit& bandit, std::int64_t delay) : bandit_(bandit), delay_(static_cast<std::size_t>(delay)) {}

  Status Tell(const std::vector<ReplayedChoice>& made) {
    for (; told_ + delay_ < made.size(); ++told_) {
      HONE_RETURN_IF_ERROR(bandit_.Reward(made[told_].choice.number, made[told_].reward));
    }
    return OkStatus();
  }

 private:
  Bandit& bandit_;
  std::size_t delay_, told_ = 0;
};

std::span<const double> ContextOf(const Bandit& bandit, std::span<const double> contexts, std::size_t row) {
  const auto width = static_cast<std::size_t>(bandit.terms().context_size);
  return contexts.subspan(row * width, width);
}

}  // namespace

Result<std::vector<ReplayedChoice>> ReplayFullLog(Bandit& bandit, std::span<const double> contexts,
                                                  std::span<const double> rewards, std::int64_t delay) {
  const auto arms = static_cast<std::size_t>(bandit.terms().arms);
  std::vector<ReplayedChoice> made;
  LateRewards late(bandit, delay);
  for (std::size_t row = 0; row < rewards.size() / arms; ++row) {
    const BanditChoice choice = bandit.Choose(ContextOf(bandit, contexts, row));
    made.push_back({row, choice, rewards[row * arms + static_cast<std::size_t>(choice.arm)]});
    HONE_RETURN_IF_ERROR(late.Tell(made));
  }
  return made;
}

std::vector<std::size_t> ThinToUniform(std::span<const LoggedArm> log, Random& random) {
  double least = 1;
  for (const LoggedArm& row : log) least = std::min(least, row.propensity);
  std::vector<std::size_t> kept;
  for (std::size_t row = 0; row < log.size(); ++row) {
    if (log[row].propensity * random.Uniform() < least) kept.push_back(row);
  }
  return kept;
}

Result<std::vector<ReplayedChoice>> ReplayMatches(Bandit& bandit, std::span<const double> contexts,
                                                  std::span<const LoggedArm> log, std::span<const std::size_t> kept,
                                                  std::int64_t delay) {
  std::vector<ReplayedChoice> made;
  LateRewards late(bandit, delay);
  for (const std::size_t row : kept) {
    const std::span<const double> context = ContextOf(bandit, contexts, row);
    if (bandit.Foresee(context).arm != log[row].arm) continue;
    made.push_back({row, bandit.Choose(context), log[row].reward});
    HONE_RETURN_IF_ERROR(late.Tell(made));
  }
  return made;
}

}  // namespace hone
