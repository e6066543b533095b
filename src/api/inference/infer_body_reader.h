// Reads the body of POST /v2/models/{name}/infer: JSON, and with Triton's binary tensor extension the bytes of some
// inputs behind it, in the order of the inputs.
//
//   {"id":"7","parameters":{"log":true,"binary_data_output":true},
//    "inputs":[{"name":"input","datatype":"FP64","shape":[2,3],"data":[[1,2,3],[4,5,null]]}],
//    "outputs":[{"name":"output","parameters":{"binary_data":false}}]}
//   {"inputs":[{"name":"input","datatype":"FP64","shape":[2,3],"parameters":{"binary_data_size":48}}]}<48 bytes>
//
// `data` is flat or nested, row-major; null in it is a missing value, true and false are 1 and 0. Parameters other than
// those shown are passed over, as the protocol wants. Parsed with simdjson (Langdale and Lemire, 2019) into buffers
// that are reused.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "api/inference/infer_request.h"
#include "base/result.h"

namespace hone {

// Not thread-safe: one a thread.
class InferBodyReader {
 public:
  static constexpr std::size_t kMaxInputs = 4096;

  InferBodyReader();
  ~InferBodyReader();

  // The request in `body`, whose views point into it; valid until the next Read. `json_bytes`: how many of it are JSON
  // (the header Inference-Header-Content-Length), all when absent. Model and version stay "". kInvalidArgument names
  // line and column or the key: not JSON, deeper than 32, an unknown or doubled key, a value that does not fit, sizes
  // that are not those of the bytes behind the JSON, shared memory and classification.
  Result<InferRequest*> Read(std::string_view body, std::optional<std::size_t> json_bytes);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
  InferRequest request_;
};

}  // namespace hone
