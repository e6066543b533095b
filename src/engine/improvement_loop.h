// The improvement loop of one model: every decision about it is made here, on one thread, in the order things happened.
//
//   requests ──► OnServed ──► live versions score it ──► outcome ──► OnOutcome ──► evidence ──► decisions
//                                                                         │
//                       Start(job) ◄── triggers ◄───────────────────────────┘
//                       OnRefreshed ──► lines refreshed ──► licence + twin, or superiority ──► rollout ──► watch
//
// Deterministic: the same definition, policy, seed and sequence of calls give the same decisions, in replay, in serve
// and in simulation. No clock, no thread, no file: time comes with each call, versions come from the training service,
// acts go to the journal. Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/random.h"
#include "engine/drift_monitor.h"
#include "engine/line.h"
#include "engine/live_set.h"
#include "engine/loop_journal.h"
#include "engine/model_definition.h"
#include "engine/policy.h"
#include "engine/rollout_act.h"
#include "engine/training_service.h"
#include "features/dataset.h"
#include "records/prediction.h"
#include "rollout/anchor_guard.h"
#include "rollout/championship.h"
#include "rollout/harm_guard.h"
#include "rollout/standing.h"
#include "rollout/steps.h"

namespace hone {

// Horizons an outcome may be missing before what waits for it goes on without it.
inline constexpr Duration kLateHorizons = 12;
// Rows of a model that may wait for their outcome: bounds memory whatever the traffic.
inline constexpr std::size_t kMostPendingRows = 100'000;

// How much of the decision rules is in force.
enum class LoopMode {
  kChecked,    // hone's policy
  kUnchecked,  // the same triggers, every refresh of the champion's recipe activated at once: the control
};

class ImprovementLoop {
 public:
  struct Services {
    TrainingService* training = nullptr;  // required
    LoopJournal* journal = nullptr;       // required
    TrueRisk* truth = nullptr;            // synthetic markets only
  };
  struct Counts {
    int retrains = 0;  // jobs after the first
    int fits = 0;      // single fits of learners, all lines
    int promotions = 0;
    int rollbacks = 0;
    int rejections = 0;  // refreshes refused before traffic
  };
  // What serving has to do now.
  struct Routing {
    VersionPointer champion;
    VersionPointer challenger;  // null: no canary
    double share = 0;           // of requests the challenger answers
    int step = 0;               // of its rollout, and when that began
    Time started = 0;
    bool frozen = false;  // persistence answers
  };

  ImprovementLoop(ModelDefinition model, Policy policy, std::uint64_t seed, Services services,
                  LoopMode mode = LoopMode::kChecked);

  // A row whose outcome is known, that no version answered: history before the first champion. Time order.
  void AddHistory(Time time, Time label_time, std::span<const double> features, double y);
  // Matured rows before the first champion is chosen; replay lowers it for short series.
  void set_initial_rows(std::size_t rows) { initial_rows_ = rows; }
  // How long a bar is; an outcome is late after 12 horizons of it. Default: a day.
  void set_bar_size(Duration bar_size) { bar_size_ = bar_size; }
  // Starts the first job once there is enough history; call after AddHistory. `incumbent`: an already active version;
  // it answers at once and stays champion whatever the walk-forward history says.
  void MaybeBegin(Time now, VersionPointer incumbent = nullptr);
  bool serving() const { return champion_ != nullptr; }

  // One request that was answered. Scores it by every live version. A request not later than the one before, or one
  // more than 100,000 that wait for their outcome, is no evidence and is passed over. It ends the wait for outcomes
  // that are 12 horizons late then: by requests, whatever order outcomes come in, so that a restart waits no longer.
  void OnServed(const Prediction& prediction);
  // Its outcome; any order, doubles ignored. Evidence is taken in the order of the predictions: an outcome waits for
  // the ones before it, at most 12 horizons of time, after which the missing one is passed over.
  void OnOutcome(const Outcome& outcome);
  // Takes finished jobs from the training service. Call after every OnServed and OnOutcome.
  void Poll(Time now);
  // An operator's wish.
  void RequestRetraining() { triggers_.Request(); }
  // Makes `version` active at once, whatever its evidence: `kind` is promote or roll_back. kConflict.
  // `shown`: JSON of the A/B test that this ends (ab_test_evidence.h), for the decision; "" for none.
  Status ActivateByHand(Time now, DecisionKind kind, const VersionPointer& version, const std::string& reason,
                        const std::string& shown = "");
  // A person's word about the version on release, or about rollouts that are frozen. kConflict where there is nothing
  // to act on.
  Status ActOnRollout(Time now, RolloutAct act, const OperatorWord& word);

