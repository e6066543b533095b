#include "hone/feature_store_verbs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "api/feature_answers.h"
#include "base/files.h"
#include "features/store/as_of_join.h"
#include "features/store/materialise.h"
#include "features/store/registered_features.h"
#include "hone/feature_compute.h"
#include "hone/inputs.h"
#include "hone/output.h"
#include "hone/state_folder.h"
#include "hone/system_clock.h"
#include "hone/verb.h"
#include "market/timed_rows.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

constexpr std::size_t kLargestDefinition = 1 << 20;

struct StoreFlags {
  std::string directory = kDefaultFolder, output = "table";
  std::string data, entity, text, rows;
  std::vector<std::string> features;
  std::uint64_t seed = 0;
  std::optional<std::string> recorded_by;
  std::optional<double> ttl_days;
  bool json() const { return output == "json"; }
};

using Rows = std::vector<std::vector<std::string>>;

// A folder's store and what is registered there.
struct OpenStore {
  std::unique_ptr<LiveStore> store;
  std::unique_ptr<RegisteredFeatures> registered;
  Database& database() { return *store->database; }
};

Result<OpenStore> WithRegistered(Result<std::unique_ptr<LiveStore>> opened) {
  HONE_ASSIGN_OR_RETURN(std::unique_ptr<LiveStore> store, std::move(opened));
  HONE_ASSIGN_OR_RETURN(RegisteredFeatures registered, RegisteredFeatures::Load(*store->database));
  return OpenStore{std::move(store), std::make_unique<RegisteredFeatures>(std::move(registered))};
}

// Named by --feature; without it all that are not deprecated, newest versions.
std::vector<std::string> ChosenNames(const RegisteredFeatures& registered, const std::vector<std::string>& named) {
  if (!named.empty()) return named;
  std::set<std::string> names;
  for (const RegisteredFeature& feature : registered.all()) {
    const UserDefinition& newest = *registered.definitions().Find(feature.definition.name);
    if (!newest.deprecated && !newest.embedding()) names.insert(newest.name);
  }
  return {names.begin(), names.end()};
}

Result<std::vector<const RegisteredFeature*>> ChosenScalars(const RegisteredFeatures& registered,
                                                            const std::vector<std::string>& named) {
  HONE_ASSIGN_OR_RETURN(auto scalars, registered.Scalars(ChosenNames(registered, named)));
  if (!scalars.empty()) return scalars;
  return Error{ErrorCode::kInvalidArgument, "no feature is registered here; `hone features register FILE` does", "", 0,
               ""};
}

// ---- register

Status Register(const StoreFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadFile(flags.text, kLargestDefinition));
  HONE_ASSIGN_OR_RETURN(OpenStore open, WithRegistered(OpenBesideServer(flags.directory)));
  HONE_ASSIGN_OR_RETURN(const Registration done, open.registered->Register(text, flags.text, SystemClock().Now()));
  Rows rows{{"FEATURE", "VERSION", "", "DEFINITION"}};
  for (const auto* ids : {&done.added, &done.present}) {
    for (const std::int64_t id : *ids) {
      const RegisteredFeature& feature = open.registered->Of(id);
      rows.push_back({feature.definition.name, fmt::format("{}", feature.definition.version),
                      ids == &done.added ? "registered" : "present", feature.hash});
    }
  }
  Print(flags.json() ? RegistrationJson(*open.registered, done, JsonStyle::kPretty) : AlignedTable(rows));
  return OkStatus();
}

// ---- backfill

struct Filled {
  std::string entity;
  std::int64_t bars = 0;  // new or different
  Materialised written;
};

Status AddBars(const StoreFlags& flags, OpenStore& open, Filled& filled) {
  HONE_ASSIGN_OR_RETURN(const BarSource source, LoadBarSource(flags.data, flags.seed));
  filled.entity = flags.entity.empty() ? source.series.instrument : flags.entity;
  HONE_ASSIGN_OR_RETURN(const auto batch,
                        BarHistory(open.database()).Add(filled.entity, source.series, SystemClock().Now()));
  if (batch) filled.bars = batch->bars;
  return OkStatus();
}

