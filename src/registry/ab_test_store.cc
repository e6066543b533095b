#include "registry/ab_test_store.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace hone {
namespace {

using OrderedJson = nlohmann::ordered_json;

std::string WriteArms(const std::vector<AbArm>& arms) {
  OrderedJson json = OrderedJson::array();
  for (const AbArm& arm : arms) json.push_back({{"version", arm.version}, {"share", arm.share}});
  return json.dump();
}

Result<std::vector<AbArm>> ReadArms(const std::string& text, const std::string& source) {
  const OrderedJson json = OrderedJson::parse(text, nullptr, false);
  std::vector<AbArm> arms;
  bool sound = json.is_array();
  for (std::size_t i = 0; sound && i < json.size(); ++i) {
    const OrderedJson& arm = json[i];
    sound = arm.is_object() && arm.contains("version") && arm["version"].is_string() && arm.contains("share") &&
            arm["share"].is_number();
    if (sound) arms.push_back({arm["version"].get<std::string>(), arm["share"].get<double>()});
  }
  if (sound) return arms;
  return Error{ErrorCode::kCorrupt, "is no list of versions with their shares: " + text.substr(0, 64), source, 0,
               "ab_tests.arms"};
}

std::string WriteBandit(const AbBandit& bandit) {
  return OrderedJson{{"algorithm", bandit.algorithm},
                     {"floor", bandit.floor},
                     {"low", bandit.low},
                     {"high", bandit.high},
                     {"minutes", bandit.minutes}}
      .dump();
}

Result<AbBandit> ReadBandit(const std::string& text, const std::string& source) {
  try {
    const OrderedJson json = OrderedJson::parse(text);
    return AbBandit{json.at("algorithm").get<std::string>(), json.at("floor").get<double>(),
                    json.at("low").get<double>(), json.at("high").get<double>(),
                    json.at("minutes").get<std::int64_t>()};
  } catch (const nlohmann::json::exception& error) {
    return Error{ErrorCode::kCorrupt, std::string("is no bandit: ") + error.what(), source, 0, "ab_tests.bandit"};
  }
}

}  // namespace

Result<std::vector<AbTest>> AbTestStore::Select(const char* condition, std::string_view model) {
  HONE_ASSIGN_OR_RETURN(Statement select, database_->Prepare(fmt::format(
                                              "SELECT id, started, ended, salt, arms, deadline, bandit, round, looked "
                                              "FROM ab_tests WHERE model = ? AND {} ORDER BY started DESC, "
                                              "id DESC",
                                              condition)));
  select.BindAll(model);
  std::vector<AbTest> tests;
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return tests;
    AbTest test;
    test.id = select.IdAt(0);
    test.model = model;
    test.started = select.Int(1);
    if (!select.IsNull(2)) test.ended = select.Int(2);
    test.salt = static_cast<std::uint64_t>(select.Int(3));
    HONE_ASSIGN_OR_RETURN(test.arms, ReadArms(select.Text(4), database_->path()));
    if (!select.IsNull(5)) test.deadline = select.Int(5);
    if (!select.IsNull(6)) {
      HONE_ASSIGN_OR_RETURN(test.bandit, ReadBandit(select.Text(6), database_->path()));
    }
    test.round = select.Int(7);
    test.looked = select.Int(8);
    tests.push_back(std::move(test));
  }
}

Result<std::optional<AbTest>> AbTestStore::Running(std::string_view model) {
  HONE_ASSIGN_OR_RETURN(std::vector<AbTest> tests, Select("ended IS NULL", model));
  return tests.empty() ? std::nullopt : std::optional(std::move(tests.front()));
}

Result<std::vector<AbTest>> AbTestStore::List(std::string_view model) { return Select("1", model); }

Result<std::vector<std::string>> AbTestStore::Overdue(Time now) {
  HONE_ASSIGN_OR_RETURN(
      Statement select,
      database_->Prepare("SELECT model FROM ab_tests WHERE ended IS NULL AND deadline <= ? ORDER BY model"));
  select.BindAll(now);
  std::vector<std::string> models;
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return models;
    models.push_back(select.Text(0));
  }
}

Result<std::vector<std::string>> AbTestStore::DueBandits(Time now) {
  HONE_ASSIGN_OR_RETURN(
      Statement select,
      database_->Prepare("SELECT model, looked, bandit FROM ab_tests WHERE ended IS NULL AND bandit IS "
                         "NOT NULL ORDER BY model"));
  std::vector<std::string> models;
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return models;
    HONE_ASSIGN_OR_RETURN(const AbBandit bandit, ReadBandit(select.Text(2), database_->path()));
    if (now - select.Int(1) >= Duration{60} * kSecond * bandit.minutes) models.push_back(select.Text(0));
  }
}

Status AbTestStore::Share(const AbTest& test) {
  HONE_ASSIGN_OR_RETURN(Statement update,
                        database_->Prepare("UPDATE ab_tests SET arms = ?, round = ?, looked = ? WHERE "
                                           "model = ? AND ended IS NULL"));
  return update.Run(WriteArms(test.arms), test.round, test.looked, test.model);
}

Status AbTestStore::Start(const AbTest& test) {
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  HONE_RETURN_IF_ERROR(End(test.model, test.started));
  HONE_ASSIGN_OR_RETURN(
      Statement insert,
      database_->Prepare(
          "INSERT INTO ab_tests (id, model, started, salt, arms, deadline, bandit, looked) VALUES (?, ?, ?, "
          "?, ?, NULLIF(?, 0), NULLIF(?, ''), ?)"));
  HONE_RETURN_IF_ERROR(insert.Run(test.id, test.model, test.started, test.salt, WriteArms(test.arms),
                                  test.deadline.value_or(0), test.bandit ? WriteBandit(*test.bandit) : std::string(),
                                  test.looked));
  return transaction.Commit();
}

Status AbTestStore::End(std::string_view model, Time now) {
  HONE_ASSIGN_OR_RETURN(Statement update,
                        database_->Prepare("UPDATE ab_tests SET ended = ? WHERE model = ? AND ended IS NULL"));
  return update.Run(now, model);
}

}  // namespace hone
