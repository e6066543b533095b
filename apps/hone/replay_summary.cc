#include "hone/replay_summary.h"

#include "market/synthetic.h"

namespace hone {

std::string SeriesName(const ReplayResult& result) {
  if (IsSyntheticSource(result.data)) return result.data;
  const std::string file = result.data.substr(result.data.find_last_of('/') + 1);
  const std::string stem = file.substr(0, file.find('.'));
  return stem.empty() ? result.data : stem;
}

Comparison Compare(const Interval& difference) {
  if (difference.high < 0) return Comparison::kBetter;
  if (difference.low > 0) return Comparison::kWorse;
  return Comparison::kEqual;
}

const char* ComparisonWord(Comparison comparison) {
  switch (comparison) {
    case Comparison::kBetter: return "better";
    case Comparison::kEqual: return "not told apart";
    case Comparison::kWorse: return "worse";
  }
  return "";
}

}  // namespace hone
