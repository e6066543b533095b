// Semantic version numbers by the stated kind of change.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "records/version_record.h"

namespace hone {

// The number after `highest`, the highest a model has (nullopt: none yet, gives 1.0.0): architecture raises major,
// hyperparameter and retrain minor, bugfix and data patch; what stands behind restarts at 0.
VersionNumber NextVersion(std::optional<VersionNumber> highest, ChangeType change);

// "1.4.2"; parts up to 999999999, no leading zeros or signs.
Result<VersionNumber> ParseVersionNumber(std::string_view text);

}  // namespace hone
