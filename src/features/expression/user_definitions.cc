#include "features/expression/user_definitions.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <tuple>
#include <utility>

#include "base/control_characters.h"
#include "base/yaml.h"
#include "features/expression/definition_tree.h"
#include "features/expression/parser.h"

namespace hone {

// A definition as it was read, with its place for later complaints.
struct UserDefinitions::Entry {
  YamlMap map;
  UserDefinition definition;
};

namespace {

bool IsWord(std::string_view name) { return name == "and" || name == "or" || name == "not"; }

bool IsTag(std::string_view tag) { return !tag.empty() && !HasControl(tag); }

std::vector<std::string> Choices(std::span<const std::string_view> names) { return {names.begin(), names.end()}; }

void ReadName(YamlMap& map, std::string& name) {
  map.Require("name");
  map.Read("name", name);
  if (!map.Has("name")) return;
  if (!IsFeatureName(name)) {
    map.Fail("name", "must be 1 to 64 of a-z, 0-9 and _, not beginning with a digit");
  } else if (IsWord(name) || IsTakenName(name)) {
    map.Fail("name", name + " is a word of the language or a feature of the catalogue");
  }
}

void ReadFill(YamlMap& map, std::string& fill) {
  map.ReadChoice("fill", fill, Choices(kFeatureFills));
  if (fill != "backward") return;
  map.Fail("fill",
           "backward puts a later value into an earlier bar, which no live row can know; use forward, mean or zero");
}

void ReadWindows(YamlMap& map, UserDefinition& definition) {
  map.ReadChoice("aggregation", definition.aggregation, Choices(kFeatureAggregations));
  map.Read("window", definition.window, {.at_least = 1, .at_most = kLongestFeatureWindow});
  map.ReadChoice("normalise", definition.normalise, Choices(kFeatureScales));
  map.Read("normalise_window", definition.normalise_window, {.at_least = 2, .at_most = kLongestFeatureWindow});
  if (definition.aggregation != "last") map.Require("window");
  if (definition.normalise != "none") map.Require("normalise_window");
  if (map.Has("window") && !map.Has("aggregation")) {
    map.Fail("window", "of what? aggregation must be mean, sum, min, max, std or last");
  }
  if (map.Has("normalise_window") && definition.normalise == "none") {
    map.Fail("normalise_window", "of what? normalise must be zscore or min_max");
  }
  if (definition.kind != "binary") return;
  if (definition.normalise != "none") map.Fail("normalise", "a binary feature is 1 or 0");
  if (definition.aggregation == "mean" || definition.aggregation == "sum" || definition.aggregation == "std") {
    map.Fail("aggregation", "of a binary feature must be min, max or last, else it is numeric");
  }
}

void ReadEmbedding(YamlMap& map, const UserDefinition& definition) {
  map.Require("dependencies");
  if (map.Has("dependencies") && definition.dependencies.empty()) {
    map.Fail("dependencies", "an embedding is a vector of at least one feature");
  }
  for (const char* key : {"expression", "aggregation", "window", "normalise", "normalise_window", "fill"}) {
    if (map.Has(key)) map.Fail(key, "an embedding is the vector of its dependencies and has no values of its own");
  }
}

UserDefinition ReadDefinition(YamlMap& map, const std::string& source) {
  UserDefinition definition;
  ReadName(map, definition.name);
  map.Read("version", definition.version, {.at_least = 1, .at_most = std::numeric_limits<int>::max()});
  map.Read("description", definition.description);
  map.ReadChoice("kind", definition.kind, Choices(kFeatureKinds));
  map.Read("dependencies", definition.dependencies);
  map.Read("expression", definition.expression);
  ReadWindows(map, definition);
  ReadFill(map, definition.fill);
  map.Read("tags", definition.tags);
  if (!std::all_of(definition.tags.begin(), definition.tags.end(), IsTag)) {
    map.Fail("tags", "a tag is a line that is not empty, without control characters");
  }
  map.Read("deprecated", definition.deprecated);
  if (definition.embedding()) {
    ReadEmbedding(map, definition);
  } else {
    map.Require("expression");
  }
  definition.where = fmt::format("{}:{}", source, map.line());
  return definition;
}

Result<SyntaxNode> TreeOf(const UserDefinition& definition) {
  if (definition.embedding()) return EmbeddingTree(definition);
  HONE_ASSIGN_OR_RETURN(SyntaxNode tree, ParseExpression(definition.expression));
  return ComputedTree(std::move(tree), definition);
}

using Names = std::set<std::string, std::less<>>;

Names NamesOf(const SyntaxNode& tree) {
  Names names;
  CollectNames(tree, names);
  return names;
}

// What is stated is what is used.
void CheckDependencies(YamlMap& map, const UserDefinition& definition) {
  if (definition.embedding() || !map.Has("dependencies")) return;
  const Names used = NamesOf(definition.tree);
  const Names stated(definition.dependencies.begin(), definition.dependencies.end());
  for (const std::string& name : used) {
    if (!stated.contains(name)) map.Fail("dependencies", fmt::format("leave out {}, which the expression uses", name));
  }
  for (const std::string& name : stated) {
    if (!used.contains(name)) map.Fail("dependencies", fmt::format("name {}, which the expression does not use", name));
  }
}

// Definitions before those that use them, by depth-first search.
template <typename Entry>
class DependencyOrder {
 public:
  explicit DependencyOrder(std::vector<Entry>& entries) : entries_(entries), state_(entries.size()) {
    for (std::size_t i = 0; i < entries.size(); ++i) places_.emplace(entries[i].definition.name, i);
    uses_.resize(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
      for (const std::string& name : NamesOf(entries[i].definition.tree)) {
        if (const auto found = places_.find(name); found != places_.end()) uses_[i].insert(found->second);
      }
    }
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

  void ReportCircle(std::size_t i) {
    std::string circle;
    for (auto at = std::find(path_.begin(), path_.end(), i); at != path_.end(); ++at) {
      circle += entries_[*at].definition.name + " -> ";
    }
    const char* key = entries_[i].definition.embedding() ? "dependencies" : "expression";
    entries_[i].map.Fail(key, "is made of itself: " + circle + entries_[i].definition.name);
  }

  std::vector<Entry>& entries_;
  std::vector<State> state_;
  std::map<std::string_view, std::size_t> places_;
  std::vector<std::set<std::size_t>> uses_;
  std::vector<std::size_t> path_, order_;
};

bool Same(const UserDefinition& a, const UserDefinition& b) {
  const auto figures = [](const UserDefinition& d) {
    return std::tie(d.version, d.kind, d.expression, d.aggregation, d.window, d.normalise, d.normalise_window, d.fill);
  };
  return figures(a) == figures(b) && (!a.embedding() || a.dependencies == b.dependencies);
}

using LookUp = std::function<const UserDefinition*(const std::string&)>;

Error Fault(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message), "", 0, ""}; }

Status CheckEmbedding(const UserDefinition& definition, const LookUp& look_up) {
  for (const std::string& name : definition.dependencies) {
    const UserDefinition* component = look_up(name);
    if (component == nullptr) return Fault(fmt::format("there is no definition {}", name));
    if (component->embedding()) return Fault(name + " is an embedding itself; name its components");
  }
  return OkStatus();
}

Status CheckDefinition(const UserDefinition& definition, NamedExpressions& named, ExpressionGraph& graph,
                       const LookUp& look_up) {
  for (const std::string& name : NamesOf(definition.tree)) {
    const UserDefinition* used = look_up(name);
    if (used != nullptr && used->embedding()) return Fault(name + " is an embedding, not a number; name a component");
  }
  HONE_ASSIGN_OR_RETURN(const CheckedExpression checked, CheckExpression(definition.tree, named, graph));
  named[definition.name] = checked;
  if (definition.registered) named[PinnedName(definition.name, definition.version)] = checked;
  return OkStatus();
}

// Bare names of definitions become those of the versions they mean now.
void Pin(SyntaxNode& tree, const LookUp& look_up) {
  std::map<std::string, int, std::less<>> versions;
  for (const std::string& name : NamesOf(tree)) {
    if (const UserDefinition* used = look_up(name)) versions.emplace(name, used->version);
  }
  PinNames(tree, versions);
}

}  // namespace

