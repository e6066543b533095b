// The steps of a rollout: shadow first, then a growing share of the answers, then all of them.
//
// Steps advance on operational guardrails (each answer finite and within the allowed range), after `predictions`
// answers and no sooner than `time` after they began; the statistical verdict runs beside them all the time. Which of
// the two is the longer depends on the traffic: a daily bar takes days for its answers, and a service that answers a
// hundred requests a second would be through in no time, before anything could be seen of its errors and latencies.
// Before a step that has a gate they wait for a person. Not thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "base/time.h"

namespace hone {

// Range a version's answers may take: the range of the labels it learned from, widened on both sides by its own width.
struct AnswerBounds {
  double low = 0, high = 0;
  bool Contains(double value) const { return value >= low && value <= high; }  // false for NaN
};
AnswerBounds WidenedRange(double smallest_label, double largest_label);

// What a step lasts: both.
struct StepLength {
  int predictions = 4;  // >= 1
  Duration time = 0;    // >= 0, by the time of the requests
};

class RolloutSteps {
 public:
  // shares: increasing, each (0, 1], last 1. gates: those of the shares that wait for Advance. `began`: step 0, shadow.
  RolloutSteps(std::vector<double> shares, StepLength length, std::vector<double> gates, Time began);

  enum class Event {
    kNone,
    kAtGate,    // the step has lasted, the next has a gate: told once
    kNextStep,  // share() is another
    kCompleted,
  };
  // One request of that time scored by the challenger within its guardrails.
  Event OnScored(Time time);
  // A person's word: the next step now, whatever its gate. kNextStep or kCompleted.
  Event Advance(Time now);

  // Share of requests the challenger answers now: 0 in shadow.
  double share() const;
  // That of the next step; nothing after the last.
  std::optional<double> next_share() const;
  // The step has lasted and only the next one's gate holds it.
  bool at_gate() const;
  int step() const { return step_; }
  int scored() const { return scored_; }  // in this step

  struct State {
    int step = 0, scored = 0;
    Time began = 0;       // the step
    bool lasted = false;  // long enough
  };
  State state() const { return {step_, scored_, began_, lasted_}; }
  // As a run with the same shares left it.
  void Restore(const State& state);

 private:
  std::vector<double> shares_, gates_;
  StepLength length_;
  int step_ = 0;  // 0: shadow; i: shares_[i - 1]
  int scored_ = 0;
  Time began_;
  bool lasted_ = false;
};

}  // namespace hone
