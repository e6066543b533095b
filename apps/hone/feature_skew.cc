#include "hone/feature_skew.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "hone/inputs.h"

namespace hone {
namespace {

bool Same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (std::isnan(a) && std::isnan(b));
}

struct LoggedColumn {
  std::size_t feature, place;
};

Result<std::vector<LoggedColumn>> LoggedColumns(const TimedRows& rows, const std::vector<std::string>& names,
                                                FeatureSkew& skew) {
  std::vector<LoggedColumn> logged;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!rows.Has(names[i])) {
      skew.not_logged.push_back(names[i]);
      continue;
    }
    HONE_ASSIGN_OR_RETURN(const std::size_t place, rows.Column(names[i]));
    logged.push_back({i, place});
  }
  if (logged.empty()) return rows.Column(names.front()).error();
  return logged;
}

// The bar that opened then, by its index.
std::optional<std::size_t> BarAt(std::span<const Bar> bars, Time time) {
  const auto found = std::lower_bound(bars.begin(), bars.end(), time,
                                      [](const Bar& bar, Time wanted) { return bar.open_time < wanted; });
  if (found == bars.end() || found->open_time != time) return std::nullopt;
  return static_cast<std::size_t>(found - bars.begin());
}

}  // namespace

Result<FeatureSkew> CompareWithLog(const std::string& log, const std::vector<std::string>& names,
                                   const std::vector<std::vector<double>>& columns, std::span<const Bar> bars) {
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadTable(log));
  HONE_ASSIGN_OR_RETURN(TimedRows rows, TimedRows::Open(text, log));
  FeatureSkew skew;
  skew.different.resize(names.size());
  HONE_ASSIGN_OR_RETURN(const std::vector<LoggedColumn> logged, LoggedColumns(rows, names, skew));
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) break;
    const std::optional<std::size_t> bar = BarAt(bars, rows.time());
    if (!bar) {
      if (skew.rows_without_bar++ == 0) skew.first_without_bar = rows.line();
      continue;
    }
    ++skew.rows;
    for (const LoggedColumn& column : logged) {
      double value = std::numeric_limits<double>::quiet_NaN();
      if (!rows.Missing(column.place)) {
        HONE_ASSIGN_OR_RETURN(value, rows.Number(column.place));
      }
      const double computed = columns[column.feature][*bar];
      if (Same(value, computed)) continue;
      ++skew.different[column.feature];
      if (!skew.first) skew.first = SkewedCell{rows.line(), rows.time(), column.feature, value, computed};
    }
  }
  if (skew.rows == 0) return Error{ErrorCode::kInvalidData, "holds no row whose time is that of a bar", log};
  NoteMissingLineEnd(rows, log);
  return skew;
}

}  // namespace hone
