// One rollout as each rule sees it: the losses of a champion and of its challengers, outcome by outcome, until the rule
// has promoted one or has nobody left to promote.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace hone::verdicts {

class Trial {
 public:
  virtual ~Trial() = default;
  // The next outcome. Nothing is added once the trial has ended.
  virtual void Add(double champion, std::span<const double> challengers) = 0;
  virtual std::optional<int> promoted() const = 0;
  virtual bool ended() const = 0;  // promoted, or every challenger refused
};

// What a rule says of one challenger after an outcome.
enum class Call { kGoOn, kPromote, kRefuse };

// When a rule that is looked at again and again is looked at: as hone's verdict is, every two horizons from 24 on.
struct Looks {
  explicit Looks(int horizon) : every(2 * horizon) {}
  bool Due(long rows) const { return rows >= 12L * every && rows % every == 0; }
  int every;
};

// A rule for one challenger, `Call Add(double champion, double challenger)`, given to each of several on its own:
// nothing corrects for their number.
template <typename Rule>
class EachChallenger : public Trial {
 public:
  EachChallenger(const Rule& rule, int challengers)
      : rules_(static_cast<std::size_t>(challengers), rule), calls_(rules_.size(), Call::kGoOn) {}

  void Add(double champion, std::span<const double> challengers) override {
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      if (calls_[i] != Call::kGoOn) continue;
      calls_[i] = rules_[i].Add(champion, challengers[i]);
      going_on_ -= calls_[i] == Call::kGoOn ? 0 : 1;
      if (calls_[i] == Call::kPromote && !promoted_) promoted_ = static_cast<int>(i);
    }
  }
  std::optional<int> promoted() const override { return promoted_; }
  bool ended() const override { return promoted_ || going_on_ == 0; }

 private:
  std::vector<Rule> rules_;
  std::vector<Call> calls_;
  std::size_t going_on_ = rules_.size();
  std::optional<int> promoted_;
};

template <typename Rule>
std::unique_ptr<Trial> ForEach(const Rule& rule, int challengers) {
  return std::make_unique<EachChallenger<Rule>>(rule, challengers);
}

}  // namespace hone::verdicts
