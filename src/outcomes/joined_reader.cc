#include "outcomes/joined_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "outcomes/first_id.h"
#include "outcomes/prediction_row.h"

namespace hone {
namespace {

// Rows of one table in order of id, read beside another such table.
class SortedRows {
 public:
  SortedRows(Database& database, std::string_view sql, Id begin, Id end)
      : database_(&database), sql_(sql), begin_(begin), end_(end) {}

  Status Open() {
    HONE_ASSIGN_OR_RETURN(Statement statement, database_->Prepare(sql_));
    statement_.emplace(std::move(statement));
    statement_->BindAll(begin_, end_);
    return Next();
  }

  // Goes to the first row whose id is not before `id`.
  Status Seek(const Id& id) {
    while (on_row_ && id_ < id) HONE_RETURN_IF_ERROR(Next());
    return OkStatus();
  }
  bool At(const Id& id) const { return on_row_ && id_ == id; }
  const Statement& row() const { return *statement_; }

  Status Next() {
    HONE_ASSIGN_OR_RETURN(on_row_, statement_->Step());
    if (on_row_) id_ = statement_->IdAt(0);
    return OkStatus();
  }

 private:
  Database* database_;
  std::string sql_;
  Id begin_;
  Id end_;
  std::optional<Statement> statement_;
  bool on_row_ = false;
  Id id_;
};

Status TakeShadows(SortedRows& shadows, JoinedPrediction& joined) {
  const Id id = joined.prediction.id;
  HONE_RETURN_IF_ERROR(shadows.Seek(id));
  while (shadows.At(id)) {
    joined.shadows.push_back({id, shadows.row().Text(1), shadows.row().Double(2)});
    HONE_RETURN_IF_ERROR(shadows.Next());
  }
  return OkStatus();
}

}  // namespace

Status JoinedReader::Join(const JoinedQuery& query, Statement& predictions, std::vector<JoinedPrediction>& rows) {
  Database& database = *predictions_->database_;
  const Id begin = FirstIdOf(query.begin);
  const Id end = FirstIdOf(query.end);
  SortedRows outcomes(database,
                      "SELECT prediction_id, value, time FROM outcomes WHERE prediction_id >= ? AND prediction_id < ? "
                      "ORDER BY prediction_id",
                      begin, end);
  SortedRows shadows(database,
                     "SELECT prediction_id, version, value FROM shadow_predictions WHERE prediction_id >= ? AND "
                     "prediction_id < ? ORDER BY prediction_id, version",
                     begin, end);
  HONE_RETURN_IF_ERROR(outcomes.Open());
  if (query.with_shadows) HONE_RETURN_IF_ERROR(shadows.Open());
  while (static_cast<std::int64_t>(rows.size()) < query.limit) {
    HONE_ASSIGN_OR_RETURN(const bool row, predictions.Step());
    if (!row) break;
    const Id id = predictions.IdAt(0);
    HONE_RETURN_IF_ERROR(outcomes.Seek(id));
    if (query.with_outcome && !outcomes.At(id)) continue;
    JoinedPrediction joined;
    HONE_ASSIGN_OR_RETURN(joined.prediction, ReadPrediction(predictions, database.path()));
    if (outcomes.At(id)) joined.outcome = Outcome{id, outcomes.row().Double(1), outcomes.row().Int(2)};
    if (query.with_shadows) HONE_RETURN_IF_ERROR(TakeShadows(shadows, joined));
    rows.push_back(std::move(joined));
  }
  return OkStatus();
}

Result<std::vector<JoinedPrediction>> JoinedReader::Read(const JoinedQuery& query) {
  HONE_ASSIGN_OR_RETURN(Statement predictions,
                        predictions_->database_->Prepare(fmt::format(
                            "SELECT {} FROM predictions p WHERE p.id >= ? AND p.id < ? AND (?3 = '' OR p.model = ?3) "
                            "ORDER BY p.id",
                            kPredictionColumns)));
  predictions.BindAll(FirstIdOf(query.begin), FirstIdOf(query.end), query.model);
  std::vector<JoinedPrediction> rows;
  HONE_RETURN_IF_ERROR(Join(query, predictions, rows));
  return rows;
}

// Partition by partition, the newest first: a merge of hundreds would cost more than the rows that are wanted.
Status JoinedReader::VisitNewest(const std::string& model, Time begin, Time end, const Visitor& visit,
                                 bool with_shadows) {
  HONE_RETURN_IF_ERROR(predictions_->predictions_.Locate(begin));
  const std::vector<Partition> partitions = predictions_->predictions_.list();
  for (auto partition = partitions.rbegin(); partition != partitions.rend(); ++partition) {
    if (partition->begin >= end || partition->end <= begin) continue;
    const auto visit_range = [&](const IdRange& range) {
      return VisitRange(partition->table, model, begin, end, range, with_shadows, visit);
    };
    HONE_ASSIGN_OR_RETURN(const bool more,
                          predictions_->ranges_.VisitNewest(model, partition->begin, begin, end, visit_range));
    if (!more) break;
  }
  return OkStatus();
}

Result<bool> JoinedReader::VisitRange(const std::string& table, const std::string& model, Time begin, Time end,
                                      const IdRange& range, bool with_shadows, const Visitor& visit) {
  Database& database = *predictions_->database_;
  HONE_ASSIGN_OR_RETURN(Statement predictions,
                        database.Prepare(fmt::format("SELECT {} FROM {} p WHERE p.model = ? AND p.id >= ? AND "
                                                     "p.id < ? AND p.id <= ? ORDER BY p.id DESC",
                                                     kPredictionColumns, table)));
  predictions.BindAll(model, std::max(range.smallest, FirstIdOf(begin)), FirstIdOf(end), range.largest);
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, predictions.Step());
    if (!row) return true;
    JoinedPrediction joined;
    HONE_ASSIGN_OR_RETURN(joined.prediction, ReadPrediction(predictions, database.path()));
    HONE_ASSIGN_OR_RETURN(joined.outcome, outcomes_->Find(joined.prediction.id));
    if (with_shadows) {
      HONE_ASSIGN_OR_RETURN(joined.shadows, predictions_->Shadows(joined.prediction.id));
    }
    if (!visit(joined)) return false;
  }
}

Result<std::optional<JoinedPrediction>> JoinedReader::Find(const Id& id) {
  HONE_ASSIGN_OR_RETURN(auto prediction, predictions_->Find(id));
  if (!prediction) return std::optional<JoinedPrediction>();
  JoinedPrediction joined;
  joined.prediction = std::move(*prediction);
  HONE_ASSIGN_OR_RETURN(joined.outcome, outcomes_->Find(id));
  HONE_ASSIGN_OR_RETURN(joined.shadows, predictions_->Shadows(id));
  return std::optional(std::move(joined));
}

}  // namespace hone
