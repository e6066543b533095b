#include "api/inference/inference_metadata.h"

#include <utility>

#include "api/inference/infer_request.h"
#include "api/inference/tensor_rows.h"

namespace hone {

std::vector<std::string> LiveVersions(const ModelSnapshot& snapshot) {
  std::vector<std::string> versions = {snapshot.champion().version};
  for (const ChallengerVersion& challenger : snapshot.challengers()) versions.push_back(challenger.live.version);
  for (const LiveVersion& shadow : snapshot.shadows()) versions.push_back(shadow.version);
  return versions;
}

ModelMetadata DescribeModel(const ModelSnapshot& snapshot, std::string_view version) {
  ModelMetadata metadata;
  metadata.name = snapshot.model();
  metadata.versions = version.empty() ? LiveVersions(snapshot) : std::vector<std::string>{std::string(version)};
  metadata.platform = kServerName;
  const char* const fp64 = TensorTypeName(TensorType::kFp64);
  metadata.inputs.push_back({std::string(kInputName), fp64, {-1, static_cast<std::int64_t>(snapshot.width())}});
  std::vector<std::int64_t> shape = {-1};
  if (snapshot.outputs() > 1) shape.push_back(static_cast<std::int64_t>(snapshot.outputs()));
  metadata.outputs.push_back({std::string(kOutputName), fp64, std::move(shape)});
  return metadata;
}

}  // namespace hone
