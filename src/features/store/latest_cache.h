// The newest values of instruments in memory, as the store has them now: each is checked against the stamp of its
// snapshot (latest_snapshots.h) when it is asked for, so that what another process wrote is never missed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"
#include "features/store/latest_snapshots.h"
#include "features/store/recent_map.h"
#include "features/store/registered_features.h"
#include "features/store/shared_latest.h"
#include "storage/database.h"

namespace hone {

// Thread-safe; one caller reads the store at a time.
class LatestCache {
 public:
  using Values = std::shared_ptr<const EntityLatest>;

  // `database`: read-only, of the store. `most`: instruments kept, >= 1.
  LatestCache(std::unique_ptr<Database> database, std::size_t most) : database_(std::move(database)), kept_(most) {}

  // What is in memory and in step with the store. Null where it is not; `stamp` is then what the store has, if it has
  // the instrument.
  struct Found {
    Values values;
    std::optional<LatestStamp> stamp;
  };
  Result<Found> Find(const std::string& entity);
  // From the disk, then kept. kNotFound.
  Result<Values> Load(const std::string& entity);
  // Keeps values that were had elsewhere, if they are those of the stamp.
  void Put(const LatestStamp& stamp, Values values);
  // What to ask others for: every feature's newest version, without values.
  Result<EntityLatest> Asked(const std::string& entity);
  // Loads the instruments written last, as many as are kept; gives them.
  Result<std::vector<Values>> Restore();

  std::size_t size() const;

 private:
  struct Kept {
    LatestStamp stamp;
    Values values;
  };
  Result<const RegisteredFeatures*> Registered(std::int64_t definitions);
  Result<Values> LoadLocked(const std::string& entity);

  mutable std::mutex mutex_;
  const std::unique_ptr<Database> database_;
  std::unique_ptr<RegisteredFeatures> registered_;
  std::int64_t definitions_ = -1;  // the newest when they were read
  RecentMap<Kept> kept_;
};

}  // namespace hone
