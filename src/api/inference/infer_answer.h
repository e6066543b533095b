// Answers as output tensors.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/inference/infer_request.h"
#include "serving/prediction_batch.h"
#include "wire/http_message.h"

namespace hone {

// [n], or [n, outputs] for the answers of a model of several outputs.
std::vector<std::int64_t> ShapeOf(OutputKind kind, const PredictionBatch& batch);
// "FP64" or "BYTES".
const char* DatatypeOf(OutputKind kind);
// A row's text of an output of texts (ids, versions).
std::string TextOf(OutputKind kind, const PredictionBatch& batch, std::size_t row);
// Appends the elements as bytes: numbers little-endian; texts each after its length as four bytes.
void AppendRaw(OutputKind kind, const PredictionBatch& batch, std::string& out);

// The answer over HTTP. With binary outputs their bytes stand behind the JSON, whose length is in the header
// Inference-Header-Content-Length; a row without an answer is NaN there and null in JSON.
//   {"model_name":"vol","model_version":"1.0.0","id":"7","outputs":[{"name":"output","datatype":"FP64","shape":[2],
//    "data":[1.5,2.5]}]}
// `model_version` is left out where several versions answered.
HttpResponse InferResponse(const PredictionBatch& batch, std::string_view id, std::span<const ChosenOutput> outputs);

}  // namespace hone
