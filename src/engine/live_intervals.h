// Prediction intervals of one model as it is served: adaptive conformal (stats/conformal_intervals.h) over the errors
// of what was answered, by whichever version. Core thread only, but for what reach() points to.
//
// Each prediction is remembered with what it was given until its outcome is mature, at most `patience` of time (then,
// or beyond kMostPending that wait, it teaches nothing). What was learned and what waits is in the store, in the
// transaction of the outcomes and predictions themselves: a restart goes on to the bit. Where there is nothing yet, the
// errors of the newest predictions in the store whose outcome is known are the first.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "engine/given_interval_store.h"
#include "engine/live_store.h"
#include "performance/performance_policy.h"
#include "records/prediction.h"
#include "serving/answer_reach.h"

namespace hone {

class LiveIntervals {
 public:
  static Result<std::unique_ptr<LiveIntervals>> Restore(LiveStore& store, const std::string& model,
                                                        const IntervalPolicy& policy, Duration patience);

  void OnServed(const Prediction& prediction);
  // Its outcome, mature; ignored where nothing waits for it.
  void OnOutcome(const Outcome& outcome);
  // Writes what changed since the last call; within the transaction that the calls before it belong to.
  Status Flush();

  // Half the width of the next interval (AnswerReach), from all that was learned.
  double Reach() const;
  // Shows it to the readers; after the commit.
  void Publish() { shown_->reach.store(Reach(), std::memory_order_relaxed); }
  std::shared_ptr<const AnswerReach> reach() const { return shown_; }

  // Of intervals that a caller got: those whose outcome is known, and of these those that held it.
  std::int64_t judged() const { return judged_; }
  std::int64_t held() const { return held_; }
  // Share held of the newest `window` judged; NaN without any.
  double coverage() const;

 private:
  LiveIntervals(LiveStore& store, std::string model, const IntervalPolicy& policy, Duration patience);
  Status RestoreState(const std::string& text);
  Status LearnFromLog();
  void Forget(Time before);
  std::string State() const;

  LiveStore* store_;
  GivenIntervalStore rows_;
  std::string model_;
  IntervalPolicy policy_;
  Duration patience_;
  ConformalIntervals conformal_;
  std::shared_ptr<AnswerReach> shown_;
  std::map<Id, GivenAnswer> pending_;
  std::int64_t judged_ = 0, held_ = 0;
  std::deque<bool> newest_;  // of the judged, whether held
  // Not written yet.
  std::vector<GivenAnswer> fresh_;
  std::vector<Id> settled_;
  bool learned_ = false;
};

}  // namespace hone
