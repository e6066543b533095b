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
  // Where an ensemble answered a row (route(i).model->ensemble()): its members' answers to it. Empty otherwise.
  std::span<const double> votes(std::size_t i) const;
  // Who answered a row, and with which probability.
  const Route& route(std::size_t i) const { return routes_[chosen_[i]]; }
  // The one version that answered every row; nullptr where they are several, or no row at all.
  const std::string* version() const;
  // By row: the ids under which answers were logged, zero for a row without an answer. Empty until the first is logged.
  std::span<const Id> ids() const { return ids_; }
  // When it was asked, and a row's share of the time its evaluation took.
  Time time() const { return time_; }
  Duration latency() const { return latency_; }
  // What a row was assigned to. No split where one version was asked for, or there are no challengers.
  Assignment AssignmentOf(std::size_t i) const;
  // A row as the record for the log, all but its id; where traffic is split also one without an answer, for the count.
  void FillRecord(std::size_t i, Prediction& prediction) const;

  // Memory of rows, answers and votes, in bytes.
  std::size_t capacity_bytes() const {
    return (rows_.capacity() + answers_.capacity() + votes_.capacity()) * sizeof(double);
  }

 private:
  friend class BatchPredictor;
  // Where a row was sent, an index into routes_: the rest, those passed on by a challenger, challenger 0, 1, ...
  using Choice = std::uint8_t;
  static constexpr Choice kRest = 0, kPassedOn = 1, kFirstChallenger = 2;

  SnapshotPointer snapshot_;
  std::vector<double> rows_, answers_;
  std::vector<double> votes_;     // size() x vote_numbers_, of which a row's ensemble uses the first numbers()
  std::size_t vote_numbers_ = 0;  // 0 where no ensemble is asked
  std::vector<Choice> chosen_;
  std::vector<Choice> drawn_;         // where the router sent them; empty without challengers
  std::vector<std::uint8_t> failed_;  // by row: whoever was drawn had no finite answer; empty where nobody counts
  std::uint64_t unit_ = 0;            // of the key that all rows were drawn by
  std::vector<Route> routes_;
  std::vector<Id> ids_;
  std::size_t logged_ = 0;  // rows before this one are in the ring or have no answer
  Time time_ = 0;
  Duration latency_ = 0;
};

}  // namespace hone
