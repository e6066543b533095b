// The live engine: one folder's models, served and kept sharp.
//
// Threads. I/O threads answer predictions from immutable snapshots and leave them in a ring each; everything else they
// hand over as a task. One core thread owns the write connection and every loop: in turns it drains rings and tasks,
// stores what came, feeds the loops, and commits rows, decisions and checkpoints in ONE transaction; only then are the
// tasks' replies sent and new snapshots published. So what was acknowledged is durable, and a decision is never
// separated from the rows it rests on. Training runs in a child process. The engine starts no thread: the caller runs
// Run().
//
//   I/O thread ──ring──┐
//   I/O thread ──task──┼──► core: store ─► loop ─► COMMIT ─► replies, snapshots
//   child `hone job run` ──result file──┘
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/time.h"
#include "engine/live_model.h"
#include "engine/live_store.h"
#include "engine/model_figures.h"
#include "engine/policy.h"
#include "engine/split_book.h"
#include "features/store/latest_cache.h"
#include "features/store/online_features.h"
#include "features/store/shared_latest.h"
#include "registry/model_file_version.h"
#include "serving/prediction_ring.h"
#include "serving/snapshot_table.h"

namespace hone {

struct LiveOptions {
  std::filesystem::path folder;
  Policy policy;
  std::uint64_t seed = 1;
  std::string program;           // the hone executable: `program job run ID --dir folder` trains
  int io_threads = 1;            // rings
  std::size_t ring_size = 4096;  // predictions a ring holds
  std::string vfs;               // SQLite VFS, "" for the default
  // Instruments whose features stay folded, and whose newest values stay in memory.
  std::size_t feature_entities = 1000;
  SharedLatest* shared_features = nullptr;  // is offered newest values; outlives the engine; null: nobody
};

class LiveEngine {
 public:
  // Locks the folder (kConflict when another process has it), opens and migrates the store, restores every model.
  // `clock` must outlive the engine.
  static Result<std::unique_ptr<LiveEngine>> Open(const LiveOptions& options, const Clock& clock);
  ~LiveEngine();

  // --- any thread ---

  // Runs `work` on the core thread in its next turn; `reply` gets its result after the commit, or the error that kept
  // the turn from being stored. A work that returns an error has its own writes taken back.
  using Work = std::function<Result<std::string>(LiveEngine& core)>;
  using Reply = std::function<void(Result<std::string> result)>;
  void Submit(Work work, Reply reply);
  // By name, for the models there were at Open (none is added to a folder in service).
  const std::map<std::string, ModelFigures>& figures() const { return figures_; }
  // Newest values of features, as they are on the disk.
  LatestCache& latest_features() { return *latest_; }
  const OnlineFeatures::Counts& feature_counts() const { return features_.counts(); }
  // Ends Run after the turn in progress and one more that drains what is there; kills a training child.
  void Stop();

  // --- I/O threads ---

  PredictionRing& ring(int io_thread) { return *rings_[static_cast<std::size_t>(io_thread)]; }
  // Hands snapshots to the readers from now on; before Run.
  void ConnectReaders(SnapshotTable::Post post);
  // Reader's own thread; never null.
  const SnapshotSet* snapshots(int io_thread) const { return table_->Current(io_thread); }

  // --- core thread ---

  // Takes turns until Stop.
  void Run();
  // Calls `hook` at the end of every turn that could be stored; before Run.
  void AfterEachTurn(std::function<void(LiveEngine& core)> hook) { after_turn_ = std::move(hook); }
  // One turn, also for tests: waits at most `wait` for something to do.
  void Turn(Duration wait);

  LiveStore& store() { return *store_; }
  OnlineFeatures& features() { return features_; }
  const Policy& policy() const { return options_.policy; }
  Time now() const { return clock_->Now(); }
  // By name.
  const std::map<std::string, std::unique_ptr<LiveModel>>& models() const { return models_; }
  // Models without a loop, served as they stand: their versions come from files, or answer classes.
  const std::set<std::string>& registered() const { return registered_; }
  // kNotFound with a did-you-mean; kConflict for one without a loop.
  Result<LiveModel*> FindModel(const std::string& name);

  // Stores an outcome (the first stands: `doubled` otherwise) and gives it to the loop when it is mature. kNotFound
  // when no prediction has the id.
  struct OutcomeTaken {
    bool doubled = false;
  };
  Result<OutcomeTaken> AddOutcome(const Id& prediction, double value);

  // New bars of an instrument, oldest first, each later than the one before: features are updated, matured outcomes
  // stored, predictions made. Where features are registered the bars also go to the feature store, those of an
  // instrument that drives no model too, and then late and corrected ones as well. kNotFound when neither takes them;
  // kInvalidData names the bar that is wrong.
  struct BarsTaken {
    int bars = 0, outcomes = 0;
    std::vector<Prediction> predictions;
    std::int64_t feature_values = 0;  // written
    std::string features_refused;     // why the feature store did not take what models did; "" where it did
  };
  Result<BarsTaken> AddBars(const std::string& instrument, const std::vector<Bar>& bars);

