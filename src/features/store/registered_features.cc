#include "features/store/registered_features.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/edit_distance.h"
#include "base/sha256.h"
#include "features/expression/definition_tree.h"
#include "features/expression/graph.h"
#include "features/feature_set.h"

namespace hone {
namespace {

// Tags and dependencies lie in the table as one text, a line each.
std::string Lines(const std::vector<std::string>& items) { return fmt::format("{}", fmt::join(items, "\n")); }

std::vector<std::string> Items(const std::string& lines) {
  std::vector<std::string> items;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', begin), lines.size());
    items.push_back(lines.substr(begin, end - begin));
    begin = end + 1;
  }
  return items;
}

constexpr std::string_view kColumns =
    "id, name, version, description, kind, expression, dependencies, aggregation, window_bars, normalise, "
    "normalise_bars, fill, tags, deprecated, hash, registered";

RegisteredFeature RowOf(const Statement& row) {
  RegisteredFeature feature;
  feature.id = row.Int(0);
  feature.definition = {.name = row.Text(1),
                        .version = static_cast<int>(row.Int(2)),
                        .description = row.Text(3),
                        .kind = row.Text(4),
                        .expression = row.Text(5),
                        .dependencies = Items(row.Text(6)),
                        .aggregation = row.Text(7),
                        .window = static_cast<int>(row.Int(8)),
                        .normalise = row.Text(9),
                        .normalise_window = static_cast<int>(row.Int(10)),
                        .tags = Items(row.Text(12)),
                        .deprecated = row.Int(13) != 0,
                        .fill = row.Text(11),
                        .where = "the store",
                        .registered = true,
                        .tree = {}};
  feature.hash = row.Text(14);
  feature.registered = row.Int(15);
  return feature;
}

Error Damaged(const Database& database, std::int64_t id) {
  return {ErrorCode::kCorrupt, fmt::format("feature {} is missing or damaged", id), database.path(), 0,
          "feature_definitions"};
}

Status LoadUses(Database& database, std::vector<RegisteredFeature>& features) {
  HONE_ASSIGN_OR_RETURN(Statement select, database.Prepare("SELECT feature, used FROM feature_uses "
                                                           "ORDER BY feature, position"));
  const auto known = static_cast<std::int64_t>(features.size());
  for (;;) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return OkStatus();
    const std::int64_t feature = select.Int(0), used = select.Int(1);
    if (feature < 1 || feature > known || used < 1 || used >= feature) return Damaged(database, feature);
    features[static_cast<std::size_t>(feature - 1)].uses.push_back(used);
  }
}

// What a definition uses, as its tree has it; of an embedding in the order of its components.
std::vector<std::string> PinnedNames(const UserDefinition& definition) {
  std::vector<std::string> names;
  if (definition.embedding()) {
    for (const SyntaxNode& component : definition.tree.children) names.push_back(component.name);
    return names;
  }
  std::set<std::string, std::less<>> used;
  CollectNames(definition.tree, used);
  return {used.begin(), used.end()};
}

// Of `added`, in their order; `known` are those before them.
Status SetHashes(const UserDefinitions& definitions, const std::vector<RegisteredFeature>& known,
                 std::vector<RegisteredFeature>& added) {
  ExpressionGraph graph(SeriesTraits{});
  HONE_ASSIGN_OR_RETURN(const NamedExpressions named, definitions.AddTo(graph));
  for (RegisteredFeature& feature : added) {
    if (!feature.definition.embedding()) {
      feature.hash = graph.HashOf(named.find(feature.key())->second.slot);
      continue;
    }
    Sha256 hash;
    hash.UpdateText("embedding");
    for (const std::int64_t id : feature.uses) {
      const auto place = static_cast<std::size_t>(id - 1);
      hash.UpdateText(place < known.size() ? known[place].hash : added[place - known.size()].hash);
    }
    feature.hash = hash.Hex();
  }
  return OkStatus();
}

Error TooMany(std::size_t count) {
  return {ErrorCode::kResourceExhausted,
          fmt::format("{} definitions; at most {} are kept", count, RegisteredFeatures::kMost), "", 0, "features"};
}

}  // namespace

std::string RegisteredFeature::key() const { return PinnedName(definition.name, definition.version); }

Result<RegisteredFeatures> RegisteredFeatures::Load(Database& database) {
  RegisteredFeatures loaded(database);
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database.Prepare(fmt::format("SELECT {} FROM feature_definitions ORDER BY id", kColumns)));
  for (;;) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) break;
    loaded.features_.push_back(RowOf(select));
    const auto place = static_cast<std::int64_t>(loaded.features_.size());
    if (loaded.features_.back().id != place) return Damaged(database, place);
  }
  HONE_RETURN_IF_ERROR(LoadUses(database, loaded.features_));
  for (const RegisteredFeature& feature : loaded.features_) {
    std::map<std::string, int, std::less<>> uses;
    for (const std::int64_t id : feature.uses) {
      uses.emplace(loaded.Of(id).definition.name, loaded.Of(id).definition.version);
    }
    if (!loaded.definitions_.AddRegistered(feature.definition, uses).ok()) return Damaged(database, feature.id);
  }
  return loaded;
}

