// Has any of a set of columns moved? Reference windows prepared once, current windows compared with them, false alarms
// controlled over all columns and both test families (Benjamini and Hochberg 1995).
//
// Features, predictions (one column) and any other numbers alike. 30 columns of 1,000 + 250 rows: about a millisecond.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "drift/column_detector.h"
#include "drift/detectors/catalogue.h"
#include "drift/drift_policy.h"
#include "records/drift_event.h"

namespace hone {

struct ColumnDrift {
  std::string name;
  // no_data: its levels could not be judged, and its innovations show nothing or could not be judged either.
  DriftStatus status = DriftStatus::kNoData;
  bool drift = false;
  Severity severity = Severity::kNone;  // none unless drift
  // Of the family with the smaller adjusted p.
  bool on_innovations = false;
  double statistic = 0;
  double effect = 0;  // shift in interquartile ranges
  double p_value = 1;
  double adjusted_p = 1;
  std::int64_t needed_rows = 0;  // most rows a window must have for its levels to be judged; 0 where both have them
  double smallest_detectable_shift = 0;  // of the levels, in standard deviations
  ColumnTests tests;                     // all numbers
};

struct DriftReport {
  std::string method;
  std::vector<ColumnDrift> columns;           // in the order of the reference
  DriftStatus status = DriftStatus::kNoData;  // ok when any column is
  bool drift = false;
  Severity severity = Severity::kNone;  // the worst
};

struct DriftCheckOptions {
  // A name of detectors/catalogue.h. A row detector gives one answer for all columns together.
  std::string detector = kDefaultDetector;
  // By column: its values are codes 0, 1, ... of categories, compared as such whatever the column detector; a row
  // detector takes none. Fewer than names: the others are numbers.
  std::vector<bool> categorical;
};

// What a row detector's answer is named.
inline constexpr const char* kAllColumns = "all columns";

// Immutable; Compare may be called from many threads.
class DriftCheck {
 public:
  // `reference`: rows x names.size() values, row-major, in time order. Errors (kInvalidArgument): no names, a size that
  // is not a multiple of names.size(), an unknown detector, a row detector with categories or more than 128 columns.
  static Result<DriftCheck> Make(std::vector<std::string> names, std::span<const double> reference,
                                 const DriftPolicy& policy, const DriftCheckOptions& options = {});

  // `current`: row-major as the reference. Errors as Make.
  Result<DriftReport> Compare(std::span<const double> current) const;

  const std::vector<std::string>& names() const { return names_; }
  const DriftPolicy& policy() const { return policy_; }

 private:
  std::vector<ColumnTests> TestAll(std::span<const double> current) const;
  DriftCheck(std::vector<std::string> names, const DriftPolicy& policy) : names_(std::move(names)), policy_(policy) {}

  std::vector<std::string> names_;
  DriftPolicy policy_;
  std::string method_;
  std::vector<std::unique_ptr<ColumnDetector>> detectors_;  // of the columns, or none:
  std::unique_ptr<RowDetector> row_detector_;
};

// One event for each drifted column. `subject` is the column name for kFeature, "" otherwise.
std::vector<DriftEvent> DriftEvents(const DriftReport& report, DriftKind kind, const std::string& model,
                                    const std::string& version, Time time, IdGenerator& ids);

}  // namespace hone
