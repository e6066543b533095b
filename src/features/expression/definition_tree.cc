#include "features/expression/definition_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace hone {
namespace {

SyntaxNode Number(double value, const TextPlace& place) { return {SyntaxKind::kNumber, "", value, {}, place}; }

SyntaxNode Call(std::string_view function, std::vector<SyntaxNode> arguments) {
  const TextPlace place = arguments.front().place;
  int depth = 1;
  for (const SyntaxNode& argument : arguments) depth = std::max(depth, argument.depth + 1);
  return {SyntaxKind::kCall, std::string(function), 0, std::move(arguments), place, depth};
}

SyntaxNode Windowed(std::string_view function, SyntaxNode tree, int window) {
  const TextPlace place = tree.place;
  std::vector<SyntaxNode> arguments{std::move(tree)};
  arguments.push_back(Number(window, place));
  return Call(function, std::move(arguments));
}

// 1, 0 or missing; the checker wants a condition there.
SyntaxNode AsNumber(SyntaxNode condition) {
  const TextPlace place = condition.place;
  return Call("if", {std::move(condition), Number(1, place), Number(0, place)});
}

SyntaxNode Aggregated(SyntaxNode tree, const UserDefinition& definition) {
  if (definition.aggregation == "last") return tree;
  return Windowed("rolling_" + definition.aggregation, std::move(tree), definition.window);
}

SyntaxNode Normalised(SyntaxNode tree, const UserDefinition& definition) {
  if (definition.normalise == "none") return tree;
  const int window = definition.normalise_window;
  if (definition.normalise == "zscore") return Windowed("zscore", std::move(tree), window);
  const SyntaxNode low = Windowed("rolling_min", tree, window), high = Windowed("rolling_max", tree, window);
  return Call("/", {Call("-", {std::move(tree), low}), Call("-", {high, low})});
}

SyntaxNode Filled(SyntaxNode tree, const std::string& fill) {
  if (fill == "none") return tree;
  const TextPlace place = tree.place;
  if (fill == "zero") return Call("coalesce", {std::move(tree), Number(0, place)});
  return Call(fill == "mean" ? "fill_mean" : "fill_forward", {std::move(tree)});
}

}  // namespace

SyntaxNode ComputedTree(SyntaxNode tree, const UserDefinition& definition) {
  if (definition.kind == "binary") tree = AsNumber(std::move(tree));
  return Filled(Normalised(Aggregated(std::move(tree), definition), definition), definition.fill);
}

SyntaxNode EmbeddingTree(const UserDefinition& definition) {
  SyntaxNode tree{SyntaxKind::kCall, "embedding", 0, {}, {}};
  for (const std::string& name : definition.dependencies) {
    tree.children.push_back({SyntaxKind::kName, name, 0, {}, {}});
  }
  return tree;
}

void CollectNames(const SyntaxNode& tree, std::set<std::string, std::less<>>& names) {
  if (tree.kind == SyntaxKind::kName) names.insert(tree.name);
  for (const SyntaxNode& child : tree.children) CollectNames(child, names);
}

std::string PinnedName(std::string_view name, int version) { return fmt::format("{}@{}", name, version); }

void PinNames(SyntaxNode& tree, const std::map<std::string, int, std::less<>>& versions) {
  if (tree.kind == SyntaxKind::kName) {
    const auto found = versions.find(tree.name);
    if (found != versions.end()) tree.name = PinnedName(found->first, found->second);
  }
  for (SyntaxNode& child : tree.children) PinNames(child, versions);
}

}  // namespace hone