bool IsFeatureName(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  const auto fits = [letter](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 64 && letter(name[0]) && std::all_of(name.begin(), name.end(), fits);
}

const UserDefinition* UserDefinitions::Find(std::string_view name) const {
  const auto found = places_.find(name);
  return found == places_.end() ? nullptr : &definitions_[found->second];
}

void UserDefinitions::Add(UserDefinition definition) {
  if (definition.registered) places_[PinnedName(definition.name, definition.version)] = definitions_.size();
  places_[definition.name] = definitions_.size();
  definitions_.push_back(std::move(definition));
}

Status UserDefinitions::Read(std::string_view yaml, const std::string& source) {
  return ReadEntries(yaml, source, nullptr);
}

Status UserDefinitions::ReadVersions(std::string_view yaml, const std::string& source,
                                     std::vector<UserDefinition>& restated) {
  return ReadEntries(yaml, source, &restated);
}

Status UserDefinitions::ReadEntries(std::string_view yaml, const std::string& source,
                                    std::vector<UserDefinition>* restated) {
  HONE_ASSIGN_OR_RETURN(const YamlDocument document, YamlDocument::Parse(yaml, source));
  YamlMap root = document.root();
  root.Require("features");
  std::vector<Entry> entries;
  std::map<std::string, std::size_t> in_file;
  for (YamlMap& map : root.Maps("features")) {
    Entry entry{map, ReadDefinition(map, source)};
    entry.definition.registered = restated != nullptr;
    if (IsKnown(entry)) {
      if (restated != nullptr) restated->push_back(std::move(entry.definition));
      continue;
    }
    const auto [place, first] = in_file.emplace(entry.definition.name, entries.size());
    if (first) {
      entries.push_back(std::move(entry));
    } else {
      Compare(entry, entries[place->second].definition);
    }
  }
  for (Entry& entry : entries) MakeTree(entry);
  const std::vector<std::size_t> order = DependencyOrder<Entry>(entries).Run();
  HONE_RETURN_IF_ERROR(document.Finish());
  HONE_RETURN_IF_ERROR(CheckMeaning(entries, order));
  HONE_RETURN_IF_ERROR(document.Finish());
  for (const std::size_t i : order) Add(std::move(entries[i].definition));
  return OkStatus();
}

void UserDefinitions::Compare(Entry& entry, const UserDefinition& other) {
  if (Same(other, entry.definition)) return;
  const char* why = other.version == entry.definition.version ? "its version must be raised with each change"
                                                              : "one version at a time";
  entry.map.Fail(
      "name", fmt::format("{} version {} is defined otherwise in {}; {}", other.name, other.version, other.where, why));
}

bool UserDefinitions::IsKnown(Entry& entry) const {
  const UserDefinition& own = entry.definition;
  const UserDefinition* known = Find(own.registered ? PinnedName(own.name, own.version) : own.name);
  if (known != nullptr) {
    Compare(entry, *known);
    return true;
  }
  const UserDefinition* newest = Find(own.name);
  if (newest != nullptr && newest->version > own.version) {
    entry.map.Fail("version",
                   fmt::format("{} is at version {} already; a new one must be above", own.name, newest->version));
  }
  return false;
}

void UserDefinitions::MakeTree(Entry& entry) {
  if (!entry.map.Has("expression") && !entry.definition.embedding()) return;
  Result<SyntaxNode> tree = TreeOf(entry.definition);
  if (!tree.ok()) return entry.map.Fail("expression", tree.error().ToString());
  entry.definition.tree = std::move(tree).value();
  CheckDependencies(entry.map, entry.definition);
}

Status UserDefinitions::CheckMeaning(std::vector<Entry>& entries, const std::vector<std::size_t>& order) const {
  ExpressionGraph graph(SeriesTraits{});
  HONE_ASSIGN_OR_RETURN(NamedExpressions named, AddTo(graph));
  std::map<std::string, const UserDefinition*, std::less<>> new_ones;
  for (const std::size_t i : order) {
    UserDefinition& definition = entries[i].definition;
    const auto look_up = [&](const std::string& name) {
      const auto found = new_ones.find(name);
      return found == new_ones.end() ? Find(name) : found->second;
    };
    const Status checked = definition.embedding() ? CheckEmbedding(definition, look_up)
                                                  : CheckDefinition(definition, named, graph, look_up);
    if (!checked.ok()) {
      entries[i].map.Fail(definition.embedding() ? "dependencies" : "expression", checked.error().ToString());
      return OkStatus();
    }
    new_ones.emplace(definition.name, &definition);
    if (definition.registered) Pin(definition.tree, look_up);
  }
  return OkStatus();
}

Status UserDefinitions::AddRegistered(UserDefinition definition, const std::map<std::string, int, std::less<>>& uses) {
  HONE_ASSIGN_OR_RETURN(definition.tree, TreeOf(definition));
  PinNames(definition.tree, uses);
  definition.registered = true;
  Add(std::move(definition));
  return OkStatus();
}

Result<NamedExpressions> UserDefinitions::AddTo(ExpressionGraph& graph) const {
  NamedExpressions named;
  for (const UserDefinition& definition : definitions_) {
    if (definition.embedding()) continue;
    auto checked = CheckExpression(definition.tree, named, graph);
    if (!checked.ok()) {
      Error error = std::move(checked).error();
      error.key = definition.name;
      return error;
    }
    named[definition.name] = *checked;
    if (definition.registered) named[PinnedName(definition.name, definition.version)] = *checked;
  }
  return named;
}

}  // namespace hone
