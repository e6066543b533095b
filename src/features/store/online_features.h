// The features of a server's instruments, kept folded in memory and brought forward by each new bar.
//
// New bars go into the store as a batch, as those of a backfill do (bar_history.h), and their values beside them: the
// same rows that Materialise would write, for the features are the streaming objects it runs, left where they were
// after the bar before. Where they are not there, of another batch or of other features, or bars came late or
// corrected, Materialise runs from the first bar on and leaves them. So nothing need be told when another process fills
// the store or a transaction is taken back: the batch in the store says it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "features/store/materialise.h"
#include "features/store/recent_map.h"
#include "features/store/registered_features.h"
#include "market/bar.h"
#include "storage/database.h"

namespace hone {

// Single-threaded, as its connection, but for the counts.
class OnlineFeatures {
 public:
  // `most`: instruments whose features stay folded; the one that had no bar for longest is folded again when it has.
  OnlineFeatures(Database& database, std::size_t most) : database_(&database), folds_(most) {}

  // What is registered now; valid until the next call. Another process may register more, and a transaction that is
  // taken back takes what was registered in it with it.
  Result<RegisteredFeatures*> Registered();

  // Adds what is new or different in `series` to the entity of its instrument, and the values of the newest versions
  // that are not deprecated. Errors: those of BarHistory::Add (`told` is its) and Materialise; in a transaction of the
  // caller's that is then to be taken back.
  struct Taken {
    std::int64_t bars = 0;
    Materialised written;
  };
  Result<Taken> Take(const BarSeries& series, Time now, bool told);

  // Any thread.
  struct Counts {
    std::atomic<std::int64_t> bars{0}, values{0};
    std::atomic<std::int64_t> folds{0};   // from the first bar on
    std::atomic<std::int64_t> folded{0};  // instruments, now
  };
  const Counts& counts() const { return counts_; }

 private:
  using Chosen = std::vector<const RegisteredFeature*>;
  Result<Materialised> Write(const FeatureEntity& entity, const BarBatch& batch, Time now);
  Result<FoldedFeatures*> FoldedBefore(const FeatureEntity& entity, const BarBatch& batch, const Chosen& chosen);
  Result<Materialised> FoldAnew(const FeatureEntity& entity, const Chosen& chosen, Time now);

  Database* database_;
  std::unique_ptr<RegisteredFeatures> registered_;
  std::int64_t version_ = 0, rollbacks_ = 0;  // of the database when they were read
  RecentMap<FoldedFeatures> folds_;
  Counts counts_;
};

}  // namespace hone
