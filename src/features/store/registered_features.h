// The definitions of features that are registered, every version of each. Tables: feature_definitions, feature_uses.
//
// A version never changes: another expression, kind, window or fill under the same number is refused; description, tags
// and `deprecated` may be restated. It uses those versions of others that were the newest when it was registered, so
// there is no circle and its values stay what they were.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "features/expression/user_definitions.h"
#include "features/feature.h"
#include "storage/database.h"

namespace hone {

struct RegisteredFeature {
  std::int64_t id = 0;  // in the order registered
  UserDefinition definition;
  std::vector<std::int64_t> uses;  // ids; of an embedding its components in order
  std::string hash;                // SHA-256 (hex) of what is computed, over sources that have ranges and volume
  Time registered = 0;

  std::string key() const;  // "trend@2"
};

// What Register did with each definition of the text.
struct Registration {
  std::vector<std::int64_t> added;    // ids
  std::vector<std::int64_t> present;  // the same was there; its words are now those of the text
};

// Single-threaded, as its connection.
class RegisteredFeatures {
 public:
  // At most this many, versions counted; all of them also fit into one graph (features/expression/limits.h).
  static constexpr std::size_t kMost = 100'000;

  // kCorrupt when a row is not what Register wrote.
  static Result<RegisteredFeatures> Load(Database& database);

  // Registers the definitions of a YAML text (user_definitions.h), all or none. Errors (kInvalidArgument) with file,
  // line and key; kResourceExhausted past kMost.
  Result<Registration> Register(std::string_view yaml, const std::string& source, Time now);

  const std::vector<RegisteredFeature>& all() const { return features_; }  // by id
  const RegisteredFeature& Of(std::int64_t id) const { return features_[static_cast<std::size_t>(id - 1)]; }
  // "trend" is the newest version, "trend@2" that one. kNotFound names the nearest.
  Result<const RegisteredFeature*> Find(std::string_view name) const;
  // For expressions: bare names are the newest versions.
  const UserDefinitions& definitions() const { return definitions_; }

  // The features of these names, embeddings replaced by their components; each once, in the order named.
  Result<std::vector<const RegisteredFeature*>> Scalars(const std::vector<std::string>& names) const;

  // kConflict when this program computes one of them otherwise than the one that registered it: a formula of the
  // catalogue changed, and the feature needs a new version.
  Status CheckFormulas(const std::vector<const RegisteredFeature*>& features) const;

 private:
  explicit RegisteredFeatures(Database& database) : database_(&database) {}
  Result<std::vector<RegisteredFeature>> NewOnes(const UserDefinitions& read, Time now) const;
  Status Insert(const RegisteredFeature& feature);
  Status Restate(const UserDefinition& definition);

  Database* database_;
  std::vector<RegisteredFeature> features_;
  UserDefinitions definitions_;
};

}  // namespace hone
