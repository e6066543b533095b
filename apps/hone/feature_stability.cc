#include "hone/feature_stability.h"

#include <algorithm>

#include "drift/drift_check.h"

namespace hone {
namespace {

using Columns = std::vector<std::vector<double>>;

std::vector<double> RowMajor(const Columns& columns, std::size_t begin, std::size_t rows) {
  std::vector<double> values;
  values.reserve(rows * columns.size());
  for (std::size_t row = begin; row < begin + rows; ++row) {
    for (const auto& column : columns) values.push_back(column[row]);
  }
  return values;
}

void Add(const ColumnDrift& drift, std::size_t row, FeatureStability& feature) {
  feature.needed_rows = std::max(feature.needed_rows, drift.needed_rows);
  if (drift.status == DriftStatus::kNoData) return;
  ++feature.judged;
  feature.moved += drift.drift ? 1 : 0;
  feature.severity = std::max(feature.severity, drift.severity);
  if (feature.judged > 1 && drift.effect <= feature.largest_shift) return;
  feature.largest_shift = drift.effect;
  feature.largest_row = row;
}

}  // namespace

Result<std::vector<FeatureStability>> CheckStability(const std::vector<std::string>& names, const Columns& columns,
                                                     std::size_t begin, int windows, const DriftPolicy& policy) {
  const std::size_t rows = columns.front().size();
  const std::size_t length = (rows - std::min(begin, rows)) / static_cast<std::size_t>(windows);
  std::vector<FeatureStability> answer(names.size());
  if (length == 0) return answer;
  std::vector<double> before = RowMajor(columns, begin, length);
  for (std::size_t start = begin + length; start + length <= rows; start += length) {
    HONE_ASSIGN_OR_RETURN(const DriftCheck check, DriftCheck::Make(names, before, policy));
    std::vector<double> current = RowMajor(columns, start, length);
    HONE_ASSIGN_OR_RETURN(const DriftReport report, check.Compare(current));
    for (std::size_t i = 0; i < names.size(); ++i) Add(report.columns[i], start, answer[i]);
    before = std::move(current);
  }
  return answer;
}

}  // namespace hone
