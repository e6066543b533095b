#include "engine/split_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/random.h"

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kTagSeed = 0x5b117;

Json GuardJson(const ShareExcess::State& guard) {
  Json counts = Json::array();
  for (const ShareExcess::Counts& arm : guard.counts) counts.push_back({arm.units, arm.happened});
  return {{"counts", counts}, {"log_capital", guard.log_capital}, {"log_peak", guard.log_peak}};
}

ShareExcess::State GuardFrom(const Json& json) {
  ShareExcess::State guard;
  for (std::size_t arm = 0; arm < guard.counts.size(); ++arm) {
    guard.counts[arm] = {json.at("counts").at(arm).at(0), json.at("counts").at(arm).at(1)};
  }
  json.at("log_capital").get_to(guard.log_capital);
  guard.log_peak = json.at("log_peak");
  return guard;
}

Json TermsJson(const SplitTerms& terms) {
  return {{"mismatch_alpha", terms.mismatch_alpha},
          {"guard_alpha", terms.guard_alpha},
          {"error_margin", terms.error_margin},
          {"latency_budget", terms.latency_budget},
          {"latency_margin", terms.latency_margin}};
}

SplitTerms TermsFrom(const Json& json, const std::vector<AbArm>& arms) {
  SplitTerms terms;
  for (const AbArm& arm : arms) terms.shares.push_back(arm.share);
  terms.mismatch_alpha = json.at("mismatch_alpha");
  terms.guard_alpha = json.at("guard_alpha");
  terms.error_margin = json.at("error_margin");
  terms.latency_budget = json.at("latency_budget");
  terms.latency_margin = json.at("latency_margin");
  return terms;
}

std::string RecordJson(const SplitRecord& record) {
  Json arms = Json::array();
  for (const AbArm& arm : record.identity.arms) arms.push_back({{"version", arm.version}, {"share", arm.share}});
  const SplitWatch::State state = record.watch.state();
  Json guards = Json::array();
  for (const ShareExcess::State& guard : state.guards) guards.push_back(GuardJson(guard));
  const SplitQuestion& question = record.question;
  const Json json{
      {"arms", arms},
      {"terms", TermsJson(record.watch.terms())},
      {"question",
       {{"alpha", question.alpha},
        {"minimum_outcomes", question.minimum_outcomes},
        {"horizon", question.horizon},
        {"horizon_time", question.horizon_time}}},
      {"requests", state.requests},
      {"units", {{"counts", state.units.counts}, {"log_e", state.units.log_e}, {"log_peak", state.units.log_peak}}},
      {"guards", guards},
      {"told", record.told}};
  return json.dump();
}

SplitWatch::State StateFrom(const Json& json) {
  SplitWatch::State state;
  state.requests = json.at("requests").get<std::vector<std::int64_t>>();
  const Json& units = json.at("units");
  state.units = {units.at("counts").get<std::vector<std::int64_t>>(), units.at("log_e"), units.at("log_peak")};
  for (const Json& guard : json.at("guards")) state.guards.push_back(GuardFrom(guard));
  return state;
}

SplitQuestion QuestionFrom(const Json& json) {
  return {json.at("alpha"), json.at("minimum_outcomes"), json.at("horizon"), json.at("horizon_time")};
}

// Throws nlohmann's exceptions.
std::vector<AbArm> ArmsFrom(const Json& json) {
  std::vector<AbArm> arms;
  for (const Json& arm : json) arms.push_back({arm.at("version").get<std::string>(), arm.at("share").get<double>()});
  return arms;
}

bool AreArms(const std::vector<AbArm>& arms) {
  const auto share = [](const AbArm& arm) { return arm.share > 0 && arm.share < 1; };
  return arms.size() >= 2 && std::ranges::all_of(arms, share);
}

// The same.
SplitRecord RecordFrom(SplitIdentity identity, const Json& json) {
  SplitWatch watch(TermsFrom(json.at("terms"), identity.arms));
  watch.Restore(StateFrom(json));
  return {std::move(identity), 0,
          std::nullopt,        QuestionFrom(json.at("question")),
          std::move(watch),    json.at("told").get<std::vector<std::string>>()};
}

Result<SplitRecord> ReadRecord(SplitIdentity identity, const std::string& text, const std::string& source) {
  try {
    const Json json = Json::parse(text);
    identity.arms = ArmsFrom(json.at("arms"));
    if (AreArms(identity.arms)) return RecordFrom(std::move(identity), json);
    return Error{ErrorCode::kCorrupt, "a split needs two versions or more, each with a share", source, 0,
                 "splits.record"};
  } catch (const nlohmann::json::exception& error) {
    return Error{ErrorCode::kCorrupt, std::string("the count of a split is damaged: ") + error.what(), source, 0,
                 "splits.record"};
  }
}

}  // namespace

std::uint64_t SplitIdentity::tag() const {
  std::string name = fmt::format("{} {} {}", model, experiment, step);
  for (const AbArm& arm : arms) name += fmt::format(" {} {}", arm.version, arm.share);
  return Random::Stream(kTagSeed, name).Next() | 1;
}

