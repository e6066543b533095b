// What the words of a model's list of features mean: features of the catalogue, expressions, and registered features.
//
//   trend@2      that version
//   trend        the version the model keeps already, else the newest that is not deprecated
//   'trend * 2'  an expression; its names mean what they mean alone
//
// A name of the language or the catalogue means that, and nothing else: where a registered feature that is not
// deprecated has it too (it was registered before a release took the name), or the model keeps one of it, it is
// refused.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "features/expression/graph.h"
#include "features/store/pinned_features.h"
#include "features/store/registered_features.h"

namespace hone {

// Not thread-safe.
class FeatureNames {
 public:
  // `registered`: null where there is no store; must outlive this. `kept`: what the model keeps already.
  FeatureNames(const RegisteredFeatures* registered, PinnedFeatures kept)
      : registered_(registered), kept_(std::move(kept)) {}

  // The columns that `text` stands for: itself of the catalogue and of an expression, "trend@2" of a registered
  // feature, those of its components of an embedding. Errors (kInvalidArgument, kNotFound) say what would be right: an
  // unknown name with the nearest, a name that means two things, one of which every version is deprecated; a definition
  // that is longer than an expression may be when it is written out (kResourceExhausted); kConflict: a formula it uses
  // has changed since it was registered, or the one kept is not the one that is registered.
  Result<std::vector<std::string>> Columns(const std::string& text);

  // All that were asked for, such that FeatureSet takes the columns' names as they were meant here. Errors: a
  // registered feature and one of the catalogue by the same name (kInvalidArgument).
  Result<PinnedFeatures> Pinned() const;

 private:
  Result<std::vector<std::string>> ColumnsOf(const RegisteredFeature& feature, bool bare);
  Result<std::vector<std::string>> ColumnsOfName(const std::string& name);
  Result<std::vector<std::string>> ColumnsOfKey(const std::string& key);
  Status UseNamesOf(const std::string& expression);
  Result<const RegisteredFeature*> Newest(const std::string& name) const;
  Status CheckOneMeaning(const std::string& name);
  Status Keep(const PinnedFeature& feature, bool bare);
  Result<PinnedFeature> Pin(const RegisteredFeature& feature);
  std::vector<const RegisteredFeature*> VersionsOf(std::string_view name) const;
  Error Unknown(const std::string& name) const;

  const RegisteredFeatures* registered_;
  PinnedFeatures kept_;
  std::unique_ptr<ExpressionGraph> graph_;  // of all that is registered, once it is needed
  NamedExpressions named_;
  std::vector<PinnedFeature> by_key_, by_name_;  // asked for; by their bare names the latter
  std::set<std::string> own_;                    // names asked for that hone has
};

// What is to be told of features that a model keeps, a sentence each: of one that is deprecated by now, that is
// registered otherwise or no longer, that has a newer version.
std::vector<std::string> WordsAbout(const PinnedFeatures& kept, const RegisteredFeatures& registered);

}  // namespace hone
