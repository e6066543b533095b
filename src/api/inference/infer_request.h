// A request for inference, whatever the transport it came by.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/inference/tensor.h"
#include "base/result.h"

namespace hone {

// An output that a client asked for by name.
struct RequestedOutput {
  std::string name;
  std::optional<bool> binary;  // HTTP: its elements as bytes behind the JSON; absent: as the request says of all
};

struct InferRequest {
  std::string id;  // the client's own, told back
  std::string model;
  std::string version;  // "": whoever the router chooses
  bool log = false;     // keep the predictions, so that outcomes can be joined
  bool binary = false;  // HTTP: outputs that do not say it themselves as bytes behind the JSON
  std::vector<InputTensor> inputs;
  std::vector<RequestedOutput> outputs;  // none: all
};

// What an answer can hold.
enum class OutputKind {
  kAnswers,   // "output" FP64 [n] or [n, outputs]
  kIds,       // "prediction_id" BYTES [n]: with the parameter log; "" for a row without an answer
  kVersions,  // "model_version" BYTES [n]: the version that answered the row; only when asked for
};
inline constexpr std::string_view kOutputName = "output";
inline constexpr std::string_view kIdsName = "prediction_id";
inline constexpr std::string_view kVersionsName = "model_version";

struct ChosenOutput {
  OutputKind kind = OutputKind::kAnswers;
  bool binary = false;

  std::string_view name() const;
};

// What the answer to this request holds. kInvalidArgument for an output that there is not (ids only with `log`).
Result<std::vector<ChosenOutput>> ChooseOutputs(const InferRequest& request);

}  // namespace hone
