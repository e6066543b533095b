// A column detector compares the current window of one column with a reference window prepared once.
#pragma once

#include <cstdint>
#include <limits>
#include <span>

namespace hone {

enum class DriftStatus : std::uint8_t {
  kOk,      // there was enough to judge by
  kNoData,  // there was not; needed rows are stated
};
const char* DriftStatusName(DriftStatus status);  // "ok", "no_data"

// One test on one column. Without data p_value is 1 and statistic and effect are descriptive only.
struct DriftTest {
  DriftStatus status = DriftStatus::kNoData;
  double statistic = 0;  // of the detector, in its own unit; >= 0
  // The largest difference D of the two distribution functions (of categories: half the sum of the differences of their
  // shares; of a classifier: 2 AUC - 1), in [0, 1]: what materiality is judged by, whatever the detector.
  double distance = 0;
  double shift = 0;        // Wasserstein distance in interquartile ranges of the reference, expected noise removed
  double stability = 0;    // population stability index less its mean without change
  double wasserstein = 0;  // distance in the column's own unit, as observed
  double p_value = 1;      // allows for dependence
  double tau = 1;          // rows worth one independent row
  std::int64_t needed_reference_rows = 0;  // for status ok; 0 where there are enough
  std::int64_t needed_current_rows = 0;
  // The mean shift, in standard deviations of a normal column, that would be found with probability 0.8.
  double smallest_detectable_shift = std::numeric_limits<double>::infinity();
};

// What a detector says about one column: of its values (levels) and of what is new in each of them (innovations, the
// residuals of an autoregression fitted to the reference; categories have none).
struct ColumnTests {
  DriftTest levels;
  DriftTest innovations;
  std::int64_t reference_rows = 0, current_rows = 0;  // finite values
  double reference_missing = 0, current_missing = 0;  // shares of values that are not finite
};

// Immutable, so safe to share between threads. Values may be anything, missing (NaN) included; order is time.
class ColumnDetector {
 public:
  virtual ~ColumnDetector() = default;
  virtual const char* name() const = 0;
  virtual ColumnTests Compare(std::span<const double> current) const = 0;
};

}  // namespace hone
