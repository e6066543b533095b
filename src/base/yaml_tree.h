// The tree behind YamlDocument, built from yaml-cpp's parse events. Internal to base/yaml.cc.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace hone::yaml_internal {

inline constexpr std::size_t kMaxBytes = 1 << 20;

struct Node {
  enum class Kind { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  int line = 0;
  std::string text;                                  // kScalar
  bool quoted = false;                               // kScalar
  std::vector<std::unique_ptr<Node>> items;          // kList, and the values of kMap
  std::vector<std::pair<std::string, int>> keys;     // kMap: key and its line
  mutable std::set<std::string, std::less<>> known;  // kMap: keys asked for

  const Node* Get(std::string_view key) const {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (keys[i].first == key) return items[i].get();
    }
    return nullptr;
  }
};

struct Complaint {
  Error error;
  bool missing = false;
};

struct State {
  std::string source;
  Node root;
  std::vector<Complaint> complaints;
  std::map<const Node*, std::string> visited;  // maps that were read, with their path
};

// Fills state.root from `text`, within the limits yaml.h states. Never throws.
Status BuildTree(const std::string& text, State& state);

}  // namespace hone::yaml_internal
