#include "engine/given_interval_store.h"

#include <utility>

#include "storage/float_blob.h"

namespace hone {
namespace {

// The prediction, what was told, then the reaches by speed.
constexpr std::size_t kNumbersBeforeReaches = 2;

}  // namespace

Status GivenIntervalStore::Add(const std::string& model, std::span<const GivenAnswer> answers) {
  HONE_ASSIGN_OR_RETURN(
      Statement insert,
      database_->Prepare("INSERT OR REPLACE INTO given_intervals (model, prediction_id, numbers) VALUES (?, ?, ?)"));
  std::vector<double> numbers;
  for (const GivenAnswer& answer : answers) {
    numbers = {answer.given.prediction, answer.told};
    numbers.insert(numbers.end(), answer.given.reaches.begin(), answer.given.reaches.end());
    HONE_RETURN_IF_ERROR(insert.Run(model, answer.prediction, DoublesAsBlob(numbers)));
  }
  return OkStatus();
}

Status GivenIntervalStore::Remove(const std::string& model, std::span<const Id> predictions) {
  HONE_ASSIGN_OR_RETURN(Statement remove,
                        database_->Prepare("DELETE FROM given_intervals WHERE model = ? AND prediction_id = ?"));
  for (const Id& prediction : predictions) HONE_RETURN_IF_ERROR(remove.Run(model, prediction));
  return OkStatus();
}

Result<std::vector<GivenAnswer>> GivenIntervalStore::Read(const std::string& model) {
  HONE_ASSIGN_OR_RETURN(
      Statement select,
      database_->Prepare("SELECT prediction_id, numbers FROM given_intervals WHERE model = ? ORDER BY prediction_id"));
  select.BindAll(model);
  std::vector<GivenAnswer> answers;
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return answers;
    HONE_ASSIGN_OR_RETURN(const std::vector<double> numbers, DecodeDoubles(select.Bytes(1)));
    if (numbers.size() < kNumbersBeforeReaches) {
      return Error{ErrorCode::kCorrupt, "has too few numbers", database_->path(), 0, "given_intervals.numbers"};
    }
    GivenAnswer answer{select.IdAt(0), numbers[1], {}};
    answer.given.prediction = numbers[0];
    answer.given.reaches.assign(numbers.begin() + kNumbersBeforeReaches, numbers.end());
    answers.push_back(std::move(answer));
  }
}

Migrations GivenIntervalMigrations() {
  return {{"given_intervals", 1, "given_intervals",
           "CREATE TABLE given_intervals (model TEXT NOT NULL, prediction_id BLOB NOT NULL, numbers BLOB NOT NULL, "
           "PRIMARY KEY (model, prediction_id)) WITHOUT ROWID;"}};
}

}  // namespace hone
