#include "rollout/steps.h"

#include <algorithm>
#include <utility>

namespace hone {

AnswerBounds WidenedRange(double smallest_label, double largest_label) {
  const double width = largest_label - smallest_label;
  return {smallest_label - width, largest_label + width};
}

RolloutSteps::RolloutSteps(std::vector<double> shares, int step_predictions, std::vector<double> gates)
    : shares_(std::move(shares)), gates_(std::move(gates)), step_predictions_(step_predictions) {}

RolloutSteps::Event RolloutSteps::OnScored() {
  if (at_gate() || ++scored_ < step_predictions_) return Event::kNone;
  return at_gate() ? Event::kAtGate : Advance();
}

RolloutSteps::Event RolloutSteps::Advance() {
  scored_ = 0;
  if (step_ == static_cast<int>(shares_.size())) return Event::kCompleted;
  ++step_;
  return Event::kNextStep;
}

void RolloutSteps::Restore(int step, int scored) {
  step_ = std::clamp(step, 0, static_cast<int>(shares_.size()));
  scored_ = scored;
}

std::optional<double> RolloutSteps::next_share() const {
  if (step_ == static_cast<int>(shares_.size())) return std::nullopt;
  return shares_[static_cast<std::size_t>(step_)];
}

bool RolloutSteps::at_gate() const {
  const std::optional<double> next = next_share();
  return scored_ >= step_predictions_ && next && std::find(gates_.begin(), gates_.end(), *next) != gates_.end();
}

double RolloutSteps::share() const { return step_ == 0 ? 0 : shares_[static_cast<std::size_t>(step_ - 1)]; }

}  // namespace hone
