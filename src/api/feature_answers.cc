#include "api/feature_answers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace hone {
namespace {

template <typename Names>
void WriteNames(std::string_view key, const Names& names, JsonWriter& json) {
  json.Key(key).BeginList();
  for (const std::string& name : names) json.Value(name);
  json.EndList();
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return lower;
}

bool Holds(const UserDefinition& definition, const std::string& word) {
  const std::string all = fmt::format("{}\n{}\n{}\n{}\n{}", definition.name, definition.description, definition.kind,
                                      definition.expression, fmt::join(definition.tags, "\n"));
  return LowerCase(all).find(word) != std::string::npos;
}

std::string Finished(JsonWriter& json) {
  json.EndList().EndMap();
  return json.Take() + "\n";
}

void WriteMembers(const RegisteredFeature& feature, JsonWriter& json) {
  const UserDefinition& own = feature.definition;
  json.Member("name", own.name)
      .Member("version", own.version)
      .Member("description", own.description)
      .Member("kind", own.kind)
      .Member("expression", own.expression)
      .Member("aggregation", own.aggregation)
      .Member("window", own.window)
      .Member("normalise", own.normalise)
      .Member("normalise_window", own.normalise_window)
      .Member("fill", own.fill)
      .Member("deprecated", own.deprecated)
      .Member("definition", feature.hash)
      .Member("registered", FormatTime(feature.registered));
  WriteNames("dependencies", own.dependencies, json);
  WriteNames("tags", own.tags, json);
}

void WriteStatistics(const FeatureStatistics& found, Time now, JsonWriter& json) {
  json.Member("count", found.count()).Member("missing", found.missing).Member("entities", found.entities);
  if (found.moments.count() > 0) {
    json.Member("mean", found.moments.mean())
        .Member("std", found.moments.standard_deviation())
        .Member("min", found.quantiles.min())
        .Member("max", found.quantiles.max());
  }
  if (found.count() > 0) {
    json.Member("first_event", FormatTime(found.first_event))
        .Member("last_event", FormatTime(found.last_event))
        .Member("last_recorded", FormatTime(found.last_recorded))
        .Member("freshness_seconds", static_cast<double>(now - found.last_event) / static_cast<double>(kSecond));
  }
  json.Member("quantile_rank_error", KllSketch::RankError(200)).Key("quantiles").BeginList();
  for (const double probability : kToldProbabilities) {
    if (found.moments.count() == 0) break;
    json.BeginMap().Member("probability", probability).Member("value", found.quantiles.Quantile(probability)).EndMap();
  }
  json.EndList();
}

std::vector<std::string> KeysOf(const RegisteredFeatures& registered, const std::set<std::int64_t>& ids) {
  std::vector<std::string> keys;
  for (const std::int64_t id : ids) keys.push_back(registered.Of(id).key());
  return keys;
}

// The batches that values of one of `features` were made from.
Result<std::vector<SourceBatch>> SourcesOf(Database& database, const std::vector<const RegisteredFeature*>& features) {
  BarHistory history(database);
  FeatureValues values(database);
  HONE_ASSIGN_OR_RETURN(const std::vector<FeatureEntity> entities, history.Entities());
  std::vector<SourceBatch> sources;
  for (const FeatureEntity& entity : entities) {
    std::int64_t through = 1;
    for (const RegisteredFeature* feature : features) {
      HONE_ASSIGN_OR_RETURN(const FeatureProgress progress, values.Progress(feature->id, entity.id));
      through = std::max(through, progress.batch);
    }
    HONE_ASSIGN_OR_RETURN(const std::vector<BarBatch> batches, history.Batches(entity));
    for (const BarBatch& batch : batches) {
      if (batch.number < through) sources.push_back({entity.name, batch});
    }
  }
  return sources;
}

}  // namespace

void WriteRegistered(const RegisteredFeature& feature, JsonWriter& json) {
  json.BeginMap();
  WriteMembers(feature, json);
  json.EndMap();
}

std::string RegistrationJson(const RegisteredFeatures& registered, const Registration& done, JsonStyle style) {
  JsonWriter json(style);
  json.BeginMap().Key("features").BeginList();
  for (const auto* ids : {&done.added, &done.present}) {
    for (const std::int64_t id : *ids) {
      json.BeginMap().Member("status", ids == &done.added ? "registered" : "present");
      WriteMembers(registered.Of(id), json);
      json.EndMap();
    }
  }
  return Finished(json);
}

std::vector<const RegisteredFeature*> FoundFeatures(const RegisteredFeatures& registered, std::string_view word) {
  const std::string lower = LowerCase(word);
  std::vector<const RegisteredFeature*> found;
  for (const RegisteredFeature& feature : registered.all()) {
    if (Holds(feature.definition, lower)) found.push_back(&feature);
  }
  return found;
}

std::string FoundJson(const std::vector<const RegisteredFeature*>& found, JsonStyle style) {
  JsonWriter json(style);
  json.BeginMap().Key("features").BeginList();
  for (const RegisteredFeature* feature : found) WriteRegistered(*feature, json);
  return Finished(json);
}

