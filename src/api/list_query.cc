#include "api/list_query.h"

#include <fmt/format.h>

#include <charconv>

namespace hone {
namespace {

constexpr std::int64_t kDefaultLimit = 100;
constexpr std::int64_t kLargestLimit = 10'000;

}  // namespace

Result<std::int64_t> NumberOf(const HttpRequest& request, const char* key, std::int64_t none, std::int64_t largest) {
  if (!request.HasQuery(key)) return none;
  const std::string_view text = request.Query(key);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1 || number > largest) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("must be a number within [1, {}]", largest), request.path, 0,
                 key};
  }
  return number;
}

Result<std::int64_t> LimitOf(const HttpRequest& request) {
  return NumberOf(request, "limit", kDefaultLimit, kLargestLimit);
}

Status CheckModel(LiveEngine& core, const std::string& name) {
  if (core.registered().contains(name)) return OkStatus();
  HONE_RETURN_IF_ERROR(core.FindModel(name));
  return OkStatus();
}

}  // namespace hone
