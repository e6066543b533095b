// Strict YAML for policies, model definitions and configuration: every key must be known, every value in range, and
// each error names file, line and key. Text is hostile: size (1 MiB), depth (32) and nodes (100,000) are bounded,
// duplicate keys, anchors, aliases and tags are refused. Nothing throws.
//
//   HONE_ASSIGN_OR_RETURN(auto document, YamlDocument::Load("policy.yaml"));
//   YamlMap rollout = document.root().Map("rollout");
//   rollout.Read("alpha", policy.alpha, {.above = 0, .at_most = 0.5});   // keeps policy.alpha when the key is absent
//   HONE_RETURN_IF_ERROR(document.Finish());  // "policy.yaml:3: rollout.alpha: must be within (0, 0.5], is 7"
//
// Reads never return errors: the document collects them, and Finish() returns the one to show. A document and its maps
// belong to one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hone {

// The numbers a key admits; NaN and infinities never. Give at most one lower and one upper limit.
struct YamlRange {
  std::optional<double> above = std::nullopt;
  std::optional<double> at_least = std::nullopt;
  std::optional<double> below = std::nullopt;
  std::optional<double> at_most = std::nullopt;

  bool Contains(double value) const;
  // "within (0, 0.5]", "above 0", "at least 1", ...
  std::string ToString() const;
};

namespace yaml_internal {
struct Node;
struct State;
}  // namespace yaml_internal

// A map of the document, or an absent one: then every Read keeps the default. Keys asked for are known keys.
class YamlMap {
 public:
  // False when the key that led here is not in the document.
  bool present() const { return node_ != nullptr; }
  bool Has(std::string_view key) const;
  // Line of the map (or of the key's value), 0 when absent.
  int line() const;
  int LineOf(std::string_view key) const;
  // Keys in the order of the document; counts none of them as known.
  std::vector<std::string> Keys() const;

  // Each sets `value` when the key is present and its text has the type and range; otherwise `value` is untouched.
  void Read(std::string_view key, double& value, const YamlRange& range = {});
  void Read(std::string_view key, int& value, const YamlRange& range = {});
  void Read(std::string_view key, std::int64_t& value, const YamlRange& range = {});
  void Read(std::string_view key, std::uint64_t& value);
  void Read(std::string_view key, bool& value);         // `true` or `false`
  void Read(std::string_view key, std::string& value);  // any scalar; at most 64 KiB
  void Read(std::string_view key, std::vector<std::string>& values);
  void Read(std::string_view key, std::vector<double>& values, const YamlRange& range = {});
  void Read(std::string_view key, std::vector<int>& values, const YamlRange& range = {});
  // A map of numbers with free keys.
  void Read(std::string_view key, std::map<std::string, double>& values);
  // One of `choices`; the error offers the nearest.
  void ReadChoice(std::string_view key, std::string& value, const std::vector<std::string>& choices);

  // A map below; absent when the key is. An empty value ("rollout:") is an empty map.
  YamlMap Map(std::string_view key);
  // A list of maps below; empty when the key is absent.
  std::vector<YamlMap> Maps(std::string_view key);

  // An error "is required" when the key is absent.
  void Require(std::string_view key);
  // An error of the caller's own about the key's value: Fail("steps", "must increase, are 50, 10").
  void Fail(std::string_view key, std::string message);

 private:
  friend class YamlDocument;
  YamlMap(std::shared_ptr<yaml_internal::State> state, const yaml_internal::Node* node, std::string path)
      : state_(std::move(state)), node_(node), path_(std::move(path)) {}
  const yaml_internal::Node* Find(std::string_view key);
  const yaml_internal::Node* FindList(std::string_view key);
  void FailAt(int line, std::string_view key, std::string message);
  std::string PathOf(std::string_view key) const;

  std::shared_ptr<yaml_internal::State> state_;
  const yaml_internal::Node* node_ = nullptr;
  std::string path_;
};

class YamlDocument {
 public:
  // `source` names the text in errors. An empty text is an empty map. Errors: kInvalidArgument.
  static Result<YamlDocument> Parse(std::string_view text, std::string source);
  // Errors: as Parse, and those of ReadFile.
  static Result<YamlDocument> Load(const std::filesystem::path& path);

  YamlMap root() const;
  const std::string& source() const;

  // Ok when every read succeeded and every key in the maps visited is known. Otherwise the first error by line, a
  // missing key last (a misspelt key explains it). An unknown key: "policy.yaml:4: rollout.alhpa: unknown key, did you
  // mean alpha?"
  Status Finish() const;

 private:
  explicit YamlDocument(std::shared_ptr<yaml_internal::State> state) : state_(std::move(state)) {}
  std::shared_ptr<yaml_internal::State> state_;
};

}  // namespace hone