SplitIdentity SplitOf(const AbTest& test, std::string_view champion) {
  SplitIdentity split{test.model, test.id.ToString(), -static_cast<int>(test.round), test.arms,
                      test.bandit.has_value()};
  std::stable_partition(split.arms.begin(), split.arms.end(),
                        [champion](const AbArm& arm) { return arm.version == champion; });
  return split;
}

std::string ReleaseName(std::string_view version, Time started) {
  return fmt::format("{} since {}", version, FormatTime(started));
}

Result<std::vector<SplitRecord>> SplitStore::Select(const char* condition, std::string_view model,
                                                    std::string_view experiment) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare(fmt::format("SELECT experiment, step, started, ended, record FROM splits "
                                                       "WHERE model = ?1 AND (?2 = '' OR experiment = ?2) AND {}",
                                                       condition)));
  select.BindAll(model, experiment);
  std::vector<SplitRecord> records;
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return records;
    SplitIdentity identity{std::string(model), select.Text(0), static_cast<int>(select.Int(1)), {}, false};
    HONE_ASSIGN_OR_RETURN(SplitRecord record, ReadRecord(std::move(identity), select.Text(4), database_->path()));
    record.started = select.Int(2);
    if (!select.IsNull(3)) record.ended = select.Int(3);
    records.push_back(std::move(record));
  }
}

Result<std::vector<SplitRecord>> SplitStore::List(std::string_view model) {
  return Select("1 ORDER BY started DESC, step DESC", model, "");
}

Result<std::vector<SplitRecord>> SplitStore::OfExperiment(std::string_view model, std::string_view experiment) {
  return Select("1 ORDER BY started, step", model, experiment);
}

Result<std::optional<SplitRecord>> SplitStore::Resume(const SplitIdentity& identity) {
  HONE_ASSIGN_OR_RETURN(std::vector<SplitRecord> running, Select("ended IS NULL", identity.model, identity.experiment));
  for (SplitRecord& record : running) {
    if (record.identity.tag() != identity.tag()) continue;
    HONE_ASSIGN_OR_RETURN(Statement select, database_->Prepare("SELECT key FROM split_keys WHERE split = ?"));
    select.BindAll(identity.tag());
    std::vector<std::uint64_t> keys;
    while (true) {
      HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
      if (!row) break;
      keys.push_back(static_cast<std::uint64_t>(select.Int(0)));
    }
    record.watch.counted().Restore(keys);
    return std::optional(std::move(record));
  }
  return std::optional<SplitRecord>();
}

Status SplitStore::Save(SplitRecord& record) {
  const std::uint64_t tag = record.identity.tag();
  HONE_ASSIGN_OR_RETURN(
      Statement save,
      database_->Prepare(
          "INSERT INTO splits (split, model, experiment, step, started, record) VALUES (?, ?, ?, ?, ?, ?)"
          " ON CONFLICT (split) DO UPDATE SET record = excluded.record"));
  HONE_RETURN_IF_ERROR(save.Run(tag, record.identity.model, record.identity.experiment, record.identity.step,
                                record.started, RecordJson(record)));
  HONE_ASSIGN_OR_RETURN(Statement remember,
                        database_->Prepare("INSERT OR IGNORE INTO split_keys (split, key) VALUES (?, ?)"));
  for (const std::uint64_t key : record.watch.counted().TakeNew()) HONE_RETURN_IF_ERROR(remember.Run(tag, key));
  return OkStatus();
}

Status SplitStore::EndOthers(std::string_view model, std::uint64_t tag, Time now) {
  constexpr const char* kOthers = "(SELECT split FROM splits WHERE model = ? AND ended IS NULL AND split != ?)";
  for (const char* table : {"split_keys", "split_units"}) {
    HONE_ASSIGN_OR_RETURN(Statement forget,
                          database_->Prepare(fmt::format("DELETE FROM {} WHERE split IN {}", table, kOthers)));
    HONE_RETURN_IF_ERROR(forget.Run(model, tag));
  }
  HONE_ASSIGN_OR_RETURN(
      Statement end,
      database_->Prepare("UPDATE splits SET ended = ? WHERE model = ? AND ended IS NULL AND split != ?"));
  return end.Run(now, model, tag);
}

Status SplitStore::AppendUnit(std::uint64_t tag, const SplitUnit& unit) {
  HONE_ASSIGN_OR_RETURN(
      Statement insert,
      database_->Prepare("INSERT OR IGNORE INTO split_units (split, prediction_id, arm, value) VALUES (?, ?, ?, ?)"));
  return insert.Run(tag, unit.prediction, static_cast<std::int64_t>(unit.arm), unit.value);
}

Result<std::vector<SplitUnit>> SplitStore::Units(std::uint64_t tag) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare("SELECT prediction_id, arm, value FROM split_units WHERE split = ? ORDER BY "
                                           "prediction_id"));
  select.BindAll(tag);
  std::vector<SplitUnit> units;
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return units;
    units.push_back({select.IdAt(0), static_cast<std::uint8_t>(select.Int(1)), select.Double(2)});
  }
}

}  // namespace hone
