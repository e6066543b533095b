// A line: one recipe's versions one after the other, each judged only on outcomes after its training data.
#pragma once

#include <cmath>
#include <deque>
#include <vector>

#include "engine/trained_version.h"
#include "retraining/loss_range.h"
#include "retraining/triggers.h"
#include "retraining/twin_check.h"
#include "rollout/practice.h"

namespace hone {

struct Line {
  static constexpr std::size_t kRecentLosses = 504;

  Line(int horizon, double practice_margin, double alpha, double twin_ceiling)
      : practice(horizon, practice_margin, alpha),
        twins(twin_ceiling),
        losses(RetrainingTriggers::RecentWindow(horizon)) {}

  void AddLoss(double loss) {
    losses.Add(loss);
    if (!std::isfinite(loss)) return;
    recent_losses.push_back(loss);
    if (recent_losses.size() > kRecentLosses) recent_losses.pop_front();
  }

  VersionPointer current;   // newest version; null until the first fit
  VersionPointer replaced;  // the one before it; null until the first refresh
  PracticeLicence practice;
  TwinRecord twins;
  LossRecord losses;                     // squared errors of the line on rows its versions had not seen
  std::deque<double> recent_losses;      // the newest kRecentLosses finite ones of them, in row order
  std::vector<double> selection_losses;  // walk-forward losses the first champion is chosen by
  int major = 0;                         // major version number of the line, 0 until its first version
  int minor = 0;                         // of the newest version
};

}  // namespace hone
