#include "models/model.h"

namespace hone {

void Model::PredictAll(std::span<const double> row, std::span<double> out) const noexcept { out[0] = Predict(row); }

void Model::PredictBatch(std::span<const double> rows, std::span<double> out) const noexcept {
  const std::size_t columns = width(), numbers = outputs();
  for (std::size_t i = 0; i * numbers < out.size(); ++i) {
    PredictAll(rows.subspan(i * columns, columns), out.subspan(i * numbers, numbers));
  }
}

void Model::PredictMargins(std::span<const double> row, std::span<double> out) const noexcept { PredictAll(row, out); }

}  // namespace hone
