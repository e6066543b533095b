// Population stability index: sum over bins of (q_i - p_i) log(q_i / p_i), and what it is when nothing changed.
//
// Without change PSI / (1/n + 1/m) is close to chi-square with B - 1 degrees of freedom (Yurdakul and Naranjo 2020), so
// its mean is (B - 1)(1/n + 1/m): on 100 rows and ten bins the habitual limit 0.1 is exceeded in 40 % of the windows.
// The corrected index subtracts that mean, the p-value uses that distribution. For dependent rows n and m are effective
// ones.
#pragma once

#include <span>
#include <vector>

namespace hone {

struct PopulationStability {
  double index = 0;      // as observed
  double corrected = 0;  // index less its mean without change; around 0, may be negative
  double p_value = 1;
};

// Shares per bin, one length B >= 2. Empty bins count as half a row. `reference_rows`, `current_rows` > 0: effective
// numbers of rows.
PopulationStability CompareShares(std::span<const double> reference, std::span<const double> current,
                                  double reference_rows, double current_rows);

// Inner edges of at most `bins` bins with equal shares of the ascending reference; equal edges are merged, so a
// discrete or constant column has fewer. May be empty.
std::vector<double> QuantileEdges(std::span<const double> sorted, int bins);

// Share of ascending values in each of the edges.size() + 1 bins (edge[i-1], edge[i]].
std::vector<double> BinShares(std::span<const double> sorted, std::span<const double> edges);

}  // namespace hone
