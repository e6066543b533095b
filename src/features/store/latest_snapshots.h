// The newest value of every feature of an entity, together: what live rows are answered from, and all that a restart
// has to read. It is written in the transaction of the values themselves, so it is always in step with them. Table:
// feature_latest. A snapshot that is damaged is told in the log and made again from the values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "features/store/feature_values.h"
#include "features/store/latest_text.h"
#include "storage/database.h"

namespace hone {

// As long as it is the same, so are the newest values of an entity.
struct LatestStamp {
  std::int64_t entity = 0;
  Time written_at = 0;           // 0 where nothing was written
  std::int64_t definitions = 0;  // the newest of them
  bool operator==(const LatestStamp&) const = default;
};

// Single-threaded, as its connection.
class LatestSnapshots {
 public:
  explicit LatestSnapshots(Database& database) : database_(&database) {}

  // Nothing where there is no such entity.
  Result<std::optional<LatestStamp>> Find(const std::string& entity);
  Result<LatestSnapshot> Read(std::int64_t entity);
  // The entities written last, at most `most`, the last one first.
  Result<std::vector<std::string>> Newest(std::size_t most);

  // Takes in rows that are being written of an entity, in the order of events.
  Status Merge(std::int64_t entity, std::span<const FeatureValueRow> rows);

 private:
  Result<LatestSnapshot> Remade(std::int64_t entity, Time written_at);

  Database* database_;
};

}  // namespace hone