Result<EntityLatest> LatestOf(LiveStore& store, const std::vector<const RegisteredFeature*>& features,
                              const std::string& entity) {
  HONE_ASSIGN_OR_RETURN(const FeatureEntity found, BarHistory(*store.database).Find(entity));
  EntityLatest all{entity, 0, {}};
  for (const RegisteredFeature* feature : features) {
    HONE_ASSIGN_OR_RETURN(const auto latest, FeatureValues(*store.database).Latest(feature->id, found.id));
    const UserDefinition& own = feature->definition;
    if (latest) all.values.push_back({own.name, own.version, feature->hash, *latest});
  }
  return all;
}

std::string LatestJson(const EntityLatest& latest, std::string_view level, JsonStyle style) {
  JsonWriter json(style);
  json.BeginMap().Member("entity", latest.entity);
  if (!level.empty()) json.Member("level", level);
  json.Key("values").BeginList();
  for (const NamedValue& named : latest.values) {
    json.BeginMap()
        .Member("name", named.name)
        .Member("version", named.version)
        .Member("value", named.value.value)
        .Member("event_time", FormatTime(named.value.event_time))
        .Member("known_at", FormatTime(named.value.known_at))
        .EndMap();
  }
  return Finished(json);
}

Result<std::vector<NamedStatistics>> StatisticsOfFeature(LiveStore& store, const RegisteredFeatures& registered,
                                                         const std::string& name, const std::string& entity) {
  HONE_ASSIGN_OR_RETURN(const auto features, registered.Scalars({name}));
  BarHistory history(*store.database);
  std::vector<FeatureEntity> entities;
  if (entity.empty()) {
    HONE_ASSIGN_OR_RETURN(entities, history.Entities());
  } else {
    HONE_ASSIGN_OR_RETURN(FeatureEntity one, history.Find(entity));
    entities.push_back(std::move(one));
  }
  FeatureValues values(*store.database);
  std::vector<NamedStatistics> all;
  for (const RegisteredFeature* feature : features) {
    HONE_ASSIGN_OR_RETURN(FeatureStatistics found, StatisticsOf(values, feature->id, entities));
    all.push_back({feature, std::move(found)});
  }
  return all;
}

std::string StatisticsJson(const std::vector<NamedStatistics>& all, Time now, JsonStyle style) {
  JsonWriter json(style);
  json.BeginMap().Key("features").BeginList();
  for (const auto& [feature, statistics] : all) {
    json.BeginMap().Member("name", feature->definition.name).Member("version", feature->definition.version);
    WriteStatistics(statistics, now, json);
    json.EndMap();
  }
  return Finished(json);
}

Result<FullLineage> FullLineageOf(LiveStore& store, const RegisteredFeatures& registered, const std::string& name) {
  FullLineage found;
  HONE_ASSIGN_OR_RETURN(found.feature, registered.Find(name));
  HONE_ASSIGN_OR_RETURN(found.lineage, LineageOf(registered, *found.feature));
  HONE_ASSIGN_OR_RETURN(const auto scalars, registered.Scalars({name}));
  found.made_of = KeysOf(registered, found.lineage.made_of);
  found.used_by = KeysOf(registered, found.lineage.used_by);
  HONE_ASSIGN_OR_RETURN(found.sources, SourcesOf(*store.database, scalars));
  ConsumedFeatures consumed{found.lineage.definitions, {found.used_by.begin(), found.used_by.end()}};
  for (const RegisteredFeature* scalar : scalars) consumed.registered.insert(scalar->key());
  HONE_ASSIGN_OR_RETURN(found.models, ConsumersOf(consumed, store.versions, store.artifacts));
  return found;
}

std::string LineageJson(const FullLineage& found, JsonStyle style) {
  JsonWriter json(style);
  json.BeginMap();
  WriteMembers(*found.feature, json);
  WriteNames("columns", found.lineage.columns, json);
  WriteNames("formulas", found.lineage.formulas, json);
  WriteNames("made_of", found.made_of, json);
  WriteNames("used_by", found.used_by, json);
  json.Key("sources").BeginList();
  for (const auto& [entity, batch] : found.sources) {
    json.BeginMap()
        .Member("entity", entity)
        .Member("batch", batch.number)
        .Member("bars", batch.bars)
        .Member("source", batch.source)
        .Member("fingerprint", batch.fingerprint)
        .Member("late", batch.late)
        .Member("recorded_at", FormatTime(batch.recorded_at))
        .EndMap();
  }
  json.EndList().Key("models").BeginList();
  for (const FeatureConsumer& consumer : found.models) {
    json.BeginMap()
        .Member("model", consumer.model)
        .Member("version", consumer.version)
        .Member("stage", consumer.stage)
        .Member("feature", consumer.feature)
        .EndMap();
  }
  return Finished(json);
}

}  // namespace hone
