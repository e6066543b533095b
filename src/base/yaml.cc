#include "base/yaml.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <tuple>
#include <utility>

#include "base/edit_distance.h"
#include "base/files.h"
#include "base/yaml_tree.h"

namespace hone {
namespace {

using yaml_internal::BuildTree;
using yaml_internal::Complaint;
using yaml_internal::kMaxBytes;
using yaml_internal::Node;
using yaml_internal::State;

std::string Shown(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull: return "empty";
    case Node::Kind::kList: return "a list";
    case Node::Kind::kMap: return "a map";
    case Node::Kind::kScalar: break;
  }
  const std::string_view text = std::string_view(node.text).substr(0, 64);
  return node.quoted || text.empty() ? fmt::format("\"{}\"", text) : std::string(text);
}

template <typename Number>
bool ParseNumber(std::string_view text, Number& value) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number parsed{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  value = parsed;
  return true;
}

// The text of a number's error, or "" when `node` holds one in range.
std::string ReadNumber(const Node& node, const YamlRange& range, double& value) {
  double parsed = 0;
  const bool number = node.kind == Node::Kind::kScalar && !node.quoted && ParseNumber(node.text, parsed);
  if (!number || !std::isfinite(parsed)) return fmt::format("must be a number, is {}", Shown(node));
  if (!range.Contains(parsed)) return fmt::format("must be {}, is {}", range.ToString(), Shown(node));
  value = parsed;
  return "";
}

template <typename Integer>
std::string ReadInteger(const Node& node, const YamlRange& range, Integer& value) {
  Integer parsed = 0;
  const bool number = node.kind == Node::Kind::kScalar && !node.quoted && ParseNumber(node.text, parsed);
  if (!number) return fmt::format("must be a whole number, is {}", Shown(node));
  if (!range.Contains(static_cast<double>(parsed))) {
    return fmt::format("must be {}, is {}", range.ToString(), Shown(node));
  }
  value = parsed;
  return "";
}

std::string ReadText(const Node& node, std::string& value) {
  if (node.kind != Node::Kind::kScalar) return fmt::format("must be a text, is {}", Shown(node));
  value = node.text;
  return "";
}

bool ComesBefore(const Complaint& a, const Complaint& b) {
  return std::tie(a.missing, a.error.line, a.error.key) < std::tie(b.missing, b.error.line, b.error.key);
}

std::string Join(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

std::string List(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace

bool YamlRange::Contains(double value) const {
  return std::isfinite(value) && (!above || value > *above) && (!at_least || value >= *at_least) &&
         (!below || value < *below) && (!at_most || value <= *at_most);
}

std::string YamlRange::ToString() const {
  const bool lower = above || at_least;
  const bool upper = below || at_most;
  if (lower && upper) {
    return fmt::format("within {}{}, {}{}", above ? "(" : "[", above ? *above : *at_least, below ? *below : *at_most,
                       below ? ")" : "]");
  }
  if (above) return fmt::format("above {}", *above);
  if (at_least) return fmt::format("at least {}", *at_least);
  if (below) return fmt::format("below {}", *below);
  if (at_most) return fmt::format("at most {}", *at_most);
  return "finite";
}

bool YamlMap::Has(std::string_view key) const { return node_ != nullptr && node_->Get(key) != nullptr; }

int YamlMap::line() const { return node_ == nullptr ? 0 : node_->line; }

int YamlMap::LineOf(std::string_view key) const {
  if (node_ == nullptr) return 0;
  for (const auto& [name, line] : node_->keys) {
    if (name == key) return line;
  }
  return node_->line;
}

std::vector<std::string> YamlMap::Keys() const {
  std::vector<std::string> names;
  if (node_ == nullptr) return names;
  for (const auto& [name, line] : node_->keys) names.push_back(name);
  return names;
}

std::string YamlMap::PathOf(std::string_view key) const { return Join(path_, key); }

void YamlMap::FailAt(int line, std::string_view key, std::string message) {
  state_->complaints.push_back(
      {{ErrorCode::kInvalidArgument, std::move(message), state_->source, line, PathOf(key)}, false});
}

const Node* YamlMap::Find(std::string_view key) {
  if (node_ == nullptr) return nullptr;
  node_->known.emplace(key);
  return node_->Get(key);
}

const Node* YamlMap::FindList(std::string_view key) {
  const Node* node = Find(key);
  if (node == nullptr || node->kind == Node::Kind::kList) return node;
  FailAt(LineOf(key), key, fmt::format("must be a list, is {}", Shown(*node)));
  return nullptr;
}

namespace {

// Reads every item of a list with `read(item, value) -> error text`.
template <typename Value, typename ReadItem>
std::string ReadItems(const Node& list, std::vector<Value>& values, int& line, const ReadItem& read) {
  std::vector<Value> parsed;
  for (const auto& item : list.items) {
    Value value{};
    if (std::string message = read(*item, value); !message.empty()) {
      line = item->line;
      return fmt::format("item {} {}", parsed.size() + 1, message);
    }
    parsed.push_back(std::move(value));
  }
  values = std::move(parsed);
  return "";
}

}  // namespace

void YamlMap::Read(std::string_view key, double& value, const YamlRange& range) {
  const Node* node = Find(key);
  if (node == nullptr) return;
  if (auto message = ReadNumber(*node, range, value); !message.empty()) FailAt(LineOf(key), key, std::move(message));
}

void YamlMap::Read(std::string_view key, int& value, const YamlRange& range) {
  const Node* node = Find(key);
  if (node == nullptr) return;
  if (auto message = ReadInteger(*node, range, value); !message.empty()) FailAt(LineOf(key), key, std::move(message));
}

void YamlMap::Read(std::string_view key, std::int64_t& value, const YamlRange& range) {
  const Node* node = Find(key);
  if (node == nullptr) return;
  if (auto message = ReadInteger(*node, range, value); !message.empty()) FailAt(LineOf(key), key, std::move(message));
}

void YamlMap::Read(std::string_view key, std::uint64_t& value) {
  const Node* node = Find(key);
  if (node == nullptr) return;
  if (auto message = ReadInteger(*node, {}, value); !message.empty()) FailAt(LineOf(key), key, std::move(message));
}

void YamlMap::Read(std::string_view key, bool& value) {
  const Node* node = Find(key);
  if (node == nullptr) return;
  const bool plain = node->kind == Node::Kind::kScalar && !node->quoted;
  if (plain && (node->text == "true" || node->text == "false")) {
    value = node->text == "true";
  } else {
    FailAt(LineOf(key), key, fmt::format("must be true or false, is {}", Shown(*node)));
  }
}

void YamlMap::Read(std::string_view key, std::string& value) {
  const Node* node = Find(key);
  if (node == nullptr) return;
  if (auto message = ReadText(*node, value); !message.empty()) FailAt(LineOf(key), key, std::move(message));
}

void YamlMap::Read(std::string_view key, std::vector<std::string>& values) {
  const Node* list = FindList(key);
  if (list == nullptr) return;
  int line = 0;
  if (auto message = ReadItems(*list, values, line, ReadText); !message.empty()) FailAt(line, key, std::move(message));
}

void YamlMap::Read(std::string_view key, std::vector<double>& values, const YamlRange& range) {
  const Node* list = FindList(key);
  if (list == nullptr) return;
  int line = 0;
  auto message =
      ReadItems(*list, values, line, [&](const Node& item, double& value) { return ReadNumber(item, range, value); });
  if (!message.empty()) FailAt(line, key, std::move(message));
}

void YamlMap::Read(std::string_view key, std::vector<int>& values, const YamlRange& range) {
  const Node* list = FindList(key);
  if (list == nullptr) return;
  int line = 0;
  auto message =
      ReadItems(*list, values, line, [&](const Node& item, int& value) { return ReadInteger(item, range, value); });
  if (!message.empty()) FailAt(line, key, std::move(message));
}

void YamlMap::Read(std::string_view key, std::map<std::string, double>& values) {
  YamlMap map = Map(key);
  if (!map.present()) return;
  std::map<std::string, double> parsed;
  for (const auto& name : map.Keys()) map.Read(name, parsed[name]);
  values = std::move(parsed);
}

void YamlMap::ReadChoice(std::string_view key, std::string& value, const std::vector<std::string>& choices) {
  const Node* node = Find(key);
  if (node == nullptr) return;
  if (node->kind == Node::Kind::kScalar && std::find(choices.begin(), choices.end(), node->text) != choices.end()) {
    value = node->text;
    return;
  }
  FailAt(LineOf(key), key,
         fmt::format("must be {}, is {}{}", List(choices), Shown(*node), DidYouMean(node->text, choices)));
}

YamlMap YamlMap::Map(std::string_view key) {
  const Node* node = Find(key);
  if (node != nullptr && node->kind != Node::Kind::kMap && node->kind != Node::Kind::kNull) {
    FailAt(LineOf(key), key, fmt::format("must be a map of keys, is {}", Shown(*node)));
    node = nullptr;
  }
  if (node != nullptr) state_->visited.emplace(node, PathOf(key));
  return {state_, node, PathOf(key)};
}

std::vector<YamlMap> YamlMap::Maps(std::string_view key) {
  std::vector<YamlMap> maps;
  const Node* list = FindList(key);
  if (list == nullptr) return maps;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    const Node& item = *list->items[i];
    const std::string name = fmt::format("{}[{}]", key, i);
    if (item.kind == Node::Kind::kMap) {
      state_->visited.emplace(&item, PathOf(name));
      maps.push_back({state_, &item, PathOf(name)});
    } else {
      FailAt(item.line, name, fmt::format("must be a map of keys, is {}", Shown(item)));
    }
  }
  return maps;
}

void YamlMap::Require(std::string_view key) {
  if (Find(key) != nullptr) return;
  state_->complaints.push_back(
      {{ErrorCode::kInvalidArgument, "is required", state_->source, line(), PathOf(key)}, true});
}

void YamlMap::Fail(std::string_view key, std::string message) { FailAt(LineOf(key), key, std::move(message)); }

Result<YamlDocument> YamlDocument::Parse(std::string_view text, std::string source) {
  if (text.size() > kMaxBytes) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("must be at most {} bytes, is {}", kMaxBytes, text.size()),
                 std::move(source), 0, ""};
  }
  auto state = std::make_shared<State>();
  state->source = std::move(source);
  HONE_RETURN_IF_ERROR(BuildTree(std::string(text), *state));
  if (state->root.kind == Node::Kind::kScalar || state->root.kind == Node::Kind::kList) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("must be a map of keys, is {}", Shown(state->root)),
                 state->source, state->root.line, ""};
  }
  return YamlDocument(std::move(state));
}

Result<YamlDocument> YamlDocument::Load(const std::filesystem::path& path) {
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxBytes));
  return Parse(text, path.string());
}

YamlMap YamlDocument::root() const {
  state_->visited.emplace(&state_->root, "");
  return {state_, &state_->root, ""};
}

const std::string& YamlDocument::source() const { return state_->source; }

Status YamlDocument::Finish() const {
  std::vector<Complaint> complaints = state_->complaints;
  for (const auto& [node, path] : state_->visited) {
    const std::vector<std::string> known(node->known.begin(), node->known.end());
    for (const auto& [key, line] : node->keys) {
      if (node->known.contains(key)) continue;
      complaints.push_back(
          {{ErrorCode::kInvalidArgument, "unknown key" + DidYouMean(key, known), state_->source, line, Join(path, key)},
           false});
    }
  }
  const auto first = std::min_element(complaints.begin(), complaints.end(), ComesBefore);
  if (first == complaints.end()) return OkStatus();
  return first->error;
}

}  // namespace hone