Result<std::vector<Filled>> Fill(const StoreFlags& flags, OpenStore& open) {
  HONE_ASSIGN_OR_RETURN(const auto features, ChosenScalars(*open.registered, flags.features));
  std::vector<Filled> all;
  if (!flags.data.empty()) {
    HONE_RETURN_IF_ERROR(AddBars(flags, open, all.emplace_back()));
  } else if (!flags.entity.empty()) {
    all.emplace_back().entity = flags.entity;
  } else {
    HONE_ASSIGN_OR_RETURN(const auto entities, BarHistory(open.database()).Entities());
    for (const FeatureEntity& entity : entities) all.emplace_back().entity = entity.name;
  }
  for (Filled& filled : all) {
    HONE_ASSIGN_OR_RETURN(const FeatureEntity entity, BarHistory(open.database()).Find(filled.entity));
    HONE_ASSIGN_OR_RETURN(filled.written,
                          Materialise(open.database(), *open.registered, features, entity, SystemClock().Now()));
  }
  return all;
}

Status Backfill(const StoreFlags& flags) {
  HONE_ASSIGN_OR_RETURN(OpenStore open, WithRegistered(OpenBesideServer(flags.directory)));
  HONE_ASSIGN_OR_RETURN(const std::vector<Filled> all, Fill(flags, open));
  Rows rows{{"ENTITY", "NEW BARS", "VALUES", "REVISIONS"}};
  JsonWriter json(JsonStyle::kPretty);
  json.BeginMap().Key("entities").BeginList();
  for (const Filled& filled : all) {
    rows.push_back({filled.entity, fmt::format("{}", filled.bars), fmt::format("{}", filled.written.values),
                    fmt::format("{}", filled.written.revisions)});
    json.BeginMap().Member("entity", filled.entity).Member("bars", filled.bars);
    json.Member("values", filled.written.values).Member("revisions", filled.written.revisions).EndMap();
  }
  json.EndList().EndMap();
  Print(flags.json() ? json.Take() + "\n" : AlignedTable(rows));
  return OkStatus();
}

// ---- join

// Rows to join: their times, entities and cells as they stand.
struct Spine {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> cells;
  std::vector<Time> times;
  std::map<std::string, std::vector<std::size_t>> rows_of;  // by entity
};

// Quotes within a quoted field stand twice.
std::string Cell(std::string_view field) {
  std::string cell;
  for (std::size_t i = 0; i < field.size(); ++i) {
    cell += field[i];
    if (field.substr(i, 2) == "\"\"") ++i;
  }
  return cell;
}

Result<Spine> ReadSpine(const StoreFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadTable(flags.rows));
  HONE_ASSIGN_OR_RETURN(TimedRows rows, TimedRows::Open(text, flags.rows));
  Spine spine;
  spine.names = rows.names();
  std::optional<std::size_t> entity;
  if (flags.entity.empty()) {
    HONE_ASSIGN_OR_RETURN(entity, rows.Column("entity"));
  }
  for (;;) {
    HONE_ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) {
      NoteMissingLineEnd(rows, flags.rows);
      return spine;
    }
    auto& cells = spine.cells.emplace_back();
    for (std::size_t i = 0; i < spine.names.size(); ++i) cells.push_back(Cell(rows.Field(i)));
    spine.rows_of[entity ? cells[*entity] : flags.entity].push_back(spine.times.size());
    spine.times.push_back(rows.time());
  }
}

