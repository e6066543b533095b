#include "features/store/feature_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/edit_distance.h"
#include "features/catalogue.h"
#include "features/expression/canonical_text.h"
#include "features/expression/definition_tree.h"
#include "features/expression/limits.h"
#include "features/expression/parser.h"

namespace hone {
namespace {

Error Refused(ErrorCode code, const std::string& name, std::string message) {
  return {code, std::move(message), "", 0, name.substr(0, 80)};
}

bool Holds(const std::vector<PinnedFeature>& features, const std::string& key) {
  return std::ranges::find(features, key, &PinnedFeature::key) != features.end();
}

}  // namespace

Result<std::vector<std::string>> FeatureNames::Columns(const std::string& text) {
  if (IsPinnedName(text)) return ColumnsOfKey(text);
  if (IsFeatureName(text)) return ColumnsOfName(text);
  HONE_RETURN_IF_ERROR(UseNamesOf(text));
  return std::vector<std::string>{text};
}

Result<std::vector<std::string>> FeatureNames::ColumnsOfKey(const std::string& key) {
  if (const PinnedFeature* kept = kept_.Find(key)) {
    HONE_RETURN_IF_ERROR(Keep(*kept, false));
    return std::vector<std::string>{key};
  }
  if (registered_ == nullptr) return Unknown(key);
  const auto found = registered_->Find(key);
  if (!found.ok()) return Unknown(key);
  return ColumnsOf(**found, false);
}

Result<std::vector<std::string>> FeatureNames::ColumnsOfName(const std::string& name) {
  if (IsTakenName(name)) {
    HONE_RETURN_IF_ERROR(CheckOneMeaning(name));
    return std::vector<std::string>{name};
  }
  if (const PinnedFeature* kept = kept_.Find(name)) {
    HONE_RETURN_IF_ERROR(Keep(*kept, true));
    return std::vector<std::string>{kept->key};
  }
  if (registered_ == nullptr) return std::vector<std::string>{name};  // FeatureSet tells the nearest of the catalogue
  HONE_ASSIGN_OR_RETURN(const RegisteredFeature* newest, Newest(name));
  return ColumnsOf(*newest, true);
}

// An expression that is none is told by FeatureSet, with its place.
Status FeatureNames::UseNamesOf(const std::string& expression) {
  const Result<SyntaxNode> tree = ParseExpression(expression);
  std::set<std::string, std::less<>> names;
  if (tree.ok()) CollectNames(*tree, names);
  for (const std::string& name : names) {
    HONE_RETURN_IF_ERROR(CheckOneMeaning(name));
    const bool known = kept_.Find(name) != nullptr || !VersionsOf(name).empty();
    if (IsTakenName(name) || !known) continue;
    HONE_ASSIGN_OR_RETURN(const std::vector<std::string> columns, ColumnsOfName(name));
    if (columns.size() == 1 && columns[0].starts_with(name + "@")) continue;
    return Refused(ErrorCode::kInvalidArgument, expression,
                   name + " is an embedding, not a number; name one of its components");
  }
  return OkStatus();
}

Result<std::vector<std::string>> FeatureNames::ColumnsOf(const RegisteredFeature& feature, bool bare) {
  std::vector<std::string> columns;
  HONE_ASSIGN_OR_RETURN(const auto scalars, registered_->Scalars({feature.key()}));
  for (const RegisteredFeature* scalar : scalars) {
    columns.push_back(scalar->key());
    if (const PinnedFeature* kept = kept_.Find(scalar->key())) {
      HONE_RETURN_IF_ERROR(Keep(*kept, false));
      continue;
    }
    HONE_ASSIGN_OR_RETURN(const PinnedFeature pinned, Pin(*scalar));
    HONE_RETURN_IF_ERROR(Keep(pinned, bare && scalar == &feature));
  }
  return columns;
}

std::vector<const RegisteredFeature*> FeatureNames::VersionsOf(std::string_view name) const {
  std::vector<const RegisteredFeature*> versions;
  if (registered_ == nullptr || registered_->definitions().Find(name) == nullptr) return versions;
  for (const RegisteredFeature& feature : registered_->all()) {
    if (feature.definition.name == name) versions.push_back(&feature);
  }
  return versions;
}

Result<const RegisteredFeature*> FeatureNames::Newest(const std::string& name) const {
  const auto versions = VersionsOf(name);
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    if (!(*version)->definition.deprecated) return *version;
  }
  if (versions.empty()) return Unknown(name);
  return Refused(
      ErrorCode::kInvalidArgument, name,
      fmt::format("every version of it is deprecated; to use one all the same, name it: {}", versions.back()->key()));
}

