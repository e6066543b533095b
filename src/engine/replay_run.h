// One loop driven over bars, exactly as serve would be driven by POST /market/bars: bar by bar, matured outcomes first,
// then the prediction. Training runs in process and is shared through a cache of fits.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "engine/improvement_loop.h"
#include "engine/replay.h"
#include "engine/replay_training.h"
#include "engine/synthetic_truth.h"

namespace hone {

// Everything the policies of one replay share. All of it outlives the runs.
struct ReplayGround {
  const BarSeries& series;
  const ReplayOptions& options;
  const Dataset& data;  // every row of the series
  std::size_t initial_rows;
  std::size_t first;  // first row served
  FitCache& cache;    // over `data`
  std::optional<ReplayTraining::Sabotage> sabotage;
};

// What the loop wrote, kept in memory for the result.
class ReplayJournal final : public LoopJournal {
 public:
  ReplayJournal(ReplayResult& result, const ImprovementLoop*& loop) : result_(result), loop_(loop) {}
  void OnDecision(const Decision& decision) override { result_.decisions.push_back(decision); }
  void OnDrift(const DriftEvent& event) override { result_.drift.push_back(event); }
  void OnShadow(const ShadowPrediction& prediction) override { result_.shadows.push_back(prediction); }
  void OnVersion(const TrainedVersion& version) override;
  void OnStage(const TrainedVersion& version, Stage stage) override;

 private:
  ReplayResult& result_;
  const ImprovementLoop*& loop_;
};

// Not thread-safe. Fills decisions, drift, versions, predictions, outcomes, shadows and rows of `result`.
class ReplayRun {
 public:
  ReplayRun(ReplayGround& ground, LoopMode mode, ReplayResult& result);
  // kInternal when no recipe could be trained at all.
  Status Run();
  const ImprovementLoop& loop() const { return *loop_; }

 private:
  Error FirstVersionFailed() const;
  void Mature(Time now, double label);
  void Ask(const Bar& bar, std::span<const double> features);

  ReplayGround& ground_;
  LoopMode mode_;
  ReplayResult& result_;
  const ImprovementLoop* loop_pointer_ = nullptr;
  ReplayJournal journal_;
  std::vector<Recipe> recipes_;
  ReplayTraining training_;
  std::optional<SyntheticTruth> truth_;
  std::optional<ImprovementLoop> loop_;
  IdGenerator ids_;
  Random router_;
  std::size_t asked_ = 0, matured_ = 0;
};

}  // namespace hone
