#include "features/store/feature_lineage.h"

#include <fmt/format.h>

#include <vector>

#include "features/expression/graph.h"

namespace hone {
namespace {

void AddParts(const ExpressionGraph& graph, Slot root, FeatureLineage& lineage) {
  std::set<std::size_t> seen;
  std::vector<Slot> open{root};
  while (!open.empty()) {
    const Slot slot = open.back();
    open.pop_back();
    if (!seen.insert(graph.IndexOf(slot)).second) continue;
    const GraphNode& node = graph.NodeOf(slot);
    const auto add = [&lineage](const auto* definition) {
      if (definition == nullptr) return;
      lineage.formulas.insert(fmt::format("{} version {}", definition->name, definition->version));
    };
    if (node.kind == NodeKind::kColumn) lineage.columns.emplace(kColumnNames[node.column]);
    add(node.indicator);
    add(node.feature);
    open.insert(open.end(), node.inputs.begin(), node.inputs.end());
  }
}

// Ids grow along uses, so one walk down and one up are enough.
void AddRelatives(const RegisteredFeatures& registered, const RegisteredFeature& feature, FeatureLineage& lineage) {
  lineage.made_of.insert(feature.uses.begin(), feature.uses.end());
  for (std::int64_t id = feature.id - 1; id >= 1; --id) {
    if (!lineage.made_of.contains(id)) continue;
    const RegisteredFeature& used = registered.Of(id);
    lineage.made_of.insert(used.uses.begin(), used.uses.end());
  }
  for (const RegisteredFeature& other : registered.all()) {
    for (const std::int64_t used : other.uses) {
      if (used == feature.id || lineage.used_by.contains(used)) lineage.used_by.insert(other.id);
    }
  }
}

}  // namespace

Result<FeatureLineage> LineageOf(const RegisteredFeatures& registered, const RegisteredFeature& feature) {
  FeatureLineage lineage;
  HONE_ASSIGN_OR_RETURN(const auto scalars, registered.Scalars({feature.key()}));
  ExpressionGraph graph(SeriesTraits{});
  HONE_ASSIGN_OR_RETURN(const NamedExpressions named, registered.definitions().AddTo(graph));
  for (const RegisteredFeature* scalar : scalars) {
    lineage.definitions.insert(scalar->hash);
    AddParts(graph, named.find(scalar->key())->second.slot, lineage);
  }
  AddRelatives(registered, feature, lineage);
  return lineage;
}

}  // namespace hone
