// One number of each scored row.
#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "performance/metric.h"

namespace hone {

template <typename Formula>
std::vector<double> OfEachRow(std::span<const ScoredRow> rows, Formula formula) {
  std::vector<double> values;
  values.reserve(rows.size());
  for (const ScoredRow& row : rows) values.push_back(formula(row));
  return values;
}

// The rows that have a baseline.
inline std::vector<ScoredRow> Compared(std::span<const ScoredRow> rows) {
  std::vector<ScoredRow> compared;
  for (const ScoredRow& row : rows) {
    if (std::isfinite(row.baseline)) compared.push_back(row);
  }
  return compared;
}

// 1 where `mine` is below `other`, a half where they are equal.
inline double Below(double mine, double other) { return mine < other ? 1 : mine == other ? 0.5 : 0; }

}  // namespace hone
