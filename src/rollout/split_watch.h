// Is a split of live traffic what it says it is, and does a version that shares it fail more often or answer later than
// the champion? Watched request by request, decided whenever it is proven.
//
//   mismatch   the arms get other shares of the units than stated (SequentialMultinomial at mismatch_alpha): whatever
//              the arms then show compares other requests, so that nothing can be concluded from it
//   errors     the share of units whose arm had no finite answer is larger than the champion's by more than
//   error_margin latency    the same of the share that took longer than latency_budget, by more than latency_margin
//
// Both guardrails are ShareExcess, each of 2 guardrails x K challengers at guard_alpha / 2K, so that a split whose arms
// are alike breaks any with a chance of at most guard_alpha, at whatever time one looks.
//
// Only counted units say anything (counted_units.h): of a key its first request. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "records/prediction.h"
#include "rollout/counted_units.h"
#include "stats/sequential_multinomial.h"
#include "stats/share_excess.h"

namespace hone {

struct SplitTerms {
  std::vector<double> shares;     // by arm, the champion's first; each above 0, 1 together
  double mismatch_alpha = 0.001;  // (0, 0.5]
  double guard_alpha = 0.05;      // (0, 0.5]
  double error_margin = 0.01;     // [0, 1)
  Duration latency_budget = 10 * kMillisecond;
  double latency_margin = 0.05;  // [0, 1)
};

enum class Guardrail : std::uint8_t { kErrors, kLatency };
const char* GuardrailName(Guardrail guardrail);  // "errors", "latency"

class SplitWatch {
 public:
  explicit SplitWatch(SplitTerms terms);

  // The next request that was assigned in this split; whether it counts.
  bool Take(const Assignment& assignment, Duration latency);

  const SplitTerms& terms() const { return terms_; }
  std::size_t arms() const { return terms_.shares.size(); }
  // Requests of an arm, those that do not count included.
  std::int64_t requests(std::size_t arm) const { return requests_[arm]; }
  const SequentialMultinomial& units() const { return units_; }
  // log_peak of units() that proves a mismatch.
  double mismatch_threshold() const;
  bool mismatch() const { return units_.log_peak() >= mismatch_threshold(); }

  // Of challenger `arm` >= 1 beside the champion, on the units of the two.
  const ShareExcess& guard(Guardrail guardrail, std::size_t arm) const { return guards_[Index(guardrail, arm)]; }
  double guard_threshold() const;
  bool broken(Guardrail guardrail, std::size_t arm) const {
    return guard(guardrail, arm).log_peak() >= guard_threshold();
  }

  CountedUnits& counted() { return counted_; }

  struct State {
    std::vector<std::int64_t> requests;
    SequentialMultinomial::State units;
    std::vector<ShareExcess::State> guards;
  };
  // All but the keys (CountedUnits).
  State state() const;
  // `state` of a watch of as many arms and the same terms.
  void Restore(const State& state);

 private:
  static std::size_t Index(Guardrail guardrail, std::size_t arm) {
    return 2 * (arm - 1) + (guardrail == Guardrail::kLatency ? 1 : 0);
  }

  SplitTerms terms_;
  std::vector<std::int64_t> requests_;
  CountedUnits counted_;
  SequentialMultinomial units_;
  std::vector<ShareExcess> guards_;  // by Index
};

}  // namespace hone
