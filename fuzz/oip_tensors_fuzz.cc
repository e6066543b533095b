// libraries: api
// The body of an inference request, JSON with or without bytes behind it: rows that are answered, or an error. The
// first two bytes say how many of the others are JSON; 0xffff: all, as without the header.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "api/inference/infer_answer.h"
#include "api/inference/infer_body_reader.h"
#include "api/inference/tensor_rows.h"
#include "base/time.h"
#include "serving/batch_predictor.h"
#include "wire/json.h"

namespace {

// Two answers: the sum of the row, and it negated.
class SumModel final : public hone::Model {
 public:
  std::size_t width() const override { return 2; }
  std::size_t outputs() const override { return 2; }
  double Predict(std::span<const double> row) const noexcept override { return row[0] + row[1]; }
  void PredictAll(std::span<const double> row, std::span<double> out) const noexcept override {
    out[0] = Predict(row);
    out[1] = -out[0];
  }
};

hone::SnapshotPointer Snapshot() {
  hone::SnapshotParts parts;
  parts.model = "sum";
  parts.features = {"a", "b"};
  parts.champion = {"1.0.0", std::make_shared<SumModel>()};
  return hone::ModelSnapshot::Make(std::move(parts)).value();
}

void Check(bool holds) {
  if (!holds) std::abort();
}

std::size_t JsonBytes(const hone::HttpResponse& response) {
  for (const hone::HttpHeader& header : response.headers) {
    if (header.name == "Inference-Header-Content-Length") return std::stoul(header.value);
  }
  return response.body.size();
}

// Every row is answered, or NaN as it must be, and the answer is JSON with as many bytes behind it as it says.
void CheckAnswers(hone::PredictionBatch& batch, const hone::InferRequest& request) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const double sum = batch.row(i)[0] + batch.row(i)[1];
    Check(std::isfinite(sum) ? batch.answer(i)[0] == sum : !batch.answered(i));
  }
  const auto outputs = hone::ChooseOutputs(request);
  if (!outputs.ok() || request.log) return;
  const hone::HttpResponse response = hone::InferResponse(batch, request.id, *outputs);
  const std::size_t json = JsonBytes(response);
  Check(json <= response.body.size());
  Check(hone::ParseJson(std::string_view(response.body).substr(0, json)).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  static const hone::SnapshotPointer snapshot = Snapshot();
  static const hone::VirtualClock clock;
  static hone::BatchPredictor predictor(clock, 1);
  static hone::InferBodyReader reader;
  static hone::PredictionBatch batch;
  const std::size_t announced = data[0] | static_cast<std::size_t>(data[1]) << 8;
  const std::string_view body(reinterpret_cast<const char*>(data) + 2, size - 2);
  const auto request = reader.Read(body, announced == 0xffff ? std::nullopt : std::optional(announced));
  if (!request.ok()) {
    Check(!request.error().message.empty());
    return 0;
  }
  const auto rows = hone::CountRows(*snapshot, (*request)->inputs);
  if (!rows.ok()) return 0;
  batch.Begin(snapshot, *rows);
  if (!hone::FillRows(*snapshot, (*request)->inputs, batch.rows()).ok()) return 0;
  predictor.Predict(batch);
  CheckAnswers(batch, **request);
  return 0;
}
