// Shannon's entropy (1948) of a window's values in bins of equal width; O(period) per bar, from the window alone.
#include <algorithm>
#include <cmath>
#include <vector>

#include "features/indicators/definitions.h"
#include "features/window.h"

namespace hone {
namespace {

constexpr IndicatorParameter kEntropyParameters[] = {{.name = "period", .low = 2},
                                                     {.name = "bins", .low = 2, .high = 1000}};

class Entropy {
 public:
  Entropy(int period, int bins) : window_(period), counts_(static_cast<std::size_t>(bins)) {}
  double Push(double value) {
    window_.Push(value);
    if (!window_.full()) return kNone;
    const auto [least, greatest] = std::minmax_element(window_.values().begin(), window_.values().end());
    if (*least == *greatest) return 0;
    Count(*least, *greatest);
    double bits = 0;
    for (const double count : counts_) {
      const double share = count / static_cast<double>(window_.size());
      if (share > 0) bits -= share * std::log2(share);
    }
    return bits;
  }
  int warmup() const { return static_cast<int>(window_.size()); }

 private:
  void Count(double least, double greatest) {
    std::fill(counts_.begin(), counts_.end(), 0);
    const double bins = static_cast<double>(counts_.size());
    for (const double value : window_.values()) {
      const double bin = (value / 2 - least / 2) / (greatest / 2 - least / 2) * bins;  // halves do not overflow
      ++counts_[static_cast<std::size_t>(std::min(bin, bins - 1))];
    }
  }

  Window window_;
  std::vector<double> counts_;
};

}  // namespace

constexpr IndicatorDefinition kEntropy{.name = "entropy",
                                       .description =
                                           "Shannon entropy in bits of the last `period` values in `bins` bins of "
                                           "equal width from least to greatest; 0 without movement; O(period) per bar",
                                       .source = "Shannon 1948; numpy.histogram",
                                       .inputs = kSeries,
                                       .parameters = kEntropyParameters,
                                       .outputs = kValue,
                                       .make = Make<OneSeries<Entropy>, int, int>};

}  // namespace hone
