#include "api/feature_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "base/control_characters.h"
#include "features/expression/user_definitions.h"
#include "wire/json.h"
#include "wire/json_fields.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

constexpr std::size_t kLongestText = 4096;  // characters
constexpr std::size_t kMostItems = 256;

std::size_t Characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool IsPlainLine(std::string_view text) { return Characters(text) <= kLongestText && !HasControl(text); }

// One feature's keys as they go from JSON to YAML, of which JSON is a form.
class FeatureCopier {
 public:
  FeatureCopier(JsonFields& fields, JsonWriter& out) : fields_(fields), out_(out) {}

  void Run() {
    out_.BeginMap();
    fields_.Require("name");
    Text(
        "name", [](std::string_view name) { return IsFeatureName(name); }, "1 to 64 of a-z, 0-9 and _");
    Whole("version", {.at_least = 1, .at_most = std::numeric_limits<int>::max()});
    Text("description", IsPlainLine, "a line");
    Text("expression", IsPlainLine, "a line");
    Choice("kind", kFeatureKinds);
    Choice("aggregation", kFeatureAggregations);
    Choice("normalise", kFeatureScales);
    Choice("fill", kFeatureFills);
    Whole("window", {.at_least = 1, .at_most = kLongestFeatureWindow});
    Whole("normalise_window", {.at_least = 2, .at_most = kLongestFeatureWindow});
    Texts("dependencies");
    Texts("tags");
    bool deprecated = false;
    fields_.Read("deprecated", deprecated);
    if (fields_.Has("deprecated")) out_.Member("deprecated", deprecated);
    out_.EndMap();
  }

 private:
  template <typename Fits>
  void Text(const char* key, const Fits& fits, std::string_view form) {
    std::string text;
    fields_.Read(key, text);
    if (!fields_.Has(key)) return;
    if (!fits(std::string_view(text))) fields_.Fail(key, fmt::format("must be {}", form));
    out_.Member(key, text);
  }

  void Choice(const char* key, std::span<const std::string_view> choices) {
    const auto among = [choices](std::string_view text) {
      return std::find(choices.begin(), choices.end(), text) != choices.end();
    };
    Text(key, among, fmt::format("one of {}", fmt::join(choices, ", ")));
  }

  void Whole(const char* key, const YamlRange& range) {
    double number = 0;  // 81.0 is an integer in JSON Schema
    fields_.Read(key, number, range);
    if (number != std::floor(number)) fields_.Fail(key, "must be a whole number");
    if (fields_.Has(key)) out_.Member(key, static_cast<std::int64_t>(number));
  }

  void Texts(const char* key) {
    std::vector<std::string> texts;
    fields_.Read(key, texts);
    if (!fields_.Has(key)) return;
    const bool plain = std::all_of(texts.begin(), texts.end(), IsPlainLine);
    if (!plain || texts.size() > kMostItems) fields_.Fail(key, fmt::format("must be at most {} lines", kMostItems));
    out_.Key(key).BeginList();
    for (const std::string& text : texts) out_.Value(text);
    out_.EndList();
  }

  JsonFields& fields_;
  JsonWriter& out_;
};

}  // namespace

Result<std::string> ReadFeatureRegistration(std::string_view body, const std::string& source) {
  HONE_ASSIGN_OR_RETURN(const JsonValue json,
                        ParseJson(body, {.source = source, .bytes = kLargestFeatureRegistration}));
  JsonFields fields(json, source);
  fields.Require("features");
  const JsonValue* features = fields.TakeList("features");
  if (features != nullptr && (features->items.empty() || features->items.size() > kMostFeaturesAtOnce)) {
    fields.Fail("features", fmt::format("must be 1 to {} definitions", kMostFeaturesAtOnce));
  }
  HONE_RETURN_IF_ERROR(fields.Finish());
  JsonWriter yaml(JsonStyle::kCompact);
  yaml.BeginMap().Key("features").BeginList();
  for (std::size_t i = 0; i < features->items.size(); ++i) {
    JsonFields feature(features->items[i], source, fmt::format("features[{}]", i));
    FeatureCopier(feature, yaml).Run();
    HONE_RETURN_IF_ERROR(feature.Finish());
  }
  yaml.EndList().EndMap();
  return yaml.Take();
}

Status CheckFeatureKey(std::string_view key, const std::string& source) {
  const std::size_t at = key.find('@');
  if (IsFeatureName(key.substr(0, at))) {
    if (at == std::string_view::npos) return OkStatus();
    const std::string_view digits = key.substr(at + 1);
    int version = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
    if (error == std::errc() && end == digits.data() + digits.size() && version >= 1 && digits[0] != '0') {
      return OkStatus();
    }
  }
  return Error{ErrorCode::kInvalidArgument, "must be a feature's name, or name@version", source, 0, "name"};
}

}  // namespace hone
