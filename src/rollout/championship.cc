#include "rollout/championship.h"

#include <cmath>
#include <utility>

namespace hone {
namespace {

constexpr std::size_t kFreshStarts = 2;
constexpr double kFirstEvidence = 0.8;  // of a candidate's level; the rest is for what comes after it is forgotten

}  // namespace

Championship::Championship(int candidates, int horizon, double alpha, std::int64_t minimum_rows)
    : candidates_(static_cast<std::size_t>(candidates)), horizon_(horizon), alpha_(alpha), minimum_rows_(minimum_rows) {
  state_.running.push_back(EmptyStart(0));
  state_.forgotten.assign(candidates_, 0);
}

Championship::Start Championship::EmptyStart(int number) const {
  return {number, std::vector<PairedEvidenceProcess>(candidates_, PairedEvidenceProcess(horizon_, kTightestAt))};
}

void Championship::Add(double served_loss, const std::vector<double>& losses, const std::vector<bool>& eligible) {
  if (!std::isfinite(served_loss)) return;
  for (std::size_t i = 0; i < candidates_; ++i) {
    if (!eligible[i]) continue;
    if (!std::isfinite(losses[i])) {
      Forget(static_cast<int>(i));
      continue;
    }
    for (Start& start : state_.running) start.lines[i].Add(served_loss - losses[i]);
  }
}

double Championship::AlphaOf(const Start& start, std::size_t candidate) const {
  const double championship = alpha_ / (static_cast<double>(state_.number) * (state_.number + 1));
  const double half = championship / static_cast<double>(candidates_) / 2 * kFirstEvidence *
                      std::pow(1 - kFirstEvidence, state_.forgotten[candidate]);
  return start.number == 0 ? half : half / (static_cast<double>(start.number) * (start.number + 1));
}

Judgement Championship::Judge(int candidate) const {
  return JudgePaired(whole(candidate), AlphaOf(state_.running.front(), static_cast<std::size_t>(candidate)),
                     minimum_rows_);
}

void Championship::Consider(const Start& start, int candidate, std::optional<Winner>& best) const {
  const auto place = static_cast<std::size_t>(candidate);
  const auto judgement = ProvenBetter(start.lines[place], whole(candidate), AlphaOf(start, place), minimum_rows_);
  if (!judgement || (best && best->recent_gain >= RecentGain(candidate))) return;
  best = Winner{candidate, *judgement, RecentGain(candidate), start.number};
}

std::optional<Championship::Winner> Championship::Look() const {
  std::optional<Winner> best;
  for (const Start& start : state_.running) {
    for (std::size_t i = 0; i < candidates_; ++i) Consider(start, static_cast<int>(i), best);
  }
  return best;
}

void Championship::FreshStart() {
  state_.running.push_back(EmptyStart(++state_.starts));
  if (state_.running.size() > kFreshStarts + 1) state_.running.erase(state_.running.begin() + 1);
}

void Championship::Restart() {
  state_ = State{state_.number + 1, 0, {}, std::vector<int>(candidates_, 0)};
  state_.running.push_back(EmptyStart(0));
}

void Championship::Forget(int candidate) {
  ++state_.forgotten[static_cast<std::size_t>(candidate)];
  for (Start& start : state_.running) {
    start.lines[static_cast<std::size_t>(candidate)] = PairedEvidenceProcess(horizon_, kTightestAt);
  }
}

void Championship::Restore(State state) { state_ = std::move(state); }

}  // namespace hone
