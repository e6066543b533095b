// From rows in a file's order to a series: order, duplicates, bar size, gaps.
#pragma once

#include "base/result.h"
#include "market/bar.h"
#include "market/bar_rows.h"

namespace hone {

// Oldest first stays; exactly newest first is reversed; anything else is refused (kInvalidData with both lines or
// rows). Two bars of one time: identical ones become one, different ones are refused. Sets known_at and bar_size (the
// median step, at most 366 days), and adds reports on order, duplicates, gaps and closes outside [low, high].
//
// A gap is a step of more than one and a half bars; with daily bars, of more than four days (a long weekend is none).
Result<BarSeries> OrderBars(RawBars raw, const std::string& source);

}  // namespace hone
