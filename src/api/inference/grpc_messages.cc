#include "api/inference/grpc_messages.h"

#include <fmt/format.h>

#include <utility>

#include "api/inference/infer_answer.h"
#include "api/inference/infer_body_reader.h"

namespace hone {
namespace {

using Parameters = google::protobuf::Map<std::string, inference::InferParameter>;

constexpr int kMaxInputs = InferBodyReader::kMaxInputs;
constexpr int kMaxOutputs = InferBodyReader::kMaxOutputs;

Error MalformedMessage(std::string message, std::string key = "") {
  return {ErrorCode::kInvalidArgument, std::move(message), "ModelInfer", 0, std::move(key)};
}

Status CheckOffered(const Parameters& parameters, const std::string& path) {
  for (const auto& [key, value] : parameters) {
    const bool offered = key.rfind("shared_memory", 0) != 0 && key != "classification";
    if (!offered) return MalformedMessage("is not offered", fmt::format("{}.parameters.{}", path, key.substr(0, 64)));
  }
  return OkStatus();
}

template <typename Element>
void View(const google::protobuf::RepeatedField<Element>& elements, TensorType type, InputTensor& tensor) {
  static_assert(sizeof(bool) == 1);
  tensor.raw_type = type;
  tensor.raw = {reinterpret_cast<const char*>(elements.data()),
                static_cast<std::size_t>(elements.size()) * sizeof(Element)};
}

// The field in which the protocol puts elements of the tensor's type.
void ViewContents(const inference::InferTensorContents& contents, InputTensor& tensor) {
  switch (tensor.type) {
    case TensorType::kBool: return View(contents.bool_contents(), TensorType::kBool, tensor);
    case TensorType::kUint8:
    case TensorType::kUint16:
    case TensorType::kUint32: return View(contents.uint_contents(), TensorType::kUint32, tensor);
    case TensorType::kUint64: return View(contents.uint64_contents(), TensorType::kUint64, tensor);
    case TensorType::kInt8:
    case TensorType::kInt16:
    case TensorType::kInt32: return View(contents.int_contents(), TensorType::kInt32, tensor);
    case TensorType::kInt64: return View(contents.int64_contents(), TensorType::kInt64, tensor);
    case TensorType::kFp32: return View(contents.fp32_contents(), TensorType::kFp32, tensor);
    case TensorType::kFp64: return View(contents.fp64_contents(), TensorType::kFp64, tensor);
  }
}

// `raw`: the tensor's bytes; nullptr where its elements stand in its own contents.
Result<InputTensor> ReadInput(const inference::ModelInferRequest::InferInputTensor& message, const std::string* raw) {
  const std::string path = fmt::format("inputs.{}", message.name().substr(0, 64));
  HONE_RETURN_IF_ERROR(CheckOffered(message.parameters(), path));
  InputTensor tensor;
  tensor.name = message.name();
  tensor.shape.assign(message.shape().begin(), message.shape().end());
  tensor.is_raw = true;
  const Result<TensorType> type = ParseTensorType(message.datatype());
  if (!type.ok()) return MalformedMessage(type.error().message, path + ".datatype");
  tensor.type = tensor.raw_type = *type;
  if (raw == nullptr) {
    ViewContents(message.contents(), tensor);
  } else if (message.has_contents()) {
    return MalformedMessage("has contents of its own beside raw_input_contents", path);
  } else {
    tensor.raw = *raw;
  }
  return tensor;
}

Status ReadInputs(const inference::ModelInferRequest& message, InferRequest& request) {
  const int raw = message.raw_input_contents_size();
  if (message.inputs_size() == 0 || message.inputs_size() > kMaxInputs) {
    return MalformedMessage(fmt::format("must be 1 to {}, are {}", kMaxInputs, message.inputs_size()), "inputs");
  }
  if (raw != 0 && raw != message.inputs_size()) {
    return MalformedMessage(fmt::format("must be one for each of the {} inputs, are {}", message.inputs_size(), raw),
                            "raw_input_contents");
  }
  for (int i = 0; i < message.inputs_size(); ++i) {
    HONE_ASSIGN_OR_RETURN(InputTensor tensor,
                          ReadInput(message.inputs(i), raw == 0 ? nullptr : &message.raw_input_contents(i)));
    request.inputs.push_back(std::move(tensor));
  }
  return OkStatus();
}

Status ReadOutputs(const inference::ModelInferRequest& message, InferRequest& request) {
  if (message.outputs_size() > kMaxOutputs) {
    return MalformedMessage(fmt::format("may be at most {}, are {}", kMaxOutputs, message.outputs_size()), "outputs");
  }
  for (const auto& output : message.outputs()) {
    HONE_RETURN_IF_ERROR(CheckOffered(output.parameters(), fmt::format("outputs.{}", output.name().substr(0, 64))));
    request.outputs.push_back({output.name(), std::nullopt});
  }
  return OkStatus();
}

Status ReadParameters(const Parameters& parameters, InferRequest& request) {
  const auto log = parameters.find("log");
  if (log == parameters.end()) return OkStatus();
  if (!log->second.has_bool_param()) return MalformedMessage("must be a boolean", "parameters.log");
  request.log = log->second.bool_param();
  return OkStatus();
}

void WriteContents(OutputKind kind, const PredictionBatch& batch, inference::InferTensorContents& contents) {
  if (kind == OutputKind::kAnswers) {
    contents.mutable_fp64_contents()->Add(batch.answers().begin(), batch.answers().end());
    return;
  }
  for (std::size_t i = 0; i < batch.size(); ++i) contents.add_bytes_contents(TextOf(kind, batch, i));
}

void WriteTensor(const TensorMetadata& tensor, inference::ModelMetadataResponse::TensorMetadata& message) {
  message.set_name(tensor.name);
  message.set_datatype(tensor.datatype);
  message.mutable_shape()->Add(tensor.shape.begin(), tensor.shape.end());
}

void WriteDuration(std::uint64_t count, std::uint64_t nanoseconds, inference::StatisticDuration& message) {
  message.set_count(count);
  message.set_ns(nanoseconds);
}

void WriteFigures(const InferenceFigures& figures, inference::ModelStatistics& message) {
  message.set_name(figures.model);
  message.set_version(figures.version);
  message.set_last_inference(static_cast<std::uint64_t>(figures.last / kMillisecond));
  message.set_inference_count(figures.rows);
  message.set_execution_count(figures.executions);
  inference::InferStatistics& stats = *message.mutable_inference_stats();
  WriteDuration(figures.successes, figures.success_time, *stats.mutable_success());
  WriteDuration(figures.failures, figures.failure_time, *stats.mutable_fail());
  WriteDuration(figures.successes, figures.queue_time, *stats.mutable_queue());
  WriteDuration(figures.successes, figures.input_time, *stats.mutable_compute_input());
  WriteDuration(figures.successes, figures.evaluation_time, *stats.mutable_compute_infer());
  WriteDuration(figures.successes, figures.output_time, *stats.mutable_compute_output());
}

}  // namespace

Result<InferRequest> ReadInferRequest(const inference::ModelInferRequest& message) {
  InferRequest request;
  request.id = message.id();
  request.model = message.model_name();
  request.version = message.model_version();
  HONE_RETURN_IF_ERROR(ReadParameters(message.parameters(), request));
  HONE_RETURN_IF_ERROR(ReadInputs(message, request));
  HONE_RETURN_IF_ERROR(ReadOutputs(message, request));
  return request;
}

void WriteInferResponse(const PredictionBatch& batch, std::string_view id, std::span<const ChosenOutput> outputs,
                        bool raw, inference::ModelInferResponse& message) {
  message.set_model_name(batch.snapshot().model());
  if (const std::string* version = batch.version()) message.set_model_version(*version);
  message.set_id(std::string(id));
  for (const ChosenOutput& output : outputs) {
    auto& tensor = *message.add_outputs();
    tensor.set_name(std::string(output.name()));
    tensor.set_datatype(DatatypeOf(output.kind));
    for (const std::int64_t size : ShapeOf(output.kind, batch)) tensor.add_shape(size);
    if (raw) {
      AppendRaw(output.kind, batch, *message.add_raw_output_contents());
    } else {
      WriteContents(output.kind, batch, *tensor.mutable_contents());
    }
  }
}

void WriteModelMetadata(const ModelMetadata& metadata, inference::ModelMetadataResponse& message) {
  message.set_name(metadata.name);
  message.set_platform(metadata.platform);
  for (const std::string& version : metadata.versions) message.add_versions(version);
  for (const TensorMetadata& tensor : metadata.inputs) WriteTensor(tensor, *message.add_inputs());
  for (const TensorMetadata& tensor : metadata.outputs) WriteTensor(tensor, *message.add_outputs());
}

void WriteStatistics(const std::vector<InferenceFigures>& all, inference::ModelStatisticsResponse& message) {
  for (const InferenceFigures& figures : all) WriteFigures(figures, *message.add_model_stats());
}

void WriteIndex(const std::vector<IndexedVersion>& index, bool only_ready,
                inference::RepositoryIndexResponse& message) {
  for (const IndexedVersion& indexed : index) {
    if (only_ready && !indexed.ready) continue;
    auto& model = *message.add_models();
    model.set_name(indexed.model);
    model.set_version(indexed.version);
    model.set_state(indexed.ready ? "READY" : "UNAVAILABLE");
    model.set_reason(indexed.reason);
  }
}

}  // namespace hone
