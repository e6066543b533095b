// The answer of `hone drift check`, as JSON and as a table.
#pragma once

#include <string>

#include "drift/drift_check.h"
#include "drift/effect_interval.h"
#include "hone/drift_windows.h"

namespace hone {

struct DriftAnswer {
  DriftReport report;
  std::vector<EffectIntervals> effects;  // by column of the report; unbounded where none is known
};

std::string DriftJson(const DriftAnswer& answer, const DriftWindows& windows);
std::string DriftTable(const DriftAnswer& answer, const DriftWindows& windows);

}  // namespace hone
