#include "stats/calibration_error.h"

#include <cmath>
#include <limits>

#include "stats/probability_bins.h"

namespace hone {
namespace {

// Mean over the rows of `error` of each row's bin; NaN without rows.
template <typename ErrorOfBin>
double MeanOverBins(std::span<const double> probabilities, std::span<const double> outcomes, int bins,
                    ErrorOfBin error) {
  if (probabilities.empty()) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  for (const ProbabilityBin& bin : EqualMassBins(probabilities, outcomes, bins)) {
    sum += static_cast<double>(bin.rows) * error(bin);
  }
  return sum / static_cast<double>(probabilities.size());
}

}  // namespace

double DebiasedSquaredCalibrationError(std::span<const double> probabilities, std::span<const double> outcomes,
                                       int bins) {
  return MeanOverBins(probabilities, outcomes, bins, [](const ProbabilityBin& bin) {
    if (bin.rows < 2) return 0.0;
    const double gap = bin.mean_probability - bin.event_rate;
    return gap * gap - bin.event_rate * (1 - bin.event_rate) / static_cast<double>(bin.rows - 1);
  });
}

double PlainCalibrationError(std::span<const double> probabilities, std::span<const double> outcomes, int bins) {
  return MeanOverBins(probabilities, outcomes, bins,
                      [](const ProbabilityBin& bin) { return std::abs(bin.mean_probability - bin.event_rate); });
}

}  // namespace hone
