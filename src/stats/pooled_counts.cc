#include "stats/pooled_counts.h"

#include <algorithm>

#include "stats/stationary_bootstrap.h"

namespace hone {
namespace {

double CountAt(std::span<const double> sorted, std::size_t& at, double value) {
  const std::size_t begin = at;
  while (at < sorted.size() && sorted[at] == value) ++at;
  return static_cast<double>(at - begin);
}

}  // namespace

PooledCounts PoolSorted(std::span<const double> sorted_first, std::span<const double> sorted_second) {
  PooledCounts counts;
  counts.first_rows = static_cast<double>(sorted_first.size());
  counts.second_rows = static_cast<double>(sorted_second.size());
  for (std::size_t i = 0, j = 0; i < sorted_first.size() || j < sorted_second.size();) {
    double value = i < sorted_first.size() ? sorted_first[i] : sorted_second[j];
    if (j < sorted_second.size()) value = std::min(value, sorted_second[j]);
    counts.values.push_back(value);
    counts.first.push_back(CountAt(sorted_first, i, value));
    counts.second.push_back(CountAt(sorted_second, j, value));
  }
  return counts;
}

void BinPooled(const PooledCounts& counts, std::span<const double> edges, PooledShares& shares) {
  shares.first.assign(edges.size() + 1, 0.0);
  shares.second.assign(edges.size() + 1, 0.0);
  std::size_t bin = 0;
  for (std::size_t i = 0; i < counts.values.size(); ++i) {
    while (bin < edges.size() && counts.values[i] > edges[bin]) ++bin;
    shares.first[bin] += counts.first[i];
    shares.second[bin] += counts.second[i];
  }
  for (double& share : shares.first) share /= counts.first_rows;
  for (double& share : shares.second) share /= counts.second_rows;
}

std::vector<std::uint32_t> PlacesIn(std::span<const double> values, std::span<const double> series) {
  std::vector<std::uint32_t> places;
  places.reserve(series.size());
  for (const double value : series)
    places.push_back(
        static_cast<std::uint32_t>(std::lower_bound(values.begin(), values.end(), value) - values.begin()));
  return places;
}

void ResampleCounts(std::span<const std::uint32_t> places, std::size_t wanted, double mean_length, Random& random,
                    std::vector<double>& counts) {
  std::fill(counts.begin(), counts.end(), 0.0);
  DrawStationaryRuns(places.size(), wanted, mean_length, random, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) ++counts[places[i]];
  });
}

}  // namespace hone
