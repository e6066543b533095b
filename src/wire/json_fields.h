// Strict reading of a JSON map's known keys, the JSON sister of YamlMap: every key must be known, every value of its
// type and in range, and the error names the key.
//
//   JsonFields body(value, "/outcomes");
//   body.Require("prediction_id").Require("value");
//   body.Read("prediction_id", id);
//   body.Read("value", outcome.value);
//   HONE_RETURN_IF_ERROR(body.Finish());   // "/outcomes: value: must be a number, is a text"
//
// Reads keep the first problem; Finish returns it. Borrows `value`; not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/yaml.h"
#include "wire/json.h"

namespace hone {

class JsonFields {
 public:
  // `source` (a route, a file) and `path` (where the map stands: "bars[3]") go into errors. Anything but a map is an
  // error in Finish.
  JsonFields(const JsonValue& value, std::string source, std::string path = "");

  // The key is there and not null.
  bool Has(std::string_view key) const;
  // An error "is required" when the key is absent or null.
  JsonFields& Require(std::string_view key);

  // Each sets `target` when the key is there, not null, and its value fits; otherwise `target` is untouched.
  void Read(std::string_view key, double& target, const YamlRange& range = {});
  void Read(std::string_view key, std::int64_t& target, const YamlRange& range = {});
  void Read(std::string_view key, bool& target);
  void Read(std::string_view key, std::string& target);  // at most 64 KiB
  void Read(std::string_view key, std::vector<std::string>& target);
  void Read(std::string_view key, std::vector<double>& target);  // null items become NaN

  // The value itself for the caller to read; nullptr when absent or null. Counts the key as known.
  const JsonValue* Take(std::string_view key);
  // As Take, but must be a list or map.
  const JsonValue* TakeList(std::string_view key);
  const JsonValue* TakeMap(std::string_view key);

  // A problem of the caller's own: Fail("time", "must be RFC 3339").
  void Fail(std::string_view key, std::string message);

  // Ok when every read fitted and every key is known; else kInvalidArgument: the first unknown key (a misspelt key
  // explains a missing one), then the first problem. An unknown key: "unknown key, did you mean value?"
  Status Finish() const;

 private:
  const JsonValue* TakeKind(std::string_view key, JsonValue::Kind kind);
  std::string PathOf(std::string_view key) const;

  const JsonValue* value_;
  std::string source_;
  std::string path_;
  std::vector<std::string> known_;
  std::optional<Error> problem_;
};

}  // namespace hone
