#include "features/store/pinned_features.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <set>
#include <utility>

#include "features/expression/definition_tree.h"
#include "features/expression/graph.h"
#include "features/expression/parser.h"

namespace hone {
namespace {

struct NameAndVersion {
  std::string_view name;
  int version = 0;
};

std::optional<NameAndVersion> Split(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || !IsFeatureName(text.substr(0, at))) return std::nullopt;
  const std::string_view digits = text.substr(at + 1);
  NameAndVersion split{text.substr(0, at), 0};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), split.version);
  if (error != std::errc() || end != digits.data() + digits.size() || split.version < 1) return std::nullopt;
  if (PinnedName(split.name, split.version) != text) return std::nullopt;  // one spelling: no 01
  return split;
}

Error Wrong(ErrorCode code, const std::string& key, std::string message) {
  return {code, std::move(message), "", 0, key.substr(0, 80)};
}

// What the expression computes where bars have everything.
Result<std::string> HashOf(const std::string& expression) {
  HONE_ASSIGN_OR_RETURN(const SyntaxNode tree, ParseExpression(expression));
  ExpressionGraph graph(SeriesTraits{});
  HONE_ASSIGN_OR_RETURN(const CheckedExpression checked, CheckExpression(tree, {}, graph));
  return graph.HashOf(checked.slot);
}

}  // namespace

bool IsPinnedName(std::string_view text) { return Split(text).has_value(); }

Status PinnedFeatures::Add(PinnedFeature feature) {
  const std::optional<NameAndVersion> split = Split(feature.key);
  if (!split) return Wrong(ErrorCode::kInvalidArgument, feature.key, "must be name@version, such as trend@2");
  if (Find(feature.key) != nullptr) return Wrong(ErrorCode::kInvalidArgument, feature.key, "is given twice");
  const Result<std::string> hash = HashOf(feature.expression);
  if (!hash.ok()) return Wrong(ErrorCode::kInvalidArgument, feature.key, hash.error().ToString());
  if (*hash != feature.hash) {
    return Wrong(ErrorCode::kConflict, feature.key,
                 "is not what it was when it was kept: its text was changed, or a formula it uses is another one in "
                 "this release; register it under a new version and train a model of another name");
  }
  UserDefinition definition;
  definition.name = split->name;
  definition.version = split->version;
  definition.expression = feature.expression;
  HONE_RETURN_IF_ERROR(definitions_.AddRegistered(std::move(definition), {}));
  features_.push_back(std::move(feature));
  return OkStatus();
}

const PinnedFeature* PinnedFeatures::Find(std::string_view name) const {
  const UserDefinition* found = definitions_.Find(name);
  return found == nullptr ? nullptr : &features_[static_cast<std::size_t>(found - definitions_.definitions().data())];
}

std::vector<std::string> PinnedFeatures::UsedBy(const std::string& column) const {
  if (const PinnedFeature* own = IsPinnedName(column) ? Find(column) : nullptr) return {own->key};
  const Result<SyntaxNode> tree = ParseExpression(column);
  std::set<std::string, std::less<>> names;
  std::set<std::string> keys;
  if (tree.ok()) CollectNames(*tree, names);
  for (const std::string& name : names) {
    if (const PinnedFeature* used = IsTakenName(name) ? nullptr : Find(name)) keys.insert(used->key);
  }
  return {keys.begin(), keys.end()};
}

}  // namespace hone