  // What live traffic shows and no outcome does (split_book.h): the version on release takes no step until a person
  // resumes it; it is taken back, where it is `version`. Nothing where none is on release.
  void HoldRollout(Time now, const std::string& reason, const std::string& evidence);
  void BreakGuardrail(Time now, const std::string& version, const std::string& reason, const std::string& evidence);

  // Versions beside the champion that answer a share of the requests because a person said so (an A/B test); none ends
  // that, and so does whatever makes another version active. They score every request like all live versions. While
  // there are some the loop begins no rollout and freezes nothing: whose answer is returned is the person's choice. It
  // trains, gathers evidence and takes a champion back that is proven harmful as ever; an arm's answer is no evidence
  // of what the loop serves, the champion's to the same request is. kConflict while a version is on release or
  // persistence answers.
  Status SetArms(std::vector<VersionPointer> arms);
  const std::vector<VersionPointer>& arms() const { return arms_; }

  // The loop's state as JSON, without history and pending rows: small, whatever the traffic.
  std::string SaveState() const;
  // Restores what SaveState gave, for the same definition and policy. `load` brings a version's model back by name.
  // AddHistory must have added the first history_rows() of the saved loop before, in order; afterwards SetArms where an
  // A/B test runs, and every prediction later than last_consumed() is served to the loop again, and its outcome. Rows
  // that waited for their outcome are scored once more by the versions that scored them then, and move no rollout a
  // second time: the loop goes on as if it had never stopped.
  using ModelLoader = std::function<Result<ModelPointer>(const std::string& version)>;
  Status RestoreState(std::string_view json, const ModelLoader& load);
  // Id of the newest row evidence was taken from (or that was passed over).
  const Id& last_consumed() const { return last_consumed_; }

  Routing routing() const;
  // Changes with every change of routing().
  std::int64_t routing_number() const { return routing_number_; }

  const Counts& counts() const { return counts_; }
  const std::vector<Recipe>& recipes() const { return recipes_; }
  const ModelDefinition& model() const { return model_; }
  const Dataset& history() const { return history_; }
  const std::vector<Line>& lines() const { return lines_; }
  const Championship& championship() const { return championship_; }
  const DriftMonitor& drift() const { return drift_; }

 private:
  struct PendingRow {
    Id id;
    Time time = 0;
    std::vector<double> features;
    double served = 0;
    LiveSetPointer live;
    std::vector<double> values;  // by slot of live
    std::optional<double> outcome;
    Time outcome_time = 0;
  };
  struct Rollout {
    VersionPointer version;
    Question question = Question::kRefresh;
    int line = 0;
    RolloutSteps steps;
    std::string evidence;  // JSON members that let it begin
    Time started = 0;
    bool paused = false;
  };
  struct Watch {
    VersionPointer watched, replaced;
    int line = 0;
    HarmGuard guard;
    bool promoted = false;
    std::int64_t outcomes = 0;
    VersionPointer anchor_before;  // the anchor that the watched version took the place of; null: it is no anchor
  };
  // Rows after the ones before it and up to `until` were scored by `live` before the restart.
  struct ScoredBefore {
    Id until;
    LiveSetPointer live;
  };

  // improvement_loop.cc: rows
  void ConsumeMatured(Time newest);
  void Consume(PendingRow row);
  void TakeEvidence(const PendingRow& row, double y);
  void TakePractice(const PendingRow& row, double y);
  void TakeGuard(const PendingRow& row, double y);
  void OnLicence(Time now, int line);
  void TakeEarlier(const PendingRow& row, double y);
  void TakeAnchor(const PendingRow& row, double y);
  void OnHarm(Time now, const HarmGuard::Harm& harm);
  void Decide(Time now);
  void RebuildLiveSet();
  VersionPointer Held(const VersionPointer& version) const;
  double ServedValue(const Prediction& prediction, const PendingRow& row) const;
  void TakeIncumbent(VersionPointer incumbent);
  bool champion_is_current(const PendingRow& row) const;

