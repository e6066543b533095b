#include "engine/schedule.h"

#include <algorithm>

namespace hone {

std::size_t FirstServedRow(const Dataset& data, std::size_t initial_rows) {
  const Time known = data.label_time[initial_rows - 1];
  return static_cast<std::size_t>(std::lower_bound(data.time.begin(), data.time.end(), known) - data.time.begin());
}

std::size_t MaturedRows(const Dataset& data, std::size_t i) {
  return static_cast<std::size_t>(std::upper_bound(data.label_time.begin(), data.label_time.end(), data.time[i]) -
                                  data.label_time.begin());
}

Result<ScheduleResult> RunSchedule(const Dataset& data, const Recipe& recipe, std::size_t first, int every,
                                   std::uint64_t seed, FitCache& cache) {
  ScheduleResult result;
  result.losses.resize(data.rows() - first);
  const std::size_t step = every > 0 ? static_cast<std::size_t>(every) : data.rows();
  for (std::size_t begin = first; begin < data.rows(); begin += step) {
    const std::size_t end = std::min(begin + step, data.rows());
    const FitPointer fit = cache.Get({recipe.name, 0, MaturedRows(data, begin), seed, nullptr});
    if (!fit->ok()) return fit->error();
    const std::span<double> out(result.losses.data() + (begin - first), end - begin);
    fit->value().model->PredictBatch({data.x.data() + begin * data.width(), (end - begin) * data.width()}, out);
    if (begin > first) ++result.fits;
  }
  for (std::size_t i = first; i < data.rows(); ++i) {
    const double error = result.losses[i - first] - data.y[i];
    result.losses[i - first] = error * error;
  }
  return result;
}

ScheduleResult RunPersistence(const Dataset& data, std::size_t column, std::size_t first) {
  ScheduleResult result;
  for (std::size_t i = first; i < data.rows(); ++i) {
    const double error = data.row(i)[column] - data.y[i];
    result.losses.push_back(error * error);
  }
  return result;
}

}  // namespace hone
