#include "models/model.h"

namespace hone {

void Model::PredictBatch(std::span<const double> rows, std::span<double> out) const noexcept {
  const std::size_t columns = width();
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = Predict(rows.subspan(i * columns, columns));
}

}  // namespace hone
