#include "serving/request_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "serving/predict_request.h"
#include "serving/rewritten_json.h"

namespace hone {
namespace {

constexpr std::size_t kLeastBytes = 4096;
constexpr std::size_t kMostDoubled = 1 << 20;  // a large body is likely the largest there will be

}  // namespace

Error RequestJson::Malformed(std::string message, std::string key) const {
  return {ErrorCode::kInvalidArgument, std::move(message), std::string(limits_.source), 0, std::move(key)};
}

simdjson::error_code RequestJson::Grow(std::size_t bytes) {
  if (bytes <= capacity_) return simdjson::SUCCESS;
  capacity_ = std::max(bytes < kMostDoubled ? 2 * bytes : bytes, kLeastBytes);
  padded_.resize(capacity_ + simdjson::SIMDJSON_PADDING);
  return parser_.allocate(capacity_, static_cast<std::size_t>(limits_.depth));
}

simdjson::error_code RequestJson::TryParse(std::string_view body, simdjson::dom::element& root) {
  if (const auto error = Grow(body.size())) return error;
  if (!body.empty()) std::memcpy(padded_.data(), body.data(), body.size());
  return parser_.parse(padded_.data(), body.size(), false).get(root);
}

Result<simdjson::dom::element> RequestJson::Parse(std::string_view body) {
  if (body.size() > limits_.bytes) {
    return Malformed(fmt::format("the body may have at most {} bytes, has {}", limits_.bytes, body.size()));
  }
  simdjson::dom::element root;
  if (!TryParse(body, root)) return root;
  // simdjson does not say where it stopped; the slow reader does.
  HONE_ASSIGN_OR_RETURN(
      const std::string again,
      RewriteLargeIntegers(body, {.source = limits_.source, .bytes = limits_.bytes, .depth = limits_.depth}));
  if (const auto error = TryParse(again, root)) return Malformed(simdjson::error_message(error));
  return root;
}

Status RequestJson::ReadKey(const simdjson::dom::element& value, std::string_view& key) const {
  const bool text = value.get_string().get(key) == simdjson::SUCCESS;
  const bool visible = text && std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
  if (visible && !key.empty() && key.size() <= kLongestRoutingKey) return OkStatus();
  return Malformed(fmt::format("must be 1 to {} visible ASCII characters", kLongestRoutingKey), "key");
}

}  // namespace hone
