// Registered features as a model keeps them: each under the version it was resolved to, with its formula written out,
// so that neither a later version nor a store that changed can alter what the model reads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "features/expression/user_definitions.h"

namespace hone {

struct PinnedFeature {
  std::string key;         // "trend@2"
  std::string expression;  // canonical (expression/canonical_text.h): of columns and the catalogue alone
  std::string hash;        // SHA-256 (hex) of what it computes: RegisteredFeature::hash

  bool operator==(const PinnedFeature&) const = default;
};

// Whether `text` has the form of "trend@2".
bool IsPinnedName(std::string_view text);

class PinnedFeatures {
 public:
  // Errors: a key that is none or is there already, an expression that is wrong or uses more than columns and the
  // catalogue (kInvalidArgument); kConflict when this program computes it otherwise than its hash says.
  Status Add(PinnedFeature feature);

  const std::vector<PinnedFeature>& all() const { return features_; }
  bool empty() const { return features_.empty(); }
  // By key; a bare name is the one of that name that was added last. nullptr where there is none.
  const PinnedFeature* Find(std::string_view name) const;
  // For FeatureSet and BuildDataset: keys, and bare names within expressions.
  const UserDefinitions& definitions() const { return definitions_; }

  // Keys of those that a column of a model is made of, sorted: itself, or what its expression names.
  std::vector<std::string> UsedBy(const std::string& column) const;

 private:
  std::vector<PinnedFeature> features_;
  UserDefinitions definitions_;  // in the same order
};

}  // namespace hone
