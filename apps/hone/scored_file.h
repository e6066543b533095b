// A log of predictions and what came of them: `time`, `prediction`, `outcome`, perhaps `baseline`, and columns to
// group by.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "performance/direct_loss_estimate.h"
#include "performance/metric.h"

namespace hone {

enum class PredictionKind { kRegression, kBinary, kReturns };

struct ScoredFile {
  std::vector<ScoredRow> rows;      // whose outcome is known, in time order
  std::vector<std::string> groups;  // by row: the field of the column grouped by; empty without one
  bool has_baseline = false;
  std::int64_t pending = 0;  // rows without an outcome yet (an empty field)
  std::int64_t overdue = 0;  // of these: at least `horizon` rows come after
};

// `by`: a column to group by, or "". Errors name line and column: no number, a probability outside [0, 1], an event
// that is neither 0 nor 1, no rows with an outcome.
Result<ScoredFile> ReadScoredFile(const std::string& path, PredictionKind kind, int horizon, const std::string& by);

// A log of which outcomes need not be known yet: then NaN. `features`: columns to take along, numbers or missing.
// Without `needs_outcomes` the column of outcomes may be left out. Errors as above, and for a
// number beyond 1e50; kInvalidData without rows; kInvalidArgument for a feature twice, or prediction or outcome as one.
Result<FeaturedRows> ReadFeaturedRows(const std::string& path, PredictionKind kind,
                                      const std::vector<std::string>& features, bool needs_outcomes);

}  // namespace hone
