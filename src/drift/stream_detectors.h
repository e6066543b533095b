// The stream detectors by name.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "drift/stream_detector.h"

namespace hone {

// The one for values that may depend on one another.
inline constexpr const char* kDefaultStreamDetector = "prewhitened_ranks";

// Names in the order of the list, the default first.
std::vector<std::string> StreamDetectorNames();
// What the detector watches, in a sentence; "" for an unknown name.
std::string StreamDetectorSummary(std::string_view name);

// `settings`: "key=value" each, keys and ranges as in the detector's header; `seed` for those that draw. Errors are
// kInvalidArgument and say what would be right.
Result<std::unique_ptr<StreamDetector>> MakeStreamDetector(std::string_view name, std::span<const std::string> settings,
                                                           std::uint64_t seed = 0);

}  // namespace hone
