// A replay as one HTML file to look at: for every series price, losses, drift and decisions on one time axis, the
// comparison with the fixed schedules, and every decision with its evidence.
//
// Self-contained: style, script and data are inside, nothing is loaded from or linked to anywhere else, it opens from a
// disk without a network. Tables and decisions are plain HTML, readable without the script; the script draws the
// charts. Deterministic: the same results give the same bytes.
#pragma once

#include <string>
#include <vector>

#include "engine/replay.h"

namespace hone {

// Results of one policy over one or more series, each with rows; any text in them is escaped. About 0.3 MB a series:
// lines are thinned to at most 3,000 points, drift events to the 4,000 most severe; no decision is left out.
std::string ReplayReport(const std::vector<ReplayResult>& results);

}  // namespace hone
