#include "rollout/championship.h"

#include <algorithm>

namespace hone {

Championship::Championship(int candidates, int horizon, double alpha, std::int64_t minimum_rows)
    : horizon_(horizon),
      alpha_(alpha),
      minimum_rows_(minimum_rows),
      lines_(static_cast<std::size_t>(candidates), PairedEvidenceProcess(horizon)) {}

void Championship::Add(double served_loss, const std::vector<double>& losses, const std::vector<bool>& eligible) {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (eligible[i]) lines_[i].Add(served_loss - losses[i]);
  }
}

double Championship::candidate_alpha() const {
  return alpha_ / (static_cast<double>(number_) * (number_ + 1)) / static_cast<double>(lines_.size());
}

Judgement Championship::Judge(int candidate) const {
  return JudgePaired(lines_[static_cast<std::size_t>(candidate)], candidate_alpha(), minimum_rows_);
}

double Championship::RecentGain(int candidate) const {
  return lines_[static_cast<std::size_t>(candidate)].MeanOfLast(std::max(60, 12 * horizon_));
}

std::optional<Championship::Winner> Championship::Look() const {
  std::optional<Winner> best;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const int candidate = static_cast<int>(i);
    if (!lines_[i].look_due() || lines_[i].mean() <= 0) continue;
    const Judgement judgement = Judge(candidate);
    const double recent = RecentGain(candidate);
    if (judgement.verdict != Verdict::kAdvance || recent <= 0) continue;
    if (!best || judgement.evidence.mean > best->judgement.evidence.mean) best = Winner{candidate, judgement, recent};
  }
  return best;
}

void Championship::Restart() {
  ++number_;
  for (auto& line : lines_) line = PairedEvidenceProcess(horizon_);
}

Championship::State Championship::state() const {
  State state{number_, {}};
  for (const auto& line : lines_) state.lines.push_back(line.state());
  return state;
}

void Championship::Restore(const State& state) {
  number_ = state.number;
  for (std::size_t i = 0; i < lines_.size() && i < state.lines.size(); ++i) lines_[i].Restore(state.lines[i]);
}

void Championship::Forget(int candidate) {
  lines_[static_cast<std::size_t>(candidate)] = PairedEvidenceProcess(horizon_);
}

}  // namespace hone
