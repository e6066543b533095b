#include "rollout/steps.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace hone {

AnswerBounds WidenedRange(double smallest_label, double largest_label) {
  const double width = largest_label - smallest_label;
  return {smallest_label - width, largest_label + width};
}

RolloutSteps::RolloutSteps(std::vector<double> shares, StepLength length, std::vector<double> gates, Time began)
    : shares_(std::move(shares)), gates_(std::move(gates)), length_(length), began_(began) {}

RolloutSteps::Event RolloutSteps::OnScored(Time time) {
  if (at_gate()) return Event::kNone;
  if (scored_ < std::numeric_limits<int>::max()) ++scored_;
  lasted_ = scored_ >= length_.predictions && time - began_ >= length_.time;
  if (!lasted_) return Event::kNone;
  return at_gate() ? Event::kAtGate : Advance(time);
}

RolloutSteps::Event RolloutSteps::Advance(Time now) {
  scored_ = 0;
  began_ = now;
  lasted_ = false;
  if (step_ == static_cast<int>(shares_.size())) return Event::kCompleted;
  ++step_;
  return Event::kNextStep;
}

void RolloutSteps::Restore(const State& state) {
  step_ = std::clamp(state.step, 0, static_cast<int>(shares_.size()));
  scored_ = state.scored;
  began_ = state.began;
  lasted_ = state.lasted;
}

std::optional<double> RolloutSteps::next_share() const {
  if (step_ == static_cast<int>(shares_.size())) return std::nullopt;
  return shares_[static_cast<std::size_t>(step_)];
}

bool RolloutSteps::at_gate() const {
  const std::optional<double> next = next_share();
  return lasted_ && next && std::find(gates_.begin(), gates_.end(), *next) != gates_.end();
}

double RolloutSteps::share() const { return step_ == 0 ? 0 : shares_[static_cast<std::size_t>(step_ - 1)]; }

}  // namespace hone
