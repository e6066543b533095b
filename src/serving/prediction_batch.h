// The rows of one request and what was answered to them. Its memory is reused from request to request.
//
//   batch.Begin(set->FindShared("volatility"), 1000);
//   Fill(batch.rows());
//   predictor.Predict(batch);                       // batch_predictor.h
//   for (std::size_t i = 0; i < batch.size(); ++i) Tell(batch.answer(i));
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "records/prediction.h"
#include "serving/router.h"
#include "serving/snapshot.h"

namespace hone {

// Not thread-safe.
class PredictionBatch {
 public:
  // A new request of `size` rows for this snapshot, which the batch keeps alive. Rows hold anything until they are
  // written; nothing is answered yet.
  void Begin(SnapshotPointer snapshot, std::size_t size);

  // Lets the snapshot go and keeps the memory; only Begin may follow.
  void End() { snapshot_.reset(); }

  const ModelSnapshot& snapshot() const { return *snapshot_; }
  std::size_t size() const { return chosen_.size(); }
  // size() x snapshot().width(), row-major; NaN is a missing value.
  std::span<double> rows() { return rows_; }
  std::span<const double> row(std::size_t i) const;

  // --- once it is answered ---

  // size() x snapshot().outputs(), row-major. A row that has no finite answer is NaN throughout.
  std::span<const double> answers() const { return answers_; }
  std::span<const double> answer(std::size_t i) const;
  bool answered(std::size_t i) const;
  // Who answered a row, and with which probability.
  const Route& route(std::size_t i) const { return routes_[static_cast<std::size_t>(chosen_[i])]; }
  // The one version that answered every row; nullptr where they are several, or no row at all.
  const std::string* version() const;
  // By row: the ids under which answers were logged, zero for a row without an answer. Empty until the first is logged.
  std::span<const Id> ids() const { return ids_; }
  // When it was asked, and a row's share of the time its evaluation took.
  Time time() const { return time_; }
  Duration latency() const { return latency_; }
  // A row as the record for the log, all but its id.
  void FillRecord(std::size_t i, Prediction& prediction) const;

  // Memory of rows and answers, in bytes.
  std::size_t capacity_bytes() const { return (rows_.capacity() + answers_.capacity()) * sizeof(double); }

 private:
  friend class BatchPredictor;
  // Where a row was sent; routes_ says what that is.
  enum class Choice : std::uint8_t { kRest, kCanary, kWithoutCanary };

  SnapshotPointer snapshot_;
  std::vector<double> rows_, answers_;
  std::vector<Choice> chosen_;
  Route routes_[3];
  std::vector<Id> ids_;
  std::size_t logged_ = 0;  // rows before this one are in the ring or have no answer
  Time time_ = 0;
  Duration latency_ = 0;
};

}  // namespace hone
