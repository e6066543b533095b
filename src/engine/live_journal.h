// Writes what a live loop does into the store, within the core thread's transaction. The first error is kept: the turn
// is then taken back. Core thread only.
#pragma once

#include <string>
#include <vector>

#include "engine/definition_store.h"
#include "engine/live_store.h"
#include "engine/loop_journal.h"

namespace hone {

class LiveJournal final : public LoopJournal {
 public:
  LiveJournal(LiveStore& store, const StoredDefinition& definition, const std::vector<Recipe>& recipes);
  // Rows of the loop's history, for lineage; set once the loop exists.
  void SetHistory(const Dataset* history) { history_ = history; }

  void OnDecision(const Decision& decision) override;
  void OnDrift(const DriftEvent& event) override;
  void OnVersion(const TrainedVersion& version) override;
  void OnStage(const TrainedVersion& version, Stage stage) override;
  void OnShadow(const ShadowPrediction& prediction) override;

  // Appends the shadow answers gathered and the history rows not stored yet; returns the first error of the turn and
  // forgets it.
  Status Flush();
  std::int64_t decisions() const { return decisions_; }

 private:
  void Note(const Status& status);
  Status Register(const TrainedVersion& version);
  Status Move(const TrainedVersion& version, Stage stage);

  LiveStore* store_;
  const StoredDefinition* definition_;
  const std::vector<Recipe>* recipes_;
  const Dataset* history_ = nullptr;
  std::size_t stored_rows_ = 0;
  bool counted_ = false;
  std::vector<ShadowPrediction> shadows_;
  std::optional<Stage> demoted_;  // what the active version becomes when the next one is activated
  std::optional<Error> error_;
  std::int64_t decisions_ = 0;
};

}  // namespace hone
