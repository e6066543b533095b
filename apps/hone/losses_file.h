// A log of paired losses: `time`, `champion`, `challenger` and any number of further `challenger_...` columns.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace hone {

struct LossesFile {
  std::vector<std::string> challengers;  // as the header names them, in its order
  std::vector<Time> times;
  std::vector<double> champion;
  std::vector<std::vector<double>> losses;  // by row, then by challenger
};

// What the reader noticed goes to stderr. Errors: see market/timed_rows.h; no challenger, no rows.
Result<LossesFile> ReadLossesFile(const std::string& path);

}  // namespace hone