Result<Registration> RegisteredFeatures::Register(std::string_view yaml, const std::string& source, Time now) {
  UserDefinitions read = definitions_;
  std::vector<UserDefinition> restated;
  HONE_RETURN_IF_ERROR(read.ReadVersions(yaml, source, restated));
  if (read.definitions().size() > kMost) return TooMany(read.definitions().size());
  HONE_ASSIGN_OR_RETURN(const std::vector<RegisteredFeature> added, NewOnes(read, now));

  Registration registration;
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  for (const RegisteredFeature& feature : added) {
    HONE_RETURN_IF_ERROR(Insert(feature));
    registration.added.push_back(feature.id);
  }
  for (const UserDefinition& definition : restated) {
    HONE_RETURN_IF_ERROR(Restate(definition));
    HONE_ASSIGN_OR_RETURN(const RegisteredFeature* known, Find(PinnedName(definition.name, definition.version)));
    registration.present.push_back(known->id);
  }
  HONE_RETURN_IF_ERROR(transaction.Commit());
  HONE_ASSIGN_OR_RETURN(*this, Load(*database_));
  return registration;
}

Result<std::vector<RegisteredFeature>> RegisteredFeatures::NewOnes(const UserDefinitions& read, Time now) const {
  std::vector<RegisteredFeature> added;
  std::map<std::string, std::int64_t> ids;
  for (const RegisteredFeature& feature : features_) ids.emplace(feature.key(), feature.id);
  for (std::size_t i = features_.size(); i < read.definitions().size(); ++i) {
    RegisteredFeature feature;
    feature.id = static_cast<std::int64_t>(i + 1);
    feature.definition = read.definitions()[i];
    feature.registered = now;
    for (const std::string& name : PinnedNames(feature.definition)) {
      if (const auto found = ids.find(name); found != ids.end()) feature.uses.push_back(found->second);
    }
    ids.emplace(feature.key(), feature.id);
    added.push_back(std::move(feature));
  }
  HONE_RETURN_IF_ERROR(SetHashes(read, features_, added));
  return added;
}

Status RegisteredFeatures::Insert(const RegisteredFeature& feature) {
  const UserDefinition& own = feature.definition;
  HONE_ASSIGN_OR_RETURN(Statement insert,
                        database_->Prepare(fmt::format("INSERT INTO feature_definitions ({}) VALUES (?, ?, ?, ?, ?, ?, "
                                                       "?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                                       kColumns)));
  HONE_RETURN_IF_ERROR(insert.Run(feature.id, own.name, own.version, own.description, own.kind, own.expression,
                                  Lines(own.dependencies), own.aggregation, own.window, own.normalise,
                                  own.normalise_window, own.fill, Lines(own.tags), own.deprecated, feature.hash,
                                  feature.registered));
  HONE_ASSIGN_OR_RETURN(Statement use,
                        database_->Prepare("INSERT INTO feature_uses (feature, position, used) VALUES (?, ?, ?)"));
  for (std::size_t i = 0; i < feature.uses.size(); ++i) {
    HONE_RETURN_IF_ERROR(use.Run(feature.id, i, feature.uses[i]));
  }
  return OkStatus();
}

Status RegisteredFeatures::Restate(const UserDefinition& definition) {
  HONE_ASSIGN_OR_RETURN(Statement update,
                        database_->Prepare("UPDATE feature_definitions SET description = ?, tags = ?, deprecated = ? "
                                           "WHERE name = ? AND version = ?"));
  return update.Run(definition.description, Lines(definition.tags), definition.deprecated, definition.name,
                    definition.version);
}

Result<const RegisteredFeature*> RegisteredFeatures::Find(std::string_view name) const {
  const UserDefinition* found = definitions_.Find(name);
  if (found != nullptr) return &features_[static_cast<std::size_t>(found - definitions_.definitions().data())];
  std::vector<std::string> names;
  for (const RegisteredFeature& feature : features_) names.push_back(feature.definition.name);
  return Error{ErrorCode::kNotFound,
               fmt::format("no feature {} is registered{}", name.substr(0, 80), DidYouMean(std::string(name), names)),
               database_->path(), 0, ""};
}

Result<std::vector<const RegisteredFeature*>> RegisteredFeatures::Scalars(const std::vector<std::string>& names) const {
  std::vector<const RegisteredFeature*> scalars;
  std::set<std::int64_t> seen;
  const auto add = [&](const RegisteredFeature& feature) {
    if (seen.insert(feature.id).second) scalars.push_back(&feature);
  };
  for (const std::string& name : names) {
    HONE_ASSIGN_OR_RETURN(const RegisteredFeature* feature, Find(name));
    if (!feature->definition.embedding()) add(*feature);
    if (feature->definition.embedding()) {
      for (const std::int64_t id : feature->uses) add(Of(id));
    }
  }
  return scalars;
}

Status RegisteredFeatures::CheckFormulas(const std::vector<const RegisteredFeature*>& features) const {
  std::vector<std::string> keys;
  for (const RegisteredFeature* feature : features) keys.push_back(feature->key());
  HONE_ASSIGN_OR_RETURN(const FeatureSet set, FeatureSet::Make(keys, {}, definitions_));
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (set.definition_hash(i) == features[i]->hash) continue;
    return Error{ErrorCode::kConflict,
                 "a formula it uses has changed since it was registered; register it under a new version",
                 database_->path(), 0, keys[i]};
  }
  return OkStatus();
}

}  // namespace hone
