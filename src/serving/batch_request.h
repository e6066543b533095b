// Reads the body of POST /predict/batch:
//   {"model":"volatility","rows":[[31.5,null],[30.1,2]]}               by position, in the model's order
//   {"model":"volatility","rows":[{"rsi_14":31.5,"macd":null},...]}    by name, each row all of the model's features
//   {"model":"volatility","columns":{"rsi_14":[31.5,30.1],"macd":[null,2]}}      by column: all features, equal lengths
// `model` may be left out where only one model is served; null is a missing value. `key`, 1 to 64 visible ASCII
// characters, may be given: then one version answers every row, the one that answers other requests of this key
// (router.h).
//
//   HONE_ASSIGN_OR_RETURN(const BatchRequest request, reader.Read(body));
//   batch.Begin(snapshot_of(request.model), request.rows);
//   HONE_RETURN_IF_ERROR(reader.Fill(batch.snapshot(), batch.rows()));
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"
#include "serving/snapshot.h"

namespace hone {

struct BatchRequest {
  std::string_view model;  // "" when left out
  std::string_view key;    // the same
  std::size_t rows = 0;    // 1 ... kMaxRows
};

// Not thread-safe: one a thread.
class BatchRequestReader {
 public:
  static constexpr std::size_t kMaxRows = 100'000;
  static constexpr std::size_t kMaxBytes = std::size_t{64} << 20;

  BatchRequestReader();
  ~BatchRequestReader();

  // What the body asks for, valid until the next Read. kInvalidArgument names line and column or the key: not JSON,
  // deeper than 8, an unknown or doubled key, neither or both of rows and columns, too many rows. kInvalidData for
  // columns of different lengths.
  Result<BatchRequest> Read(std::string_view body);
  // The rows of the last Read into `rows`: BatchRequest::rows x snapshot.width(), row-major. kInvalidArgument for a
  // value that is no number; kInvalidData for features that are not the model's. Both name the row.
  Status Fill(const ModelSnapshot& snapshot, std::span<double> rows);
  // Gives back the memory that a large body took.
  void Shrink();

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace hone
