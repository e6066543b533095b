#include "api/ab_test_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "api/model_name.h"
#include "registry/version_number.h"
#include "serving/snapshot.h"
#include "wire/json.h"
#include "wire/json_fields.h"

namespace hone {
namespace {

constexpr std::size_t kMostBytes = 64 << 10;
constexpr std::size_t kMostArms = kMostChallengers + 1;

void ReadArm(JsonFields& fields, const std::string& version, const JsonValue& share, std::vector<AbArm>& arms) {
  const std::string key = "split." + version.substr(0, 64);
  if (const auto number = ParseVersionNumber(version); !number.ok()) return fields.Fail(key, number.error().message);
  if (share.kind != JsonValue::Kind::kNumber || !(share.number > 0 && share.number <= 1)) {
    return fields.Fail(key, "must be a number within (0, 1]");
  }
  arms.push_back({version, share.number});
}

void ReadSplit(JsonFields& fields, std::vector<AbArm>& arms) {
  fields.Require("split");
  const JsonValue* split = fields.TakeMap("split");
  if (split == nullptr) return;
  if (split->keys.empty() || split->keys.size() > kMostArms) {
    return fields.Fail(
        "split", fmt::format("must be 1 to {} versions with their shares, has {}", kMostArms, split->keys.size()));
  }
  for (std::size_t i = 0; i < split->keys.size(); ++i) ReadArm(fields, split->keys[i], split->items[i], arms);
}

Result<AbBandit> ReadBandit(const JsonValue& value, const std::string& source) {
  JsonFields fields(value, source, "bandit");
  AbBandit bandit;
  fields.Require("low").Read("algorithm", bandit.algorithm);
  fields.Read("floor", bandit.floor);
  fields.Read("low", bandit.low);
  fields.Read("high", bandit.high);
  fields.Read("minutes", bandit.minutes);
  HONE_RETURN_IF_ERROR(fields.Finish());
  return bandit;
}

}  // namespace

Result<AbTestRequest> ReadAbTest(std::string_view body, const std::string& source) {
  HONE_ASSIGN_OR_RETURN(const JsonValue json, ParseJson(body, {.source = source, .bytes = kMostBytes}));
  JsonFields fields(json, source);
  AbTestRequest request;
  ReadModelName(fields, "model", request.model);
  ReadSplit(fields, request.arms);
  double days = 0;
  fields.Read("days", days, {.above = 0, .at_most = 3650});
  if (days > 0) request.terms.lasts = static_cast<Duration>(days * kDay);
  const JsonValue* bandit = fields.TakeMap("bandit");
  HONE_RETURN_IF_ERROR(fields.Finish());
  if (bandit != nullptr) {
    HONE_ASSIGN_OR_RETURN(request.terms.bandit, ReadBandit(*bandit, source));
  }
  // Where nothing but shares changes, keys keep their arms as far as the shares allow: the order is always the same.
  std::ranges::sort(request.arms, {}, [](const AbArm& arm) { return ParseVersionNumber(arm.version).value(); });
  return request;
}

}  // namespace hone