// Column by feature, a value a row of the spine.
Result<std::vector<std::vector<double>>> Join(const Spine& spine, Database& database,
                                              const std::vector<const RegisteredFeature*>& features,
                                              const AsOfOptions& options) {
  std::vector<std::vector<double>> columns(features.size(), std::vector<double>(spine.times.size()));
  for (const auto& [name, rows] : spine.rows_of) {
    HONE_ASSIGN_OR_RETURN(const FeatureEntity entity, BarHistory(database).Find(name));
    std::vector<Time> times;
    for (const std::size_t row : rows) times.push_back(spine.times[row]);
    for (std::size_t i = 0; i < features.size(); ++i) {
      HONE_ASSIGN_OR_RETURN(const auto history, FeatureValues(database).History(features[i]->id, entity.id));
      const std::vector<double> joined = AsOfJoin(history, times, options);
      for (std::size_t row = 0; row < rows.size(); ++row) columns[i][rows[row]] = joined[row];
    }
  }
  return columns;
}

// A feature named without its version keeps that name in the output.
std::vector<std::string> ColumnNames(const std::vector<const RegisteredFeature*>& features,
                                     const RegisteredFeatures& registered) {
  std::vector<std::string> names;
  for (const RegisteredFeature* feature : features) {
    const std::string& name = feature->definition.name;
    const bool newest = registered.definitions().Find(name)->version == feature->definition.version;
    names.push_back(newest ? name : feature->key());
  }
  return names;
}

Status CheckNames(const Spine& spine, const std::vector<std::string>& names, const std::string& source) {
  for (const std::string& name : names) {
    if (std::find(spine.names.begin(), spine.names.end(), name) == spine.names.end()) continue;
    return Error{ErrorCode::kInvalidData, "a column of this name is there already", source, 1, name};
  }
  return OkStatus();
}

Result<AsOfOptions> OptionsOf(const StoreFlags& flags) {
  AsOfOptions options;
  if (flags.ttl_days) {
    const double nanoseconds = *flags.ttl_days * static_cast<double>(kDay);
    if (nanoseconds < 9e18) options.ttl = static_cast<Duration>(nanoseconds);
  }
  if (flags.recorded_by) {
    Result<Time> time = ParseTime(*flags.recorded_by);
    if (!time.ok()) return Error{ErrorCode::kInvalidArgument, time.error().message, "", 0, "--recorded-by"};
    options.recorded_by = *time;
  }
  return options;
}

std::string JoinedCsv(const Spine& spine, const std::vector<std::string>& names,
                      const std::vector<std::vector<double>>& columns) {
  std::string text;
  for (const std::string& name : spine.names) text.append(text.empty() ? "" : ",").append(CsvField(name));
  for (const std::string& name : names) text.append(",").append(CsvField(name));
  text += '\n';
  for (std::size_t row = 0; row < spine.times.size(); ++row) {
    const auto& cells = spine.cells[row];
    for (std::size_t i = 0; i < cells.size(); ++i) text.append(i == 0 ? "" : ",").append(CsvField(cells[i]));
    for (const auto& column : columns) {
      text += ',';
      if (!std::isnan(column[row])) text += fmt::format("{}", column[row]);
    }
    text += '\n';
  }
  return text;
}

Status JoinRows(const StoreFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const AsOfOptions options, OptionsOf(flags));
  HONE_ASSIGN_OR_RETURN(OpenStore open, WithRegistered(OpenForReading(flags.directory)));
  HONE_ASSIGN_OR_RETURN(const auto features, ChosenScalars(*open.registered, flags.features));
  HONE_ASSIGN_OR_RETURN(const Spine spine, ReadSpine(flags));
  const std::vector<std::string> names = ColumnNames(features, *open.registered);
  HONE_RETURN_IF_ERROR(CheckNames(spine, names, flags.rows));
  HONE_ASSIGN_OR_RETURN(const auto columns, Join(spine, open.database(), features, options));
  Print(JoinedCsv(spine, names, columns));
  return OkStatus();
}

// ---- what is told

