#include "drift/loss_monitor.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "drift/severity.h"
#include "stats/normal.h"

namespace hone {
namespace {

constexpr std::size_t kRunning = 5;  // the first start and the newest four

}  // namespace

LossMonitor::LossMonitor(std::span<const double> reference_losses, int horizon, const DriftPolicy& policy)
    : horizon_(std::max(horizon, 1)), policy_(policy) {
  PairedEvidenceProcess reference(horizon_);
  for (const double loss : reference_losses)
    if (std::isfinite(loss)) reference.Add(loss);
  const PairedEvidence evidence = reference.Evaluate(policy.loss_alpha);
  const std::int64_t minimum = 24 * static_cast<std::int64_t>(horizon_);
  if (evidence.blocks == 0) state_.needed_reference_rows = minimum;
  state_.reference_mean = evidence.mean;
  const double rows = static_cast<double>(std::max<std::int64_t>(evidence.rows, 1));
  const double error = std::sqrt(evidence.variance / rows);
  state_.limit = (1 + policy.loss_margin) * (evidence.mean + NormalQuantile(1 - 0.5 * policy.loss_alpha) * error);
}

void LossMonitor::Add(double loss) {
  if (!std::isfinite(loss)) {
    ++missing_;
    return;
  }
  if (state_.rows % policy_.loss_restart_rows == 0) Restart();
  ++state_.rows;
  if (state_.needed_reference_rows > 0 || state_.drift) return;
  for (Start& start : running_) start.evidence.Add(loss - state_.limit);
  state_.needed_log_e = std::log(1 / policy_.loss_alpha);
  bool first = true;
  for (const Start& start : running_) {
    if (!start.evidence.look_due()) continue;
    if (first) state_.log_e = -std::numeric_limits<double>::infinity();
    first = false;
    Judge(start);
  }
}

void LossMonitor::Restore(Checkpoint checkpoint) {
  missing_ = checkpoint.missing;
  starts_ = checkpoint.starts;
  running_ = std::move(checkpoint.running);
  state_ = checkpoint.drift;
}

void LossMonitor::Restart() {
  ++starts_;
  if (running_.size() == kRunning) running_.erase(running_.begin() + 1);
  running_.push_back({starts_, state_.rows, PairedEvidenceProcess(horizon_)});
}

void LossMonitor::Judge(const Start& start) {
  const PairedEvidence evidence = start.evidence.Evaluate(policy_.loss_alpha);
  state_.status = DriftStatus::kOk;
  const double s = static_cast<double>(start.number);
  const double earned = (evidence.mean > 0 ? evidence.log_e : 0) - std::log(s * (s + 1));
  if (earned <= state_.log_e) return;
  state_.log_e = earned;
  state_.since_row = start.since_row;
  state_.mean = evidence.mean + state_.limit;
  state_.ratio = state_.reference_mean > 0 ? state_.mean / state_.reference_mean : 1;
  if (evidence.mean <= 0 || earned < state_.needed_log_e) return;
  state_.drift = true;
  state_.severity = SeverityOfLossRatio(state_.ratio, policy_);
}

}  // namespace hone
