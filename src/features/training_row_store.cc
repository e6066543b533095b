#include "features/training_row_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "features/store/schema.h"
#include "storage/float_blob.h"

namespace hone {

Status TrainingRowStore::Append(const std::string& model, std::size_t index, Time time, Time label_time,
                                std::span<const double> features, double y) {
  HONE_ASSIGN_OR_RETURN(Statement insert,
                        database_->Prepare("INSERT OR IGNORE INTO training_rows (model, number, time, label_time, "
                                           "features, y) VALUES (?, ?, ?, ?, ?, ?)"));
  const std::string bytes = EncodeDoubles(features);
  return insert.Run(model, index, time, label_time, Blob{bytes}, y);
}

Result<Dataset> TrainingRowStore::Read(const std::string& model, const std::vector<std::string>& names,
                                       std::size_t rows) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare("SELECT number, time, label_time, features, y FROM training_rows "
                                           "WHERE model = ? ORDER BY number LIMIT ?"));
  const auto limit = static_cast<std::int64_t>(std::min<std::size_t>(rows, INT64_MAX));
  select.BindAll(model, limit);
  Dataset data;
  data.names = names;
  for (;;) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) break;
    HONE_ASSIGN_OR_RETURN(const std::vector<double> features, DecodeDoubles(select.Bytes(3)));
    if (select.Int(0) != static_cast<std::int64_t>(data.rows()) || features.size() != names.size()) {
      return Error{ErrorCode::kCorrupt,
                   fmt::format("training row {} of model {} is missing or damaged", data.rows(), model),
                   database_->path(), 0, "training_rows"};
    }
    data.time.push_back(select.Int(1));
    data.label_time.push_back(select.Int(2));
    data.x.insert(data.x.end(), features.begin(), features.end());
    data.y.push_back(select.Double(4));
  }
  return data;
}

Result<std::size_t> TrainingRowStore::Count(const std::string& model) {
  HONE_ASSIGN_OR_RETURN(Statement select, database_->Prepare("SELECT count(*) FROM training_rows WHERE model = ?"));
  select.BindAll(model);
  HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
  return row ? static_cast<std::size_t>(select.Int(0)) : 0;
}

Migrations FeaturesMigrations() {
  return {{"features", 1, "training_rows",
           "CREATE TABLE training_rows (model TEXT NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL, "
           "label_time INTEGER NOT NULL, features BLOB NOT NULL, y REAL NOT NULL, PRIMARY KEY (model, number)) "
           "WITHOUT ROWID;"},
          {"features", 2, "feature_store", FeatureStoreSql()},
          {"features", 3, "feature_latest", LatestValuesSql()}};
}

}  // namespace hone