Status PrintLatest(const StoreFlags& flags) {
  HONE_ASSIGN_OR_RETURN(OpenStore open, WithRegistered(OpenForReading(flags.directory)));
  HONE_ASSIGN_OR_RETURN(const auto features, ChosenScalars(*open.registered, flags.features));
  HONE_ASSIGN_OR_RETURN(const EntityLatest latest, LatestOf(*open.store, features, flags.entity));
  Rows rows{{"FEATURE", "VERSION", "VALUE", "OF", "KNOWN AT"}};
  for (const auto& [name, version, hash, value] : latest.values) {
    rows.push_back({name, fmt::format("{}", version),
                    std::isnan(value.value) ? "missing" : fmt::format("{}", value.value), FormatTime(value.event_time),
                    FormatTime(value.known_at)});
  }
  Print(flags.json() ? LatestJson(latest, "", JsonStyle::kPretty) : AlignedTable(rows));
  return OkStatus();
}

Status Search(const StoreFlags& flags) {
  HONE_ASSIGN_OR_RETURN(OpenStore open, WithRegistered(OpenForReading(flags.directory)));
  const auto found = FoundFeatures(*open.registered, flags.text);
  Rows rows{{"FEATURE", "VERSION", "KIND", "TAGS", "DESCRIPTION"}};
  for (const RegisteredFeature* feature : found) {
    const UserDefinition& own = feature->definition;
    rows.push_back({own.name, fmt::format("{}{}", own.version, own.deprecated ? " deprecated" : ""), own.kind,
                    fmt::format("{}", fmt::join(own.tags, " ")), own.description});
  }
  Print(flags.json() ? FoundJson(found, JsonStyle::kPretty) : AlignedTable(rows));
  return OkStatus();
}

Rows StatisticsRows(const NamedStatistics& named, Time now) {
  const FeatureStatistics& found = named.statistics;
  Rows rows{{"feature", named.feature->key()}};
  const auto tell = [&](const std::string& name, const auto& value) {
    rows.push_back({name, fmt::format("{}", value)});
  };
  tell("count", found.count());
  tell("missing", found.missing);
  tell("entities", found.entities);
  if (found.moments.count() > 0) {
    tell("mean", found.moments.mean());
    tell("std", found.moments.standard_deviation());
    tell("min", found.quantiles.min());
    for (const double probability : kToldProbabilities) {
      tell(fmt::format("quantile {}", probability), found.quantiles.Quantile(probability));
    }
    tell("max", found.quantiles.max());
  }
  if (found.count() > 0) {
    tell("first event", FormatTime(found.first_event));
    tell("last event", FormatTime(found.last_event));
    tell("last recorded", FormatTime(found.last_recorded));
    tell("freshness", fmt::format("{} s", (now - found.last_event) / kSecond));
  }
  return rows;
}

Status PrintStatistics(const StoreFlags& flags) {
  HONE_ASSIGN_OR_RETURN(OpenStore open, WithRegistered(OpenForReading(flags.directory)));
  HONE_ASSIGN_OR_RETURN(const auto all, StatisticsOfFeature(*open.store, *open.registered, flags.text, flags.entity));
  const Time now = SystemClock().Now();
  std::string table;
  for (const NamedStatistics& named : all) {
    table += (table.empty() ? "" : "\n") + AlignedTable(StatisticsRows(named, now));
  }
  Print(flags.json() ? StatisticsJson(all, now, JsonStyle::kPretty) : table);
  return OkStatus();
}

Rows LineageRows(const FullLineage& found) {
  const UserDefinition& own = found.feature->definition;
  const auto joined = [](const auto& names) { return fmt::format("{}", fmt::join(names, ", ")); };
  Rows rows{{"feature", found.feature->key()},          {"expression", own.expression},
            {"columns", joined(found.lineage.columns)}, {"formulas", joined(found.lineage.formulas)},
            {"made of", joined(found.made_of)},         {"used by", joined(found.used_by)}};
  for (const auto& [entity, batch] : found.sources) {
    rows.push_back({"source", fmt::format("{}: {} bars of {}{}, recorded {}", entity, batch.bars, batch.source,
                                          batch.late ? ", some of them late" : "", FormatTime(batch.recorded_at))});
  }
  for (const FeatureConsumer& consumer : found.models) {
    rows.push_back(
        {"model", fmt::format("{} {} ({}) as {}", consumer.model, consumer.version, consumer.stage, consumer.feature)});
  }
  return rows;
}

