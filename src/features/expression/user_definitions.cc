#include "features/expression/user_definitions.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "base/yaml.h"
#include "features/expression/parser.h"

namespace hone {
namespace {

bool IsIdentifier(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  const auto fits = [letter](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 64 && letter(name[0]) && std::all_of(name.begin(), name.end(), fits);
}

bool IsWord(std::string_view name) { return name == "and" || name == "or" || name == "not"; }

// The expression as it is computed: the missing filled in as asked.
SyntaxNode WithFill(SyntaxNode tree, const std::string& fill) {
  if (fill == "none") return tree;
  const TextPlace place = tree.place;
  const int depth = tree.depth + 1;
  std::vector<SyntaxNode> arguments{std::move(tree)};
  if (fill == "zero") arguments.push_back({SyntaxKind::kNumber, "", 0, {}, place});
  const char* function = fill == "zero" ? "coalesce" : fill == "mean" ? "fill_mean" : "fill_forward";
  return {SyntaxKind::kCall, function, 0, std::move(arguments), place, depth};
}

// A definition as it was read, with its place for later complaints.
struct Entry {
  YamlMap map;
  UserDefinition definition;
};

void ReadName(YamlMap& map, std::string& name) {
  map.Require("name");
  map.Read("name", name);
  if (!map.Has("name")) return;
  if (!IsIdentifier(name)) {
    map.Fail("name", "must be 1 to 64 of a-z, 0-9 and _, not beginning with a digit");
  } else if (IsWord(name) || IsTakenName(name)) {
    map.Fail("name", name + " is a word of the language or a feature of the catalogue");
  }
}

void ReadFill(YamlMap& map, std::string& fill) {
  map.ReadChoice("fill", fill, {"none", "zero", "mean", "forward", "backward"});
  if (fill != "backward") return;
  map.Fail("fill",
           "backward puts a later value into an earlier bar, which no live row can know; use forward, mean or zero");
}

UserDefinition ReadDefinition(YamlMap& map, const std::string& source) {
  UserDefinition definition;
  ReadName(map, definition.name);
  map.Read("version", definition.version, {.at_least = 1, .at_most = std::numeric_limits<int>::max()});
  map.Read("description", definition.description);
  map.Require("expression");
  map.Read("expression", definition.expression);
  map.Read("tags", definition.tags);
  ReadFill(map, definition.fill);
  definition.where = fmt::format("{}:{}", source, map.line());
  return definition;
}

void ParseEntry(Entry& entry) {
  if (!entry.map.Has("expression")) return;
  Result<SyntaxNode> tree = ParseExpression(entry.definition.expression);
  if (!tree.ok()) return entry.map.Fail("expression", tree.error().ToString());
  entry.definition.tree = WithFill(std::move(tree).value(), entry.definition.fill);
}

// Definitions before those that use them, by depth-first search.
class DependencyOrder {
 public:
  explicit DependencyOrder(std::vector<Entry>& entries) : entries_(entries), state_(entries.size()) {
    for (std::size_t i = 0; i < entries.size(); ++i) places_.emplace(entries[i].definition.name, i);
    uses_.resize(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) CollectUses(entries[i].definition.tree, uses_[i]);
  }

  std::vector<std::size_t> Run() {
    for (std::size_t i = 0; i < entries_.size(); ++i) Visit(i);
    return std::move(order_);
  }

 private:
  enum class State { kNew, kOpen, kDone };

  void Visit(std::size_t i) {
    if (state_[i] == State::kDone) return;
    if (state_[i] == State::kOpen) return ReportCircle(i);
    state_[i] = State::kOpen;
    path_.push_back(i);
    for (const std::size_t used : uses_[i]) Visit(used);
    path_.pop_back();
    state_[i] = State::kDone;
    order_.push_back(i);
  }

  void CollectUses(const SyntaxNode& node, std::set<std::size_t>& uses) const {
    const auto found = node.kind == SyntaxKind::kName ? places_.find(node.name) : places_.end();
    if (found != places_.end()) uses.insert(found->second);
    for (const SyntaxNode& child : node.children) CollectUses(child, uses);
  }

  void ReportCircle(std::size_t i) {
    std::string circle;
    for (auto at = std::find(path_.begin(), path_.end(), i); at != path_.end(); ++at) {
      circle += entries_[*at].definition.name + " -> ";
    }
    entries_[i].map.Fail("expression", "is made of itself: " + circle + entries_[i].definition.name);
  }

  std::vector<Entry>& entries_;
  std::vector<State> state_;
  std::map<std::string_view, std::size_t> places_;
  std::vector<std::set<std::size_t>> uses_;
  std::vector<std::size_t> path_, order_;
};

bool Same(const UserDefinition& a, const UserDefinition& b) {
  return a.version == b.version && a.expression == b.expression && a.fill == b.fill;
}

// True where the name stands in `known` already; a different definition is complained about.
bool IsKnown(Entry& entry, const std::vector<UserDefinition>& known) {
  const UserDefinition& own = entry.definition;
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const auto& other) { return other.name == own.name; });
  if (found == known.end()) return false;
  if (!Same(*found, own)) {
    const char* why =
        found->version == own.version ? "its version must be raised with each change" : "one version at a time";
    entry.map.Fail("name", fmt::format("{} version {} is defined otherwise in {}; {}", own.name, found->version,
                                       found->where, why));
  }
  return true;
}

}  // namespace

Status UserDefinitions::Read(std::string_view yaml, const std::string& source) {
  HONE_ASSIGN_OR_RETURN(const YamlDocument document, YamlDocument::Parse(yaml, source));
  YamlMap root = document.root();
  root.Require("features");
  std::vector<Entry> entries;
  std::vector<UserDefinition> seen = definitions_;
  for (YamlMap& map : root.Maps("features")) {
    Entry entry{map, ReadDefinition(map, source)};
    if (IsKnown(entry, seen)) continue;
    ParseEntry(entry);
    seen.push_back(entry.definition);
    entries.push_back(std::move(entry));
  }
  const std::vector<std::size_t> order = DependencyOrder(entries).Run();
  HONE_RETURN_IF_ERROR(document.Finish());

  ExpressionGraph graph(SeriesTraits{});
  HONE_ASSIGN_OR_RETURN(NamedExpressions named, AddTo(graph));
  for (const std::size_t i : order) {
    const auto checked = CheckExpression(entries[i].definition.tree, named, graph);
    if (!checked.ok()) {
      entries[i].map.Fail("expression", checked.error().ToString());
      return document.Finish();
    }
    named[entries[i].definition.name] = *checked;
  }
  for (const std::size_t i : order) definitions_.push_back(std::move(entries[i].definition));
  return OkStatus();
}

Result<NamedExpressions> UserDefinitions::AddTo(ExpressionGraph& graph) const {
  NamedExpressions named;
  for (const UserDefinition& definition : definitions_) {
    auto checked = CheckExpression(definition.tree, named, graph);
    if (!checked.ok()) {
      Error error = std::move(checked).error();
      error.key = definition.name;
      return error;
    }
    named[definition.name] = *checked;
  }
  return named;
}

}  // namespace hone
