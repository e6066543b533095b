#include "retraining/triggers.h"

#include <fmt/format.h>

#include <algorithm>

namespace hone {

const char* TriggerKindName(TriggerKind kind) {
  switch (kind) {
    case TriggerKind::kInitial: return "initial";
    case TriggerKind::kGrowth: return "growth";
    case TriggerKind::kSchedule: return "schedule";
    case TriggerKind::kRealisedLoss: return "realised_loss";
    case TriggerKind::kDrift: return "drift";
    case TriggerKind::kRequested: return "requested";
  }
  return "requested";
}

RetrainingTriggers::RetrainingTriggers(const RetrainingPolicy& policy, int horizon)
    : policy_(policy), range_(RecentWindow(horizon)) {}

int RetrainingTriggers::RecentWindow(int horizon) { return std::max(60, 12 * horizon); }

void RetrainingTriggers::Restore(const State& state) {
  range_.Restore(state.range);
  drift_ = state.drift;
  requested_ = state.requested;
  last_rows_ = state.last_rows;
  retrainings_ = state.retrainings;
  alarms_in_a_row_ = state.alarms_in_a_row;
}

bool RetrainingTriggers::WithinBudget(std::int64_t rows) const {
  const auto recent = std::count_if(retrainings_.begin(), retrainings_.end(),
                                    [&](std::int64_t at) { return at > rows - policy_.budget_rows; });
  return recent < policy_.budget;
}

Trigger RetrainingTriggers::Make(TriggerKind kind, std::int64_t rows, std::string reason) const {
  Trigger trigger;
  trigger.kind = kind;
  trigger.rows = rows;
  trigger.last_rows = last_rows_;
  trigger.recent_loss = range_.recent_mean();
  trigger.reference_loss = range_.reference_mean();
  trigger.loss_ratio = range_.ratio();
  trigger.reason = std::move(reason);
  return trigger;
}

std::optional<Trigger> RetrainingTriggers::Check(std::int64_t rows) const {
  if (requested_) return Make(TriggerKind::kRequested, rows, "an operator asked for it");
  const std::int64_t fresh = rows - last_rows_;
  if (fresh < policy_.cooldown_rows || !WithinBudget(rows)) return std::nullopt;
  const bool rested = fresh >= Cooldown();
  if (rested && range_.Left(policy_.loss_ratio)) {
    return Make(TriggerKind::kRealisedLoss, rows,
                fmt::format("recent loss {:.4g} is {:.2f} times its reference and above anything the recipe has shown",
                            range_.recent_mean(), range_.ratio()));
  }
  if (rested && drift_ >= Severity::kHigh && range_.ratio() > policy_.drift_loss_ratio) {
    return Make(
        TriggerKind::kDrift, rows,
        fmt::format("{} drift while the loss is {:.2f} times its reference", SeverityName(drift_), range_.ratio()));
  }
  if (static_cast<double>(fresh) >= policy_.growth * static_cast<double>(last_rows_)) {
    return Make(TriggerKind::kGrowth, rows, fmt::format("rows grew from {} to {}", last_rows_, rows));
  }
  if (policy_.schedule_rows > 0 && fresh >= policy_.schedule_rows) {
    return Make(TriggerKind::kSchedule, rows, fmt::format("{} rows since the last retraining", fresh));
  }
  return std::nullopt;
}

std::int64_t RetrainingTriggers::Cooldown() const {
  constexpr int kMostDoublings = 5;
  return static_cast<std::int64_t>(policy_.cooldown_rows) << std::clamp(alarms_in_a_row_ - 1, 0, kMostDoublings);
}

void RetrainingTriggers::OnRetraining(std::int64_t rows, TriggerKind kind) {
  const bool alarm = kind == TriggerKind::kRealisedLoss || kind == TriggerKind::kDrift;
  alarms_in_a_row_ = alarm ? alarms_in_a_row_ + 1 : 0;
  last_rows_ = rows;
  requested_ = false;
  retrainings_.push_back(rows);
  while (!retrainings_.empty() && retrainings_.front() <= rows - policy_.budget_rows) retrainings_.pop_front();
}

}  // namespace hone
