#include "rollout/split_watch.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hone {

const char* GuardrailName(Guardrail guardrail) { return guardrail == Guardrail::kErrors ? "errors" : "latency"; }

SplitWatch::SplitWatch(SplitTerms terms)
    : terms_(std::move(terms)), requests_(terms_.shares.size()), units_(terms_.shares) {
  for (std::size_t arm = 1; arm < arms(); ++arm) {
    const double of_two = terms_.shares[arm] / (terms_.shares[arm] + terms_.shares[0]);
    guards_.emplace_back(of_two, terms_.error_margin);
    guards_.emplace_back(of_two, terms_.latency_margin);
  }
}

bool SplitWatch::Take(const Assignment& assignment, Duration latency) {
  const std::size_t arm = assignment.arm;
  if (arm >= arms()) return false;
  ++requests_[arm];
  if (!counted_.Take(assignment.unit)) return false;
  units_.Add(arm);
  const bool late = latency > terms_.latency_budget;
  for (std::size_t challenger = 1; challenger < arms(); ++challenger) {
    if (arm != 0 && arm != challenger) continue;
    guards_[Index(Guardrail::kErrors, challenger)].Add(arm != 0, assignment.failed);
    if (assignment.timed) guards_[Index(Guardrail::kLatency, challenger)].Add(arm != 0, late);
  }
  return true;
}

double SplitWatch::mismatch_threshold() const { return -std::log(terms_.mismatch_alpha); }

double SplitWatch::guard_threshold() const {
  return -std::log(terms_.guard_alpha / static_cast<double>(guards_.size()));
}

SplitWatch::State SplitWatch::state() const {
  State state{requests_, units_.state(), {}};
  for (const ShareExcess& guard : guards_) state.guards.push_back(guard.state());
  return state;
}

void SplitWatch::Restore(const State& state) {
  requests_ = state.requests;
  requests_.resize(arms());
  units_.Restore(state.units);
  for (std::size_t i = 0; i < std::min(guards_.size(), state.guards.size()); ++i) guards_[i].Restore(state.guards[i]);
}

}  // namespace hone
