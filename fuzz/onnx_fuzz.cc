// libraries: models
// Any bytes: the ONNX reader answers with a forest, with what the model is instead, or with an error; a forest answers
// every row.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "models/forest/onnx_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  auto reading = hone::ReadOnnx(bytes, "fuzz");
  if (!reading.ok()) return 0;
  if (reading->forest.has_value() != reading->other.empty()) __builtin_trap();
  if (!reading->forest) return 0;
  const auto model = hone::MakeForestModel(*std::move(reading->forest));
  const double values[] = {0.0, -1.5, 3.0, 1e-40, 1e300, std::numeric_limits<double>::infinity(), std::nan("")};
  std::vector<double> rows, answers(std::size(values) * model->outputs()), margins(model->margins());
  for (const double value : values) rows.insert(rows.end(), model->width(), value);
  model->PredictBatch(rows, answers);
  model->PredictMargins({rows.data(), model->width()}, margins);
  return 0;
}
