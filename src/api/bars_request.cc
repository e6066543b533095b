#include "api/bars_request.h"

#include <fmt/format.h>

#include "market/timestamp.h"
#include "wire/json.h"
#include "wire/json_fields.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

constexpr const char* kSource = "/market/bars";

void ReadTime(JsonFields& fields, Time& time) {
  const char* key = fields.Has("open_time") ? "open_time" : "time";
  fields.Require(key);
  const JsonValue* value = fields.Take(key);
  if (value == nullptr) return;
  const std::string text = value->is_text()     ? value->text
                           : value->is_integer  ? std::to_string(value->integer)
                           : value->is_number() ? fmt::format("{:.9f}", value->number)
                                                : "";
  const std::optional<Time> parsed = ParseBarTime(text);
  if (!parsed) return fields.Fail(key, "must be a time such as \"2020-03-16T00:00:00Z\" or an epoch number");
  time = *parsed;
}

Result<Bar> ReadBar(const JsonValue& value, std::size_t index) {
  JsonFields fields(value, kSource, fmt::format("bars[{}]", index));
  Bar bar;
  ReadTime(fields, bar.open_time);
  fields.Require("open").Require("high").Require("low").Require("close");
  fields.Read("open", bar.open);
  fields.Read("high", bar.high);
  fields.Read("low", bar.low);
  fields.Read("close", bar.close);
  fields.Read("volume", bar.volume);
  HONE_RETURN_IF_ERROR(fields.Finish());
  bar.known_at = bar.open_time;
  return bar;
}

}  // namespace

Result<BarsRequest> ReadBarsRequest(std::string_view body) {
  HONE_ASSIGN_OR_RETURN(const JsonValue value, ParseJson(body, {.source = kSource}));
  JsonFields fields(value, kSource);
  BarsRequest request;
  fields.Require("instrument").Require("bars");
  fields.Read("instrument", request.instrument);
  const JsonValue* bars = fields.TakeList("bars");
  if (bars != nullptr && (bars->items.empty() || bars->items.size() > kMaxBarsPerRequest)) {
    fields.Fail("bars", fmt::format("must hold 1 to {} bars, holds {}", kMaxBarsPerRequest, bars->items.size()));
  }
  HONE_RETURN_IF_ERROR(fields.Finish());
  for (std::size_t i = 0; i < bars->items.size(); ++i) {
    HONE_ASSIGN_OR_RETURN(const Bar bar, ReadBar(bars->items[i], i));
    request.bars.push_back(bar);
  }
  return request;
}

}  // namespace hone