  // Measures every champion again and shows it in figures(); the rest of figures() follows each turn by itself.
  Status RefreshPerformance();

  // An operator's acts. kConflict, kNotFound.
  Status RequestRetraining(const std::string& model);
  Status RollBack(const std::string& model, const std::string& version);  // "": to the one active before
  Status Promote(const std::string& model, const std::string& version);
  // The same, refused with kConflict where an A/B test of the model runs that the version cannot win: its arms do not
  // get their shares, or the version broke a guardrail.
  Status PromoteWinner(const std::string& model, const std::string& version);
  // kConflict, too, for a model without a loop.
  Status ActOnRollout(const std::string& model, RolloutAct act, const OperatorWord& word);
  // Adds a version from a model file, as RegisterModelFile (registry/model_file_version.h), and makes it active where
  // `activate`. kConflict for a model that hone trains.
  Result<VersionRecord> Register(const ModelFileVersion& version, const FileContent& content, bool activate);
  // An A/B test (SplitTraffic in engine/traffic_split.h). kConflict, too, while the loop of a model that hone trains
  // has a version on release or lets persistence answer.
  Result<std::optional<AbTest>> SplitTraffic(const std::string& model, std::vector<AbArm> arms, AbTestTerms terms = {});

  std::int64_t predictions_stored() const { return predictions_stored_.load(std::memory_order_relaxed); }
  std::int64_t outcomes_stored() const { return outcomes_stored_.load(std::memory_order_relaxed); }
  // False after a turn could not be stored (disk full), until one could again.
  bool healthy() const { return healthy_.load(std::memory_order_relaxed); }

 private:
  struct Task {
    Work work;
    Reply reply;
  };
  struct Answer {
    Reply reply;
    Result<std::string> result;
  };

  LiveEngine(LiveOptions options, const Clock& clock, FileLock lock, std::unique_ptr<LiveStore> store,
             std::unique_ptr<Database> latest);
  Status LoadModels();
  std::vector<Task> WaitForTasks(Duration wait);
  Status TakeTurn(std::vector<Task>& tasks, std::vector<Answer>& answers);
  Status DrainRings();
  Status CountSplits(std::span<const Prediction> assigned);
  Status FollowSplit(const std::string& model);
  Status FollowSplits();
  Status ActOnSplits();
  Status ActOnFinding(const std::string& model, const SplitFinding& finding);
  Status LookAtAbTests();
  Status EndOverdue(const std::string& model);
  Status LookAtShares(const std::string& model);
  Status TakeAbTest(const std::string& model, const std::optional<AbTest>& test);
  Status PollModels();
  Result<OnlineFeatures::Taken> TakeFeatures(const std::string& instrument, const std::vector<Bar>& bars,
                                             const LiveModel* driven);
  Status StoreFeatures(const std::string& instrument, const std::vector<Bar>& bars, const LiveModel* driven,
                       BarsTaken& taken);
  Status FeedModels(const std::string& instrument, const std::vector<Bar>& bars, const std::vector<LiveModel*>& driven,
                    BarsTaken& taken);
  void ShowFeatures();
  void RestoreFeatures();
  void RunTasks(std::vector<Task>& tasks, std::vector<Answer>& answers);
  void AfterCommit();
  void ShowCounts();
  void Recover(const Error& error);
  void PublishSnapshots();
  bool RingsEmpty() const;

  LiveOptions options_;
  const Clock* clock_;
  FileLock lock_;
  std::unique_ptr<LiveStore> store_;
  OnlineFeatures features_;
  std::unique_ptr<LatestCache> latest_;
  std::set<std::string> renewed_;  // instruments whose values were written in this turn
  std::map<std::string, std::unique_ptr<LiveModel>> models_;
  std::map<std::string, ModelFigures> figures_;  // not changed in its keys after Open
  std::set<std::string> registered_;
  IdGenerator act_ids_;  // of decisions about registered models
  std::vector<std::unique_ptr<PredictionRing>> rings_;
  std::vector<Prediction> drained_;  // the first drained_count_: out of the rings, not stored yet; the rest: memory
  std::size_t drained_count_ = 0;
  std::size_t answered_count_ = 0;  // of them; the others are only counted by a split
  SplitBook splits_;
  std::map<std::string, std::int64_t> followed_;  // routing number by model whose split was followed
  Time ab_tests_looked_at_ = 0;
  std::unique_ptr<SnapshotTable> table_;
  std::map<std::string, std::int64_t> published_;  // routing number by model; 0 for a registered one

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  bool stopping_ = false;

  std::atomic<std::int64_t> predictions_stored_{0}, outcomes_stored_{0};
  std::atomic<bool> healthy_{true};
  std::function<void(LiveEngine& core)> after_turn_;
  bool stale_ = false;  // the models are not what the store says: restore them before the next turn
};

}  // namespace hone
