// An improvement loop in a world whose models are as good as the test says, over a store that commits in turns, as the
// live engine does, and that can be killed between any two of them or in the middle of one.
//
// Features: signal, naive, and four that have nothing to do with the outcome, which is the signal with a little noise.
// A version answers the signal with its error times one of the four. Nothing is trained: a fit is a version with the
// error that was set for the next ones. A day is a row. Not thread-safe.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/random.h"
#include "engine/improvement_loop.h"
#include "outcomes/joined_reader.h"

namespace hone::properties {

inline constexpr double kBad = 2;

// What the next fits will be.
struct NextFits {
  double error[2] = {0.5, 0.5};  // standard deviation of the answers' error, by recipe
  int good_for = 0;              // days; then their error is kBad. 0: for ever
  bool throw_errors = false;     // every fit fails
  bool held = false;             // the job does not end while this is true
};

// What the store holds: decisions, and stages by the registry's rules.
struct Stored {
  std::vector<Decision> decisions;
  std::map<std::string, Stage> stages;
  std::map<std::string, std::shared_ptr<const TrainedVersion>> versions;
  std::map<std::string, bool> validated;
  std::optional<Stage> demoted;  // what the active version becomes once another takes its place
  Dataset rows;
  std::vector<JoinedPrediction> requests;
  std::string checkpoint;
};

class ScriptedLoop final : private TrainingService, private LoopJournal {
 public:
  static constexpr int kHorizon = 1;
  static constexpr std::size_t kInitialRows = 120;

  ScriptedLoop(Policy policy, std::uint64_t seed);

  // Each is one turn: what it did is committed at its end.
  void Serve();  // one request, answered as the loop routes it
  // Its outcome, the first time; later ones change nothing.
  void Tell(std::size_t request, double shift = 0);
  Status Act(RolloutAct act);
  // What a split of live traffic shows: shares that are not what they should be; a broken guardrail of `version`.
  void Hold();
  void BreakGuardrail(const std::string& version);
  Status ActivateByHand(DecisionKind kind, const std::string& version);
  void RequestRetraining();
  void Wait() { EndTurn(); }  // nothing came

  // Killed and started again: the loop is what the last checkpoint and the rows after it make of it.
  void Kill();
  // Killed in the middle of `turn`: nothing of it is kept.
  template <typename Turn>
  void KillDuring(const Turn& turn) {
    Stored before = stored_;
    turn();
    stored_ = std::move(before);
    Kill();
  }

  NextFits next;

  const ImprovementLoop& loop() const { return *loop_; }
  const Stored& stored() const { return stored_; }
  const Policy& policy() const { return policy_; }
  Time now() const { return now_; }
  std::size_t requests() const { return stored_.requests.size(); }
  // What the store refused or would hold wrongly; empty as long as every rule is kept.
  const std::vector<std::string>& broken() const { return broken_; }

 private:
  void Start(const TrainingJob& job, const Dataset& history) override;
  std::optional<TrainingResult> TakeFinished() override;
  void OnDecision(const Decision& decision) override { stored_.decisions.push_back(decision); }
  void OnDrift(const DriftEvent&) override { drift_ = true; }
  void OnVersion(const TrainedVersion& version) override;
  void OnStage(const TrainedVersion& version, Stage stage) override;
  void OnShadow(const ShadowPrediction&) override {}

  void MakeLoop();
  void Activate(const std::string& version);
  void DeliverMature();
  void EndTurn(bool checkpoint = false);
  void StoreRows();
  std::vector<double> NextFeatures();

  ModelDefinition model_;
  Policy policy_;
  std::uint64_t seed_;
  Random world_, router_;
  IdGenerator ids_;
  std::optional<TrainingJob> job_;
  int fits_ = 0;
  Stored stored_;
  std::multimap<Time, Outcome> early_;
  std::vector<std::string> broken_;
  std::size_t saved_decisions_ = 0;
  std::int64_t saved_routing_ = -1;
  bool drift_ = false;
  Time now_ = 0;
  std::unique_ptr<ImprovementLoop> loop_;
};

}  // namespace hone::properties
