// libraries: serving
// The body of POST /predict/batch: rows that are answered, each as a single prediction is, or an error that says what
// is wrong.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "serving/batch_predictor.h"
#include "serving/batch_request.h"

namespace {

class SumModel final : public hone::Model {
 public:
  std::size_t width() const override { return 2; }
  double Predict(std::span<const double> row) const noexcept override { return row[0] + row[1]; }
};

hone::SnapshotPointer Snapshot() {
  hone::SnapshotParts parts;
  parts.model = "sum";
  parts.features = {"a", "b"};
  parts.champion = {"1.0.0", std::make_shared<SumModel>()};
  parts.challengers = {{{"1.1.0", std::make_shared<SumModel>()}, 0.5}};
  return hone::ModelSnapshot::Make(std::move(parts)).value();
}

void Check(bool holds) {
  if (!holds) std::abort();
}

void CheckAnswers(const hone::PredictionBatch& batch, bool one_key) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const double sum = batch.row(i)[0] + batch.row(i)[1];
    Check(std::isfinite(sum) ? batch.answer(i)[0] == sum : !batch.answered(i));
    if (one_key && batch.answered(i) && batch.answered(0)) Check(batch.route(i).version == batch.route(0).version);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const hone::SnapshotPointer snapshot = Snapshot();
  static const hone::VirtualClock clock;
  static hone::BatchPredictor predictor(clock, 1);
  static hone::BatchRequestReader reader;
  static hone::PredictionBatch batch;
  const auto request = reader.Read({reinterpret_cast<const char*>(data), size});
  if (!request.ok()) {
    Check(!request.error().message.empty());
    return 0;
  }
  Check(request->rows >= 1 && request->rows <= hone::BatchRequestReader::kMaxRows);
  batch.Begin(snapshot, request->rows);
  const hone::Status filled = reader.Fill(*snapshot, batch.rows());
  if (!filled.ok()) {
    Check(!filled.error().message.empty());
    return 0;
  }
  predictor.Predict(batch, request->key);
  CheckAnswers(batch, !request->key.empty());
  return 0;
}
