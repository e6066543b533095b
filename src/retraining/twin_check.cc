#include "retraining/twin_check.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace hone {
namespace {

double RootMean(const std::vector<double>& losses) {
  return std::sqrt(std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(losses.size()));
}

}  // namespace

double TwinRecord::limit() const {
  return largest_ == 0 || ceiling_ >= kOpen ? ceiling_ : std::min(ceiling_, std::max(1.05, 1.05 * largest_));
}

TwinResult CheckTwin(const std::vector<double>& twin_losses, const std::vector<double>& champion_losses,
                     const TwinRecord& record) {
  TwinResult result;
  result.rows = static_cast<std::int64_t>(twin_losses.size());
  result.twin_rmse = RootMean(twin_losses);
  result.champion_rmse = RootMean(champion_losses);
  result.limit = record.limit();
  const bool perfect = result.champion_rmse == 0;  // then only a perfect twin is as good
  result.ratio = perfect ? (result.twin_rmse == 0 ? 1 : std::numeric_limits<double>::max())
                         : result.twin_rmse / result.champion_rmse;
  result.passed = result.ratio <= result.limit;  // false for NaN
  return result;
}

}  // namespace hone