Status FeatureNames::CheckOneMeaning(const std::string& name) {
  if (!IsTakenName(name)) return OkStatus();
  own_.insert(name);
  const auto versions = VersionsOf(name);
  const auto newest = std::find_if(versions.rbegin(), versions.rend(),
                                   [](const auto* version) { return !version->definition.deprecated; });
  const PinnedFeature* kept = kept_.Find(name);
  if (newest == versions.rend() && kept == nullptr) return OkStatus();
  return Refused(ErrorCode::kInvalidArgument, name,
                 fmt::format("is a word of the language or a feature of the catalogue, and a registered feature, too: "
                             "write {} for that one, or deprecate all its versions to mean hone's own",
                             newest == versions.rend() ? kept->key : (*newest)->key()));
}

// The kept one counts, as long as it is the one that is registered.
Status FeatureNames::Keep(const PinnedFeature& feature, bool bare) {
  if (registered_ != nullptr) {
    const auto known = registered_->Find(feature.key);
    if (!known.ok()) {
      return Refused(ErrorCode::kConflict, feature.key, "is kept by the model, but no longer registered here");
    }
    if ((*known)->hash != feature.hash) {
      return Refused(ErrorCode::kConflict, feature.key, "is registered here with another formula than the one kept");
    }
  }
  std::vector<PinnedFeature>& asked = bare ? by_name_ : by_key_;
  if (!Holds(asked, feature.key)) asked.push_back(feature);
  return OkStatus();
}

Result<PinnedFeature> FeatureNames::Pin(const RegisteredFeature& feature) {
  if (graph_ == nullptr) {
    auto graph = std::make_unique<ExpressionGraph>(SeriesTraits{});
    HONE_ASSIGN_OR_RETURN(named_, registered_->definitions().AddTo(*graph));
    graph_ = std::move(graph);
  }
  const std::string key = feature.key();
  const Slot slot = named_.find(key)->second.slot;
  if (graph_->HashOf(slot) != feature.hash) {
    return Refused(ErrorCode::kConflict, key,
                   "a formula it uses has changed since it was registered; register it under a new version");
  }
  HONE_ASSIGN_OR_RETURN(std::string text, CanonicalText(*graph_, slot));
  if (text.size() > kMostExpressionBytes) {
    return Refused(ErrorCode::kResourceExhausted, key,
                   fmt::format("written out, with all it is made of, it has {} bytes; a model keeps at most {} of one "
                               "feature",
                               text.size(), kMostExpressionBytes));
  }
  return PinnedFeature{key, std::move(text), feature.hash};
}

Result<PinnedFeatures> FeatureNames::Pinned() const {
  PinnedFeatures pinned;
  // Of two versions of one name the one that was meant by the bare name is added last.
  for (const PinnedFeature& feature : by_key_) {
    if (!Holds(by_name_, feature.key)) HONE_RETURN_IF_ERROR(pinned.Add(feature));
  }
  for (const PinnedFeature& feature : by_name_) HONE_RETURN_IF_ERROR(pinned.Add(feature));
  for (const PinnedFeature& feature : pinned.all()) {
    const std::string name = feature.key.substr(0, feature.key.find('@'));
    if (!own_.contains(name)) continue;
    return Refused(ErrorCode::kInvalidArgument, feature.key, "goes with hone's own " + name + " in no model");
  }
  return pinned;
}

Error FeatureNames::Unknown(const std::string& name) const {
  const bool with_version = IsPinnedName(name);
  std::vector<std::string> names;
  for (const FeatureDefinition& feature : FeatureCatalogue()) names.emplace_back(feature.name);
  if (registered_ != nullptr) {
    for (const RegisteredFeature& feature : registered_->all()) {
      names.push_back(with_version ? feature.key() : feature.definition.name);
    }
  }
  return Refused(ErrorCode::kNotFound, name,
                 fmt::format("{}{}",
                             with_version ? "no such version is registered"
                                          : "is no feature of the catalogue, and none of this name is registered",
                             DidYouMean(name, names)));
}

std::vector<std::string> WordsAbout(const PinnedFeatures& kept, const RegisteredFeatures& registered) {
  std::vector<std::string> words;
  for (const PinnedFeature& feature : kept.all()) {
    const auto found = registered.Find(feature.key);
    if (!found.ok()) {
      words.push_back(feature.key + " is no longer registered; the model keeps the formula it was trained with");
      continue;
    }
    if ((*found)->hash != feature.hash) {
      words.push_back(feature.key + " is registered with another formula; the model keeps the one it was trained with");
    }
    const UserDefinition& own = (*found)->definition;
    if (own.deprecated) words.push_back(feature.key + " is deprecated");
    const UserDefinition& newest = *registered.definitions().Find(own.name);
    if (newest.version > own.version && !newest.deprecated) {
      words.push_back(fmt::format("{} has a newer version, {}", feature.key, newest.version));
    }
  }
  return words;
}

}  // namespace hone
