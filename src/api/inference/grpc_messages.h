// The messages of the Open Inference Protocol over gRPC in the words of inference.h, and back.
#pragma once

#include <grpc_predict_v2.pb.h>

#include <span>
#include <string_view>
#include <vector>

#include "api/inference/infer_request.h"
#include "api/inference/inference.h"
#include "api/inference/inference_metadata.h"
#include "base/result.h"
#include "serving/prediction_batch.h"

namespace hone {

// Views of the result point into the message. kInvalidArgument names the tensor or parameter: a datatype that an input
// cannot have, as many raw contents as there are no inputs, contents of both kinds, shared memory, classification, a
// `log` that is no boolean, more inputs or outputs than InferBodyReader takes.
Result<InferRequest> ReadInferRequest(const inference::ModelInferRequest& message);

// `raw`: the elements as bytes in raw_output_contents, else by type in each output's contents.
void WriteInferResponse(const PredictionBatch& batch, std::string_view id, std::span<const ChosenOutput> outputs,
                        bool raw, inference::ModelInferResponse& message);

void WriteModelMetadata(const ModelMetadata& metadata, inference::ModelMetadataResponse& message);
void WriteStatistics(const std::vector<InferenceFigures>& all, inference::ModelStatisticsResponse& message);
// Without what is not ready where `only_ready`.
void WriteIndex(const std::vector<IndexedVersion>& index, bool only_ready, inference::RepositoryIndexResponse& message);

}  // namespace hone
