// The detectors that can be named.
#pragma once

#include <memory>
#include <span>

#include "drift/column_detector.h"
#include "drift/drift_policy.h"
#include "drift/row_detector.h"

namespace hone {

inline constexpr const char* kDefaultDetector = "dependent_kolmogorov_smirnov";

// Compares columns one by one.
struct ColumnDetectorEntry {
  const char* name;
  const char* description;
  // `level` in (0, 1): the p-value the smallest detectable shift is stated for. What is made keeps nothing of the
  // reference's memory.
  std::unique_ptr<ColumnDetector> (*make)(std::span<const double> reference, const DriftPolicy& policy, double level);
};
std::span<const ColumnDetectorEntry> ColumnDetectors();  // the default one first

// Compares rows of all columns at once.
struct RowDetectorEntry {
  const char* name;
  const char* description;
  std::unique_ptr<RowDetector> (*make)(std::span<const double> reference, std::size_t width, const DriftPolicy& policy,
                                       double level);
};
std::span<const RowDetectorEntry> RowDetectors();

}  // namespace hone
