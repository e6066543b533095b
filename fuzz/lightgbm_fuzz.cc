// libraries: models
// Any bytes: the LightGBM reader answers with a model or an error, and a model answers every row.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "models/forest/lightgbm_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto model = hone::ReadLightGbm(text, "fuzz");
  if (!model.ok()) return 0;
  const std::size_t width = (*model)->width();
  const double values[] = {0.0, -1.5, 3.0, 1e-40, std::numeric_limits<double>::infinity(), std::nan("")};
  std::vector<double> rows, out(std::size(values));
  for (const double value : values) rows.insert(rows.end(), width, value);
  (*model)->PredictBatch(rows, out);
  return 0;
}
