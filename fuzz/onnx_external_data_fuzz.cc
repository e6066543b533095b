// libraries: models
// Any bytes: the search for tensors in other files ends, with an answer or an error.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "models/onnx_runtime/external_data.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(
      hone::CheckHoldsItsWeights(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz").ok());
  return 0;
}
