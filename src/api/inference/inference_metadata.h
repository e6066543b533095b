// What the Open Inference Protocol tells about the server and its models.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "serving/snapshot.h"

namespace hone {

inline constexpr std::string_view kServerName = "hone";
inline constexpr std::array<std::string_view, 2> kInferenceExtensions = {"binary_tensor_data", "statistics"};

struct TensorMetadata {
  std::string name;
  std::string datatype;
  std::vector<std::int64_t> shape;  // -1: any
};

struct ModelMetadata {
  std::string name;
  std::vector<std::string> versions;  // those that can be asked: champion, canary, shadows
  std::string platform;
  std::vector<TensorMetadata> inputs, outputs;
};

// `version`: "" for all live ones, else it alone.
ModelMetadata DescribeModel(const ModelSnapshot& snapshot, std::string_view version);
// Champion, canary and shadows by name.
std::vector<std::string> LiveVersions(const ModelSnapshot& snapshot);

}  // namespace hone
