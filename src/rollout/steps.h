// The steps of a rollout: shadow first, then a growing share of the answers, then all of them.
//
// Steps advance on operational guardrails (each answer finite and within the allowed range), after `step_predictions`
// answers; the statistical verdict runs beside them all the time. Before a step that has a gate they wait for a person.
// Not thread-safe.
#pragma once

#include <optional>
#include <vector>

namespace hone {

// Range a version's answers may take: the range of the labels it learned from, widened on both sides by its own width.
struct AnswerBounds {
  double low = 0, high = 0;
  bool Contains(double value) const { return value >= low && value <= high; }  // false for NaN
};
AnswerBounds WidenedRange(double smallest_label, double largest_label);

class RolloutSteps {
 public:
  // shares: increasing, each (0, 1], last 1. step_predictions >= 1. gates: those of the shares that wait for Advance.
  RolloutSteps(std::vector<double> shares, int step_predictions, std::vector<double> gates = {});

  enum class Event {
    kNone,
    kAtGate,    // the step has lasted, the next has a gate: told once
    kNextStep,  // share() is another
    kCompleted,
  };
  // One request scored by the challenger within its guardrails. A step lasts step_predictions of them; step 0 is
  // shadow.
  Event OnScored();
  // A person's word: the next step now, whatever its gate. kNextStep or kCompleted.
  Event Advance();

  // Share of requests the challenger answers now: 0 in shadow.
  double share() const;
  // That of the next step; nothing after the last.
  std::optional<double> next_share() const;
  // The step has lasted and only the next one's gate holds it.
  bool at_gate() const;
  int step() const { return step_; }
  int scored() const { return scored_; }
  // As a run with the same shares left it.
  void Restore(int step, int scored);

 private:
  std::vector<double> shares_, gates_;
  int step_predictions_;
  int step_ = 0;  // 0: shadow; i: shares_[i - 1]
  int scored_ = 0;
};

}  // namespace hone
