#include "api/inference/infer_answer.h"

#include "wire/json_writer.h"

namespace hone {
namespace {

std::size_t RawBytes(OutputKind kind, const PredictionBatch& batch) {
  if (kind == OutputKind::kAnswers) return batch.answers().size_bytes();
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < batch.size(); ++i) bytes += sizeof(std::uint32_t) + TextOf(kind, batch, i).size();
  return bytes;
}

void WriteData(OutputKind kind, const PredictionBatch& batch, JsonWriter& json) {
  json.Key("data").BeginList();
  if (kind == OutputKind::kAnswers) {
    for (const double answer : batch.answers()) json.Value(answer);
  } else {
    for (std::size_t i = 0; i < batch.size(); ++i) json.Value(TextOf(kind, batch, i));
  }
  json.EndList();
}

void WriteOutput(const ChosenOutput& output, const PredictionBatch& batch, JsonWriter& json) {
  json.BeginMap().Member("name", output.name()).Member("datatype", DatatypeOf(output.kind));
  json.Key("shape").BeginList();
  for (const std::int64_t size : ShapeOf(output.kind, batch)) json.Value(size);
  json.EndList();
  if (output.binary) {
    json.Key("parameters").BeginMap().Member("binary_data_size", RawBytes(output.kind, batch)).EndMap();
  } else {
    WriteData(output.kind, batch, json);
  }
  json.EndMap();
}

}  // namespace

std::vector<std::int64_t> ShapeOf(OutputKind kind, const PredictionBatch& batch) {
  std::vector<std::int64_t> shape = {static_cast<std::int64_t>(batch.size())};
  const std::size_t outputs = batch.snapshot().outputs();
  if (kind == OutputKind::kAnswers && outputs > 1) shape.push_back(static_cast<std::int64_t>(outputs));
  return shape;
}

const char* DatatypeOf(OutputKind kind) { return kind == OutputKind::kAnswers ? "FP64" : "BYTES"; }

std::string TextOf(OutputKind kind, const PredictionBatch& batch, std::size_t row) {
  if (kind == OutputKind::kVersions) return *batch.route(row).version;
  return batch.answered(row) ? batch.ids()[row].ToString() : std::string();
}

void AppendRaw(OutputKind kind, const PredictionBatch& batch, std::string& out) {
  if (kind == OutputKind::kAnswers) {
    out.append(reinterpret_cast<const char*>(batch.answers().data()), batch.answers().size_bytes());
    return;
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const std::string text = TextOf(kind, batch, i);
    const auto bytes = static_cast<std::uint32_t>(text.size());
    out.append(reinterpret_cast<const char*>(&bytes), sizeof bytes);
    out += text;
  }
}

HttpResponse InferResponse(const PredictionBatch& batch, std::string_view id, std::span<const ChosenOutput> outputs) {
  JsonWriter json;
  json.BeginMap().Member("model_name", batch.snapshot().model());
  if (const std::string* version = batch.version()) json.Member("model_version", *version);
  if (!id.empty()) json.Member("id", id);
  json.Key("outputs").BeginList();
  bool binary = false;
  for (const ChosenOutput& output : outputs) {
    WriteOutput(output, batch, json);
    binary = binary || output.binary;
  }
  json.EndList().EndMap();
  HttpResponse response = JsonResponse(json.Take());
  if (!binary) return response;
  response.content_type = "application/octet-stream";
  response.headers.push_back({"Inference-Header-Content-Length", std::to_string(response.body.size())});
  for (const ChosenOutput& output : outputs) {
    if (output.binary) AppendRaw(output.kind, batch, response.body);
  }
  return response;
}

}  // namespace hone
