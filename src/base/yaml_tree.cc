#include "base/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>

namespace hone::yaml_internal {
namespace {

constexpr std::size_t kMaxDepth = 32;
constexpr int kMaxNodes = 100'000;
constexpr std::size_t kMaxText = 1 << 16;

// Leaves yaml-cpp's parser from inside a callback; caught in Parse.
struct Refused {
  Error error;
};

// Builds our own tree from parse events: so limits hold while parsing, duplicates are seen and lines are kept.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(State& state) : state_(state) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (started_) Refuse(mark, "must be one document, a second one starts here");
    started_ = true;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { Add(mark, anchor, Node::Kind::kNull); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { Refuse(mark, "aliases (*name) are not supported"); }
  void OnAnchor(const YAML::Mark& mark, const std::string&) override {
    Refuse(mark, "anchors (&name) are not supported");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (tag != "?" && tag != "!" && !tag.empty()) Refuse(mark, fmt::format("tags ({}) are not supported", tag));
    if (value.size() > kMaxText) Refuse(mark, fmt::format("a text must be at most {} bytes", kMaxText));
    if (TakesKey()) return AddKey(mark, value);
    Node& node = Add(mark, anchor, Node::Kind::kScalar);
    node.text = value;
    node.quoted = tag == "!";
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, Node::Kind::kList);
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, Node::Kind::kMap);
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  [[noreturn]] void Refuse(const YAML::Mark& mark, std::string message) const {
    throw Refused{{ErrorCode::kInvalidArgument, std::move(message), state_.source, mark.line + 1, ""}};
  }

  bool TakesKey() const {
    return !open_.empty() && open_.back()->kind == Node::Kind::kMap &&
           open_.back()->keys.size() == open_.back()->items.size();
  }

  void AddKey(const YAML::Mark& mark, const std::string& key) {
    Node& map = *open_.back();
    if (!keys_[open_.size() - 1].insert(key).second) {
      Refuse(mark, fmt::format("the key {} is given twice, keep one", key));
    }
    map.keys.emplace_back(key, mark.line + 1);
  }

  Node& Add(const YAML::Mark& mark, YAML::anchor_t anchor, Node::Kind kind) {
    if (anchor != 0) Refuse(mark, "anchors (&name) are not supported");
    if (TakesKey()) Refuse(mark, "a key must be a plain text");
    if (++nodes_ > kMaxNodes) Refuse(mark, fmt::format("must hold at most {} values", kMaxNodes));
    Node* node = &state_.root;
    if (!open_.empty()) node = open_.back()->items.emplace_back(std::make_unique<Node>()).get();
    node->kind = kind;
    node->line = mark.line + 1;
    return *node;
  }

  void Open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    if (tag != "?" && !tag.empty()) Refuse(mark, fmt::format("tags ({}) are not supported", tag));
    if (open_.size() >= kMaxDepth) Refuse(mark, fmt::format("must be nested at most {} deep", kMaxDepth));
    Node& node = Add(mark, anchor, kind);
    open_.push_back(&node);
    keys_.resize(std::max(keys_.size(), open_.size()));
    keys_[open_.size() - 1].clear();
  }

  State& state_;
  std::vector<Node*> open_;
  std::vector<std::set<std::string>> keys_;  // keys seen, one set per open depth
  int nodes_ = 0;
  bool started_ = false;
};

}  // namespace

Status BuildTree(const std::string& text, State& state) {
  try {
    // yaml-cpp closes an open quote at the end of the text; an explicit end of document makes it an error.
    std::istringstream stream(text + "\n...\n");
    YAML::Parser parser(stream);
    TreeBuilder builder(state);
    while (parser.HandleNextDocument(builder)) {
    }
    return OkStatus();
  } catch (Refused& refused) {
    return std::move(refused.error);
  } catch (const YAML::Exception& error) {
    return Error{ErrorCode::kInvalidArgument, "not YAML: " + error.msg, state.source, error.mark.line + 1, ""};
  } catch (const std::exception& error) {
    return Error{ErrorCode::kInvalidArgument, std::string("not YAML: ") + error.what(), state.source, 0, ""};
  }
}

}  // namespace hone::yaml_internal
