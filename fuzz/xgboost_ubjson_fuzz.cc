// libraries: models
// Any bytes as UBJSON: the XGBoost reader answers with a model or an error, and a model answers every row.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "models/forest/xgboost_reader.h"
#include "models/formats/ubjson_document.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto document = hone::ParseUbjsonDocument(bytes, "fuzz");
  if (!document.ok()) return 0;
  auto forest = hone::ReadXgboostForest(*document);
  if (!forest.ok()) return 0;
  const auto model = hone::MakeForestModel(*std::move(forest));
  const double values[] = {0.0, -1.5, 3.0, 1e-40, 1e300, std::numeric_limits<double>::infinity(), std::nan("")};
  std::vector<double> rows, answers(std::size(values) * model->outputs()), margins(model->margins());
  for (const double value : values) rows.insert(rows.end(), model->width(), value);
  model->PredictBatch(rows, answers);
  model->PredictMargins({rows.data(), model->width()}, margins);
  return 0;
}
