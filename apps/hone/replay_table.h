// Replays as people read them on a terminal: the comparison with the fixed schedules, and the timeline of decisions.
#pragma once

#include <string>
#include <vector>

#include "engine/replay.h"

namespace hone {

enum class Timeline {
  kAll,         // every decision
  kMilestones,  // without retrainings that led on, shadow, canary and licences; they are counted
};

struct TableStyle {
  bool colours = false;
  Timeline timeline = Timeline::kAll;
  std::vector<double> seconds;  // each replay took; empty: not shown, so that the same results give the same text
};

// One comparison table over all results, each fixed schedule as its best recipe in hindsight; then what every recipe
// lost on each schedule.
std::string ReplayTable(const std::vector<ReplayResult>& results, const TableStyle& style);
// What happened, a line a decision, series after series; after a sabotage what became of it.
std::string ReplayTimeline(const std::vector<ReplayResult>& results, const TableStyle& style);

}  // namespace hone
