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

}  // namespace

Result<std::vector<AbTest>> AbTestStore::Select(const char* condition, std::string_view model) {
  HONE_ASSIGN_OR_RETURN(
      Statement select,
      database_->Prepare(fmt::format(
          "SELECT id, started, ended, salt, arms FROM ab_tests WHERE model = ? AND {} ORDER BY started DESC, id DESC",
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
    tests.push_back(std::move(test));
  }
}

Result<std::optional<AbTest>> AbTestStore::Running(std::string_view model) {
  HONE_ASSIGN_OR_RETURN(std::vector<AbTest> tests, Select("ended IS NULL", model));
  return tests.empty() ? std::nullopt : std::optional(std::move(tests.front()));
}

Result<std::vector<AbTest>> AbTestStore::List(std::string_view model) { return Select("1", model); }

Status AbTestStore::Start(const AbTest& test) {
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  HONE_RETURN_IF_ERROR(End(test.model, test.started));
  HONE_ASSIGN_OR_RETURN(
      Statement insert,
      database_->Prepare("INSERT INTO ab_tests (id, model, started, salt, arms) VALUES (?, ?, ?, ?, ?)"));
  HONE_RETURN_IF_ERROR(insert.Run(test.id, test.model, test.started, test.salt, WriteArms(test.arms)));
  return transaction.Commit();
}

Status AbTestStore::End(std::string_view model, Time now) {
  HONE_ASSIGN_OR_RETURN(Statement update,
                        database_->Prepare("UPDATE ab_tests SET ended = ? WHERE model = ? AND ended IS NULL"));
  return update.Run(now, model);
}

}  // namespace hone