Status PrintLineage(const StoreFlags& flags) {
  HONE_ASSIGN_OR_RETURN(OpenStore open, WithRegistered(OpenForReading(flags.directory)));
  HONE_ASSIGN_OR_RETURN(const FullLineage found, FullLineageOf(*open.store, *open.registered, flags.text));
  Print(flags.json() ? LineageJson(found, JsonStyle::kPretty) : AlignedTable(LineageRows(found)));
  return OkStatus();
}

// ---- the verbs' flags

using Flags = std::shared_ptr<StoreFlags>;

void AddChosen(Command verb, const Flags& flags) {
  verb.AddOption("--feature", flags->features,
                 "a registered feature, 'trend' (its newest version) or 'trend@1'; repeat for more [all]")
      .OneValueEach();
}

void AddBackfill(Command noun) {
  auto flags = std::make_shared<StoreFlags>();
  Command verb =
      AddVerb(noun, flags, "backfill", "Write values of registered features over bars, what is new of them", Backfill);
  verb.AddOption("--data", flags->data, "bars, as of `compute`; without it, what features lack of the bars recorded");
  verb.AddOption("--entity", flags->entity, "the instrument [the data's]; without --data, this one only");
  verb.AddOption("--seed", flags->seed, "seed of a synthetic market").ShowDefault();
  AddChosen(verb, flags);
}

void AddJoin(Command noun) {
  auto flags = std::make_shared<StoreFlags>();
  flags->output = "csv";
  Command verb = noun.AddCommand("join", "Rows of a CSV with the values that were known at their time: a training set");
  verb.AddOption("--dir", flags->directory, "folder of all state").ShowDefault();
  verb.AddOption("--rows", flags->rows, "CSV with a time, and an entity unless --entity is given").Required();
  verb.AddOption("--entity", flags->entity, "the instrument of all rows");
  AddChosen(verb, flags);
  verb.AddOption("--ttl-days", flags->ttl_days, "a value older than this is missing [none is]").NotNegative();
  verb.AddOption("--recorded-by", flags->recorded_by, "only values written by this time, as the join was then");
  verb.OnChoice([flags] { return ExitCodeOf(JoinRows(*flags)); });
}

void AddOfOne(Command noun, const char* name, const char* description, Status (*act)(const StoreFlags&),
              const char* what, bool entity) {
  auto flags = std::make_shared<StoreFlags>();
  Command verb = AddVerb(noun, flags, name, description, act);
  verb.AddOption(what, flags->text, what).Required();
  if (entity) verb.AddOption("--entity", flags->entity, "of this instrument only");
}

}  // namespace

void AddFeatureStoreVerbs(Command noun) {
  AddOfOne(noun, "register", "Keep the definitions of a YAML file, each version for ever", Register, "file", false);
  AddBackfill(noun);
  AddJoin(noun);
  auto latest = std::make_shared<StoreFlags>();
  Command verb = AddVerb(noun, latest, "latest", "The newest values of an instrument", PrintLatest);
  verb.AddOption("--entity", latest->entity, "the instrument").Required();
  AddChosen(verb, latest);
  AddOfOne(noun, "search", "Registered features with a word in name, description, tags or expression", Search, "word",
           false);
  AddOfOne(noun, "lineage", "What a feature is made of, from which bars, and which models read it", PrintLineage,
           "feature", false);
  AddOfOne(noun, "stats", "Count, missing, moments, quantiles and freshness of stored values", PrintStatistics,
           "feature", true);
}

}  // namespace hone
