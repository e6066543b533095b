#include "drift/drift_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/edit_distance.h"
#include "drift/detectors/categories_detector.h"
#include "drift/severity.h"
#include "stats/benjamini_hochberg.h"

namespace hone {
namespace {

Status CheckShape(std::size_t values, std::size_t width, const char* window) {
  if (width == 0) return Error{ErrorCode::kInvalidArgument, "a drift check needs at least one column", "", 0, "names"};
  if (values % width == 0) return OkStatus();
  return Error{ErrorCode::kInvalidArgument, fmt::format("{} values are not whole rows of {} columns", values, width),
               "", 0, window};
}

std::vector<double> Column(std::span<const double> rows, std::size_t width, std::size_t index) {
  std::vector<double> column(rows.size() / width);
  for (std::size_t i = 0; i < column.size(); ++i) column[i] = rows[i * width + index];
  return column;
}

// Adjusted p-values of levels then innovations of each column; tests without data take no part and keep 1.
std::vector<double> AdjustedPValues(const std::vector<ColumnTests>& tests) {
  std::vector<double> p_values;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < 2 * tests.size(); ++i) {
    const DriftTest& test = i % 2 == 0 ? tests[i / 2].levels : tests[i / 2].innovations;
    if (test.status == DriftStatus::kNoData) continue;
    p_values.push_back(test.p_value);
    places.push_back(i);
  }
  const std::vector<double> adjusted = BenjaminiHochberg(p_values);
  std::vector<double> by_place(2 * tests.size(), 1.0);
  for (std::size_t k = 0; k < places.size(); ++k) by_place[places[k]] = adjusted[k];
  return by_place;
}

bool Drifts(const DriftTest& test, double adjusted_p, const DriftPolicy& policy) {
  return test.status == DriftStatus::kOk && adjusted_p <= policy.false_discovery_rate &&
         test.distance >= policy.material_statistic;
}

ColumnDrift Summarize(std::string name, const ColumnTests& tests, double levels_p, double innovations_p,
                      const DriftPolicy& policy) {
  ColumnDrift column;
  column.name = std::move(name);
  const bool levels = Drifts(tests.levels, levels_p, policy);
  const bool innovations = Drifts(tests.innovations, innovations_p, policy);
  column.drift = levels || innovations;
  const bool judged = tests.levels.status == DriftStatus::kOk;
  column.status = judged || column.drift ? DriftStatus::kOk : DriftStatus::kNoData;
  column.on_innovations = innovations && (!levels || innovations_p < levels_p);
  const DriftTest& told = column.on_innovations ? tests.innovations : tests.levels;
  column.statistic = told.statistic;
  column.effect = told.shift;
  column.p_value = told.p_value;
  column.adjusted_p = column.on_innovations ? innovations_p : levels_p;
  if (levels) column.severity = SeverityOfTest(tests.levels, policy);
  if (innovations) column.severity = std::max(column.severity, SeverityOfTest(tests.innovations, policy));
  column.needed_rows = std::max(tests.levels.needed_reference_rows, tests.levels.needed_current_rows);
  column.smallest_detectable_shift = tests.levels.smallest_detectable_shift;
  column.tests = tests;
  return column;
}

constexpr std::size_t kMostRowColumns = 128;

template <typename Entry>
const Entry* Find(std::span<const Entry> entries, const std::string& name) {
  for (const Entry& entry : entries)
    if (entry.name == name) return &entry;
  return nullptr;
}

Error UnknownDetector(const std::string& name) {
  std::vector<std::string> names;
  for (const ColumnDetectorEntry& entry : ColumnDetectors()) names.emplace_back(entry.name);
  for (const RowDetectorEntry& entry : RowDetectors()) names.emplace_back(entry.name);
  return {
      ErrorCode::kInvalidArgument,
      fmt::format("there is no detector '{}'{}; there are {}", name, DidYouMean(name, names), fmt::join(names, ", ")),
      "", 0, "detector"};
}

Status CheckRowColumns(std::size_t width, const DriftCheckOptions& options) {
  if (std::find(options.categorical.begin(), options.categorical.end(), true) != options.categorical.end())
    return Error{ErrorCode::kInvalidArgument, fmt::format("{} takes columns of numbers only", options.detector), "", 0,
                 "detector"};
  if (width <= kMostRowColumns) return OkStatus();
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("{} takes at most {} columns, not {}", options.detector, kMostRowColumns, width), "", 0,
               "detector"};
}

}  // namespace

Result<DriftCheck> DriftCheck::Make(std::vector<std::string> names, std::span<const double> reference,
                                    const DriftPolicy& policy, const DriftCheckOptions& options) {
  const std::size_t width = names.size();
  HONE_RETURN_IF_ERROR(CheckShape(reference.size(), width, "reference"));
  DriftCheck check(std::move(names), policy);
  check.method_ = options.detector;
  if (const RowDetectorEntry* entry = Find(RowDetectors(), options.detector)) {
    HONE_RETURN_IF_ERROR(CheckRowColumns(width, options));
    check.row_detector_ = entry->make(reference, width, policy, policy.false_discovery_rate);
    return check;
  }
  const ColumnDetectorEntry* entry = Find(ColumnDetectors(), options.detector);
  if (entry == nullptr) return UnknownDetector(options.detector);
  const double level = policy.false_discovery_rate / (2 * static_cast<double>(width));
  for (std::size_t i = 0; i < width; ++i) {
    const bool categorical = i < options.categorical.size() && options.categorical[i];
    const auto make = categorical ? &MakeCategoriesDetector : entry->make;
    check.detectors_.push_back(make(Column(reference, width, i), policy, level));
  }
  return check;
}

std::vector<ColumnTests> DriftCheck::TestAll(std::span<const double> current) const {
  if (row_detector_) return {row_detector_->Compare(current)};
  std::vector<ColumnTests> tests;
  for (std::size_t i = 0; i < names_.size(); ++i)
    tests.push_back(detectors_[i]->Compare(Column(current, names_.size(), i)));
  return tests;
}

Result<DriftReport> DriftCheck::Compare(std::span<const double> current) const {
  HONE_RETURN_IF_ERROR(CheckShape(current.size(), names_.size(), "current"));
  const std::vector<ColumnTests> tests = TestAll(current);
  const std::vector<double> adjusted = AdjustedPValues(tests);
  DriftReport report;
  report.method = method_;
  for (std::size_t i = 0; i < tests.size(); ++i) {
    report.columns.push_back(
        Summarize(row_detector_ ? kAllColumns : names_[i], tests[i], adjusted[2 * i], adjusted[2 * i + 1], policy_));
    const ColumnDrift& column = report.columns.back();
    if (column.status == DriftStatus::kOk) report.status = DriftStatus::kOk;
    report.drift = report.drift || column.drift;
    report.severity = std::max(report.severity, column.severity);
  }
  return report;
}

std::vector<DriftEvent> DriftEvents(const DriftReport& report, DriftKind kind, const std::string& model,
                                    const std::string& version, Time time, IdGenerator& ids) {
  std::vector<DriftEvent> events;
  for (const ColumnDrift& column : report.columns) {
    if (!column.drift) continue;
    DriftEvent event;
    event.id = ids.Next(time);
    event.time = time;
    event.model = model;
    event.version = version;
    event.kind = kind;
    event.subject = kind == DriftKind::kFeature ? column.name : "";
    event.method = report.method;
    event.severity = column.severity;
    event.statistic = column.statistic;
    event.effect = column.effect;
    event.p_value = column.p_value;
    event.reference_rows = column.tests.reference_rows;
    event.current_rows = column.tests.current_rows;
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace hone
