// hone features compute: the values of features over bars, to stdout or a file.
//
// CSV: `time` (when the bar opened) and a column a feature, its header the expression as given, quoted as RFC 4180
// asks; a row a bar, numbers in the fewest digits that read back as the same double, nothing where a value is missing.
// JSON: {"columns": [...], "rows": [[time, value or null, ...], ...]}.
// Parquet: the columns of CSV, `time` as timestamp in nanoseconds, UTC, features as double, null where one is missing.
#pragma once

#include "hone/feature_flags.h"

namespace hone {

struct ComputeFlags : FeatureFlags {
  std::string file;  // "" is stdout
};

// `flags.output` is csv, json or parquet. Errors: kInvalidArgument where Parquet would go to a terminal.
Status ComputeFeatures(const ComputeFlags& flags);

}  // namespace hone
