// One model as it lives: its loop, the feed of its bars, and the journal that writes both down. Core thread only.
//
// While an A/B test runs (traffic_split.h) its shares decide who answers, requests as well as bars; the loop begins no
// rollout, and all versions of the test score every request (ImprovementLoop::SetArms). Another active version ends it:
// by an operator's hand, or because the loop took the one there was back.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "engine/bar_feed.h"
#include "engine/definition_store.h"
#include "engine/improvement_loop.h"
#include "engine/live_intervals.h"
#include "engine/live_journal.h"
#include "engine/live_store.h"
#include "engine/split_store.h"
#include "engine/training_process.h"
#include "records/ab_test.h"
#include "serving/snapshot.h"

namespace hone {

class LiveModel {
 public:
  // Restores the model from the store: definition, rows, checkpoint and what came after it. A job that ran is begun
  // anew.
  static Result<std::unique_ptr<LiveModel>> Restore(LiveStore& store, const std::string& name, const Policy& policy,
                                                    std::uint64_t seed, const std::string& program);

  const std::string& name() const { return definition_.model.name; }
  const StoredDefinition& definition() const { return definition_; }
  ImprovementLoop& loop() { return *loop_; }
  const ImprovementLoop& loop() const { return *loop_; }
  TrainingProcess& training() { return training_; }
  // Null where the policy asks for none.
  LiveIntervals* intervals() { return intervals_.get(); }

  // A stored prediction; a stored outcome. Mature outcomes go to the loop: those of bar-driven predictions at once,
  // others when the horizon has passed.
  void OnPrediction(const Prediction& prediction);
  void OnOutcome(const Outcome& outcome, Time now);

  struct BarStep {
    std::optional<Prediction> prediction;  // to be stored
    std::optional<Outcome> outcome;        // of the prediction `horizon` bars ago
  };
  // One bar of its instrument.
  Result<BarStep> OnBar(const Bar& bar);

  // What is due by the clock: mature outcomes, finished jobs. kCorrupt or storage errors of the journal.
  Status Poll(Time now);
  // Saves the loop's state when it has decided something since the last call, or `always`.
  Status Checkpoint(bool always);

  // The A/B test that runs from now on, as it stands in the store; none: it has ended. kConflict as SetArms, and for a
  // version the loop cannot hold.
  Status TakeAbTest(std::optional<AbTest> test);
  // An operator's word: makes `version` active, which ends an A/B test. kConflict, kNotFound.
  Status ActivateByHand(Time now, DecisionKind kind, const std::string& version, const std::string& reason);

  // How its traffic is split now: by an A/B test, else by a canary that answers some of it.
  std::optional<SplitIdentity> Split() const;
  // What the I/O threads answer from now. kUnavailable before there is an active version.
  Result<SnapshotPointer> MakeSnapshot() const;

  // The version with its model, from the registry.
  Result<VersionPointer> LoadVersionNamed(const std::string& version) const;

 private:
  LiveModel(LiveStore& store, StoredDefinition definition, const Policy& policy, std::uint64_t seed,
            const std::string& program);
  Status RestoreLoop();
  Status RestoreFeed();
  Status RestoreAbTest();
  Status RestoreIntervals();
  void TakeMature(const Outcome& outcome);
  Status ReplayTail();
  Status EndOvertakenAbTest(Time now);
  void AnswerByArm(Prediction& prediction);
  void Assign(Prediction& prediction) const;
  int RecipeIndex(const std::string& name) const;
  Duration horizon_time() const { return definition_.model.horizon * definition_.bar_size; }

  LiveStore* store_;
  StoredDefinition definition_;
  Policy policy_;
  std::vector<Recipe> recipes_;
  TrainingProcess training_;
  LiveJournal journal_;
  std::optional<ImprovementLoop> loop_;
  std::optional<BarFeed> feed_;
  std::unique_ptr<LiveIntervals> intervals_;
  IdGenerator feed_ids_, act_ids_;  // of predictions, of decisions about A/B tests
  Random router_;
  std::optional<AbTest> ab_test_;        // that runs
  std::vector<ChallengerVersion> arms_;  // of it, beside the champion
  SnapshotPointer split_;                // by which it answers bars
  struct Asked {
    Id id;
    Time time = 0;
  };
  std::deque<Asked> asked_;             // bar-driven predictions without an outcome, oldest first
  std::multimap<Time, Outcome> early_;  // outcomes by the time they are mature
  Time latest_ = 0;                     // newest event: the loop's now, whatever the wall clock says
  std::int64_t saved_routing_ = -1, saved_decisions_ = -1;
};

}  // namespace hone
