#include "features/feature_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/control_characters.h"
#include "features/expression/limits.h"
#include "features/expression/parser.h"

namespace hone {
namespace {

Error NameError(const std::string& name, std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message), "", 0, name.substr(0, 80)};
}

Status CheckNames(const std::vector<std::string>& names) {
  if (names.empty()) return NameError("features", "a model needs at least one");
  if (names.size() > kMostExpressions) {
    return NameError("features", fmt::format("{} features; at most {}", names.size(), kMostExpressions));
  }
  std::set<std::string_view> seen;
  for (const std::string& name : names) {
    if (!seen.insert(name).second) return NameError(name, "the feature is listed twice");
    if (HasControl(name)) return NameError("features", "an expression is one line without control characters");
  }
  return OkStatus();
}

Error InFeature(Error error, const std::string& feature) {
  constexpr std::size_t kShown = 60;
  if (error.key.empty()) error.key = feature.size() <= kShown ? feature : feature.substr(0, kShown) + "...";
  return error;
}

// "name@version" is no expression. An unknown word alone is a misspelt name of a feature.
Result<CheckedExpression> CheckFeature(const std::string& text, const NamedExpressions& named, ExpressionGraph& graph) {
  const auto pinned = text.find('@') == std::string::npos ? named.end() : named.find(text);
  if (pinned != named.end()) return pinned->second;
  HONE_ASSIGN_OR_RETURN(const SyntaxNode tree, ParseExpression(text));
  Result<CheckedExpression> checked = CheckExpression(tree, named, graph);
  if (!checked.ok() && tree.kind == SyntaxKind::kName && !IsTakenName(tree.name)) {
    if (auto found = FindFeature(text); !found.ok()) return std::move(found).error();
  }
  return checked;
}

}  // namespace

Result<FeatureSet> FeatureSet::Make(const std::vector<std::string>& features, SeriesTraits traits,
                                    const UserDefinitions& definitions) {
  HONE_RETURN_IF_ERROR(CheckNames(features));
  ExpressionGraph graph(traits);
  HONE_ASSIGN_OR_RETURN(const NamedExpressions named, definitions.AddTo(graph));
  FeatureSet set;
  std::vector<Slot> roots;
  for (const std::string& feature : features) {
    auto checked_feature = CheckFeature(feature, named, graph);
    if (!checked_feature.ok()) return InFeature(std::move(checked_feature).error(), feature);
    const CheckedExpression checked = *checked_feature;
    roots.push_back(checked.slot);
    set.hashes_.push_back(graph.HashOf(checked.slot));
    set.warmups_.push_back(static_cast<int>(graph.NodeOf(checked.slot).warmup));
    set.warmup_ = std::max(set.warmup_, set.warmups_.back());
  }
  set.names_ = features;
  set.evaluator_ = Evaluator(graph, roots);
  return set;
}

bool FeatureSet::Update(const Bar& bar, std::span<double> out) {
  evaluator_.Update(bar);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = evaluator_.value(i);
  if (seen_ < warmup_) ++seen_;
  return seen_ >= warmup_;
}

}  // namespace hone
