// Drift of one model as the loop watches it: features and answers of the newest rows against the rows the champion
// learned from, and the champion's realised loss against its line's record. Reports events; acts on nothing.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/id.h"
#include "drift/drift_check.h"
#include "drift/drift_policy.h"
#include "drift/loss_monitor.h"
#include "features/dataset.h"
#include "models/model.h"
#include "records/drift_event.h"
#include "retraining/triggers.h"

namespace hone {

class DriftMonitor {
 public:
  // horizon: bars until an outcome matures.
  DriftMonitor(const DriftPolicy& policy, std::string model, std::vector<std::string> features, int horizon,
               std::uint64_t seed);

  // The champion's training rows [begin, end) of `history` and its answers to them become the reference (the newest
  // 5,040 of them), `losses` that of the realised loss. The recent rows stay, answered by the new champion: one that is
  // refitted more often than a window fills would never be compared otherwise. Those it learned from are in both
  // samples, which can hide a drift but not make one.
  void SetReference(const Dataset& history, std::size_t begin, std::size_t end, const Model& champion,
                    const std::deque<double>& losses);
  // One matured row, what the champion answered to it, and its squared error.
  void OnRow(std::span<const double> features, double answer, double loss);

  struct Report {
    Severity worst = Severity::kNone;
    // Only news: what did not drift at the last check, or drifts more than has been told since.
    std::vector<DriftEvent> events;
  };
  // A check, when one is due: every policy.every rows; features and answers once policy.window rows are there.
  std::optional<Report> Check(Time now, const std::string& version);
  // What a check finds now, whether one is due or not, on the rows there are: nobody is told and nothing moves.
  struct Found {
    std::optional<DriftReport> features, answers;  // none before there is a reference and a row
    LossDrift loss;
  };
  Found Look() const;
  // The event that tells of a realised loss so far out of its range that the champion lost its standing.
  DriftEvent StandingLost(Time now, const std::string& version, const Trigger& trigger);

  struct State {
    IdGenerator::State ids;
    std::vector<double> recent_answers;
    std::int64_t since_check = 0;
    bool loss_reported = false;
    std::map<std::string, Severity> told;           // of what drifts now, by feature; "" is the answers
    std::optional<LossMonitor::Checkpoint> losses;  // none before the first reference
  };
  State state() const;
  // Goes on where a monitor of the same making was. The newest rows of `history` are those of the recent answers; the
  // reference is given as to SetReference, but for its losses.
  void Restore(const State& state, const Dataset& history, std::size_t begin, std::size_t end, const Model& champion);

 private:
  void AnswerRecentRows(const Model& champion);
  DriftEvent PerformanceEvent(Time now, const std::string& version, const char* method);
  void Tell(const DriftReport& compared, DriftKind kind);
  void AddPerformance(Time now, const std::string& version, Report& report);

  DriftPolicy policy_;
  std::string model_;
  std::vector<std::string> features_;
  int horizon_;
  IdGenerator ids_;
  std::optional<DriftCheck> feature_check_, answer_check_;
  std::optional<LossMonitor> loss_monitor_;
  bool loss_reported_ = false;
  std::map<std::string, Severity> told_;                 // as in State
  std::deque<double> recent_features_, recent_answers_;  // row-major, the newest policy.window rows
  std::int64_t since_check_ = 0;
};

}  // namespace hone