  // loop_state.cc: checkpoints
  std::vector<ScoredBefore> PendingLiveSets() const;

  // loop_training.cc: jobs
  void StartJob(Time now, const Trigger& trigger);
  void LoseStanding(Time now, const Trigger& trigger);
  void OnInitial(const TrainingResult& result, Time now);
  void TakeWalkForward(Line& line, const std::vector<VersionPointer>& versions);
  int ChooseChampion() const;
  int LeastSelectionLoss(bool means) const;
  void OnRefreshed(const TrainingResult& result, Time now);
  void ConsiderRefresh(Time now, const TrainedVersion* twin);
  bool TakeFit(const TrainingResult& result, std::size_t index, Time now);
  bool champion_is_licensed() const;
  std::size_t TwinEnd() const;
  std::size_t FirstUnseen(std::size_t end) const;
  VersionPointer MakeVersion(const JobFit& request, const TrainingJob& job, const FitPointer& fit, Time now);
  std::optional<std::string> SmokeTest(const TrainedVersion& version) const;
  std::vector<double> LossesOn(const Model& model, std::size_t begin, std::size_t end) const;

  // loop_acts.cc: a person's words
  Status PauseRollout(Time now, const OperatorWord& word);
  Status ResumeRollout(Time now, const OperatorWord& word);
  Status UnfreezeRollouts(Time now, const OperatorWord& word);

  // loop_rollout.cc: rollouts
  void BeginRollout(Time now, int line, Question question, std::string evidence);
  void StepRollout(const PendingRow& row);
  bool AbortIfLate(Time now);
  void TakeStep(Time now, RolloutSteps::Event event, const OperatorWord* word);
  void Promote(Time now, const OperatorWord* word);
  void DropRollout();
  void AbortRollout(Time now, const std::string& reason, const std::string& evidence);
  void RollBack(Time now, const std::string& reason, const std::string& evidence);
  void TakeBackChampion(Time now, const VersionPointer& to, VersionPointer anchor, const std::string& reason,
                        const Judgement& judgement);
  void AfterTakingBack(Time now, const VersionPointer& bad, const VersionPointer& to, int line, bool was_active);
  void Withdraw(const VersionPointer& bad, const VersionPointer& to, int line, bool was_active);
  void Freeze(Time now, const Judgement& judgement);
  void JudgeStanding(Time now);
  void JudgeChampionship(Time now);
  void Activate(const VersionPointer& version, int line);
  void Decided(Time now, DecisionKind kind, const std::string& version, std::string reason, std::string evidence);

  ModelDefinition model_;
  Policy policy_;
  LoopMode mode_;
  Services services_;
  std::vector<Recipe> recipes_;
  std::uint64_t seed_;
  IdGenerator decision_ids_;
  int persistence_column_ = 0;
  std::size_t initial_rows_;
  Duration bar_size_ = kDay;
  bool begun_ = false;

  Dataset history_;
  std::vector<Line> lines_;
  VersionPointer champion_, anchor_, incumbent_;
  int champion_line_ = 0;
  bool frozen_ = false;
  bool job_running_ = false;
  TrainingJob job_;  // the one that runs
  Id last_consumed_;
  std::int64_t jobs_ = 0;
  int highest_major_ = 0;

  LiveSetPointer live_;
  std::vector<VersionPointer> arms_;
  std::deque<PendingRow> pending_;
  std::deque<ScoredBefore> scored_before_;  // until the rows that waited at the last restart are served again
  Championship championship_;
  Standing standing_;
  AnchorGuard anchor_guard_;
  RetrainingTriggers triggers_;
  DriftMonitor drift_;
  std::optional<Rollout> rollout_;
  std::optional<Watch> watch_;
  // An unfinished watch within which another rollout began: whoever is champion goes on being compared with what was
  // replaced then, so that a version not yet proven harmless does not become the only reference.
  std::optional<Watch> earlier_;
  std::int64_t watches_ = 0;
  int rollbacks_in_a_row_ = 0;
  bool needs_person_ = false;
  std::int64_t persistence_wins_since_ = -1;
  std::int64_t routing_number_ = 0;
  Counts counts_;
  std::vector<double> line_losses_;
  std::vector<bool> line_eligible_;
};

}  // namespace hone
