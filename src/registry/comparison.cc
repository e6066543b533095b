#include "registry/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace hone {
namespace {

using Json = nlohmann::json;
constexpr int kMaxDepth = 16;

std::string Shown(const Json& json) {
  return json.is_string() ? json.get<std::string>() : json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void Flatten(const Json& json, const std::string& path, int depth, std::map<std::string, Json>& flat) {
  if (!json.is_object() || depth == kMaxDepth) {
    flat[path] = json;
    return;
  }
  for (const auto& item : json.items()) {
    Flatten(item.value(), path.empty() ? item.key() : path + "." + item.key(), depth + 1, flat);
  }
}

std::map<std::string, Json> Flat(std::string_view text) {
  std::map<std::string, Json> flat;
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_object()) Flatten(json, "", 0, flat);
  return flat;
}

void AddField(std::vector<ComparedValue>& fields, std::string key, std::string left, std::string right) {
  fields.push_back({std::move(key), std::move(left), std::move(right), std::nullopt});
}

std::vector<ComparedValue> CompareOrigins(const VersionRecord& a, const VersionRecord& b) {
  std::vector<ComparedValue> fields;
  AddField(fields, "stage", StageName(a.stage), StageName(b.stage));
  AddField(fields, "change", ChangeTypeName(a.change), ChangeTypeName(b.change));
  AddField(fields, "recipe", a.recipe, b.recipe);
  AddField(fields, "parent", a.parent, b.parent);
  AddField(fields, "artifact", a.artifact, b.artifact);
  AddField(fields, "data_fingerprint", a.data_fingerprint, b.data_fingerprint);
  AddField(fields, "train_begin", FormatTime(a.train_begin), FormatTime(b.train_begin));
  AddField(fields, "train_end", FormatTime(a.train_end), FormatTime(b.train_end));
  AddField(fields, "train_rows", std::to_string(a.train_rows), std::to_string(b.train_rows));
  fields.back().change = static_cast<double>(b.train_rows - a.train_rows);
  AddField(fields, "seed", std::to_string(a.seed), std::to_string(b.seed));
  AddField(fields, "validated", a.validated ? "true" : "false", b.validated ? "true" : "false");
  AddField(fields, "created", FormatTime(a.created), FormatTime(b.created));
  return fields;
}

std::string CommonAncestor(const std::vector<VersionRecord>& left, const std::vector<VersionRecord>& right) {
  for (const auto& a : left) {
    for (const auto& b : right) {
      if (a.number == b.number) return a.number.ToString();
    }
  }
  return "";
}

}  // namespace

std::vector<ComparedValue> CompareJson(std::string_view left, std::string_view right) {
  const auto a = Flat(left);
  const auto b = Flat(right);
  std::map<std::string, ComparedValue> joined;
  for (const auto& [key, value] : a) joined[key].left = Shown(value);
  for (const auto& [key, value] : b) joined[key].right = Shown(value);
  std::vector<ComparedValue> values;
  for (auto& [key, value] : joined) {
    value.key = key;
    const auto in_a = a.find(key);
    const auto in_b = b.find(key);
    if (in_a != a.end() && in_b != b.end() && in_a->second.is_number() && in_b->second.is_number()) {
      value.change = in_b->second.get<double>() - in_a->second.get<double>();
    }
    values.push_back(std::move(value));
  }
  return values;
}

Result<VersionComparison> CompareVersions(VersionStore& store, std::string_view model, std::string_view left,
                                          std::string_view right) {
  HONE_ASSIGN_OR_RETURN(const auto left_line, store.Lineage(model, left));
  HONE_ASSIGN_OR_RETURN(const auto right_line, store.Lineage(model, right));
  VersionComparison comparison;
  HONE_ASSIGN_OR_RETURN(comparison.left, store.Get(model, left));
  HONE_ASSIGN_OR_RETURN(comparison.right, store.Get(model, right));
  comparison.metrics = CompareJson(comparison.left.metrics, comparison.right.metrics);
  comparison.parameters = CompareJson(comparison.left.parameters, comparison.right.parameters);
  comparison.lineage = CompareOrigins(comparison.left, comparison.right);
  comparison.common_ancestor = CommonAncestor(left_line, right_line);
  return comparison;
}

}  // namespace hone
