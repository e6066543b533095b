// When to train again. Need, not the calendar, triggers: the rows have grown by a fraction, the realised loss has left
// the recipe's range, or drift comes with a loss that has risen. A schedule is there for those who want one. A
// cooldown, which doubles from the third alarm in a row on, and a budget bound the cost. Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "records/drift_event.h"
#include "retraining/loss_range.h"
#include "retraining/retraining_policy.h"

namespace hone {

enum class TriggerKind : std::uint8_t { kInitial, kGrowth, kSchedule, kRealisedLoss, kDrift, kRequested };
const char* TriggerKindName(
    TriggerKind kind);  // "initial", "growth", "schedule", "realised_loss", "drift", "requested"

struct Trigger {
  TriggerKind kind = TriggerKind::kGrowth;
  std::int64_t rows = 0;       // matured rows now
  std::int64_t last_rows = 0;  // matured rows at the last retraining
  double recent_loss = 0, reference_loss = 0, loss_ratio = 0;
  std::string reason;  // one sentence
};

class RetrainingTriggers {
 public:
  // horizon: bars until an outcome matures. The recent window is max(60, 12 horizons) outcomes.
  RetrainingTriggers(const RetrainingPolicy& policy, int horizon);
  static int RecentWindow(int horizon);

  // The reference losses changed: a new champion answers.
  void SetReference(const LossRecord& losses) { range_.SetReference(losses); }
  void OnOutcome(double champion_loss) { range_.Add(champion_loss); }
  void OnDrift(Severity severity) { drift_ = severity; }
  void Request() { requested_ = true; }

  // `rows` matured rows exist now. Does not change state; a caller that acts says OnRetraining.
  std::optional<Trigger> Check(std::int64_t rows) const;
  void OnRetraining(std::int64_t rows, TriggerKind kind);

  const LossRange& loss_range() const { return range_; }

  struct State {
    LossRange::State range;
    Severity drift = Severity::kNone;
    bool requested = false;
    std::int64_t last_rows = 0;
    std::deque<std::int64_t> retrainings;
    int alarms_in_a_row = 0;
  };
  State state() const { return {range_.state(), drift_, requested_, last_rows_, retrainings_, alarms_in_a_row_}; }
  void Restore(const State& state);

 private:
  std::int64_t Cooldown() const;
  bool WithinBudget(std::int64_t rows) const;
  Trigger Make(TriggerKind kind, std::int64_t rows, std::string reason) const;

  RetrainingPolicy policy_;
  LossRange range_;
  Severity drift_ = Severity::kNone;
  bool requested_ = false;
  std::int64_t last_rows_ = 0;
  int alarms_in_a_row_ = 0;               // retrainings for loss or drift since the last for any other reason
  std::deque<std::int64_t> retrainings_;  // rows at each retraining within the budget window
};

}  // namespace hone
