// Evidence of need: the champion's loss has left its range; is its own recipe, refitted, better than what is served?
//
// A share of the rollouts' alpha is reserved for this one question. Among all lines the champion's recipe would be
// judged at alpha over a dozen candidates, and its practice licence on rows of which most are from before the change;
// after an abrupt break both come late. An alarm opens a need, and its evidence begins with the next refit of the
// recipe after the one the alarm caused, which hardly knew the change. The k-th evidence ever begun is judged at alpha
// / (k (k + 1)), so that over any number of them the chance of advancing a refit that is no better than what is served
// stays below alpha. A need ends with its champion, and a refit must also lead over the last max(60, 12 horizons) rows.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "rollout/verdict.h"

namespace hone {

class NeedEvidence {
 public:
  // horizon >= 1; alpha (0, 0.5]; minimum_rows: matured outcomes before any verdict.
  NeedEvidence(int horizon, double alpha, std::int64_t minimum_rows);

  // Retrained because of the realised loss or of drift. No effect while a need is open.
  void OnAlarm();
  // A refit of the champion's recipe is there. Call before OnAlarm when an alarm caused it.
  void OnRefit();
  // One matured outcome answered by what is served and by the newest refit. Losses that are not finite are passed over.
  void Add(double served_loss, double refit_loss);
  // Another champion, or the refit failed in its rollout.
  void Close();

  struct Proof {
    Judgement judgement;
    double recent_gain = 0;
    int number = 0;  // of the evidence, from 1
  };
  // At a look: the proof that the refits are better than what is served.
  std::optional<Proof> Look() const;
  std::int64_t rows() const { return state_.evidence.rows(); }

  struct State {
    bool open = false;
    int begun = 0;         // evidence ever begun
    bool running = false;  // evidence of an open need has begun
    PairedEvidenceProcess evidence;
  };
  const State& state() const { return state_; }
  void Restore(State state) { state_ = std::move(state); }

 private:
  int horizon_;
  double alpha_;
  std::int64_t minimum_rows_;
  State state_;
};

}  // namespace hone
