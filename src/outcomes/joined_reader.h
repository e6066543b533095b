// Predictions of the store with what came of them: for performance over a window, and for training on logged rows.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "outcomes/outcome_store.h"
#include "outcomes/prediction_store.h"

namespace hone {

struct JoinedPrediction {
  Prediction prediction;
  std::optional<Outcome> outcome;
  std::vector<ShadowPrediction> shadows;  // by version
};

struct JoinedQuery {
  std::string model;  // "" for every model
  Time begin = 0;     // by the time in the id, [begin, end)
  Time end = 0;
  bool with_outcome = true;   // leave out predictions without one
  bool with_shadows = false;  // fill `shadows`
  std::int64_t limit = 1'000'000;
};

// Reads ranges of ids, so what a query costs follows from its range and not from the store's size.
class JoinedReader {
 public:
  // The stores must share one connection and outlive the reader.
  JoinedReader(PredictionStore& predictions, OutcomeStore& outcomes)
      : predictions_(&predictions), outcomes_(&outcomes) {}

  // In order of id: the same rows whatever order they were stored in.
  Result<std::vector<JoinedPrediction>> Read(const JoinedQuery& query);
  Result<std::optional<JoinedPrediction>> Find(const Id& id);

  // Visits the predictions of one model in [begin, end), by the time in the id, newest first, each with its outcome
  // and, `with_shadows`, what others would have answered, until `visit` says false. What it costs follows from the rows
  // visited, whatever other models do.
  using Visitor = std::function<bool(const JoinedPrediction& row)>;
  Status VisitNewest(const std::string& model, Time begin, Time end, const Visitor& visit, bool with_shadows = true);

 private:
  Status Join(const JoinedQuery& query, Statement& predictions, std::vector<JoinedPrediction>& rows);
  // Rows of `model` in the range and in [begin, end); false once the visitor has enough.
  Result<bool> VisitRange(const std::string& table, const std::string& model, Time begin, Time end,
                          const IdRange& range, bool with_shadows, const Visitor& visit);

  PredictionStore* predictions_;
  OutcomeStore* outcomes_;
};

}  // namespace hone
