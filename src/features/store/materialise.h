// Writes the values of registered features over the bars of an entity: all of them (backfill), and later what is new.
//
// The features run over the whole series from its first bar by the streaming objects that serve live rows, so their
// bits are the same in one go, in pieces and online. What is written already is passed over; bars that came late or
// corrected give new versions of the values they change, known when the last of their bars was. After a crash the next
// call goes on where the last commit was and writes the same values.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "features/feature_set.h"
#include "features/store/bar_history.h"
#include "features/store/feature_values.h"
#include "features/store/registered_features.h"
#include "storage/database.h"

namespace hone {

struct Materialised {
  std::int64_t values = 0;     // written
  std::int64_t revisions = 0;  // of them, new versions of values that were there
};

// Features of an entity that have been run over its bars up to a batch, ready for the next bar.
struct FoldedFeatures {
  struct Column {
    std::int64_t feature = 0;
    std::string key;
    bool categorical = false;
  };
  FeatureSet set;
  std::vector<Column> columns;  // of `set`
  FeatureEntity entity;
  std::int64_t batch = 0;     // the last one within
  Time recorded_at = 0;       // of that batch
  Time known_at = INT64_MIN;  // when the latest known of the bars was
};

// `features`: none of them an embedding, each once. `now`: when the values are recorded. `rows_a_commit`: about as many
// rows are written at once. `folded`, where given, is set to the features as they were left after the last bar, if one
// pass ran over all of them. Errors: those of RegisteredFeatures::CheckFormulas; kInvalidData when a categorical
// feature has a value that is no whole number; kConflict when another process writes values of the entity, too.
Result<Materialised> Materialise(Database& database, const RegisteredFeatures& registered,
                                 const std::vector<const RegisteredFeature*>& features, const FeatureEntity& entity,
                                 Time now, std::size_t rows_a_commit = 100'000,
                                 std::optional<FoldedFeatures>* folded = nullptr);

// The same features without writing anything.
Result<FoldedFeatures> Fold(Database& database, const RegisteredFeatures& registered,
                            const std::vector<const RegisteredFeature*>& features, const FeatureEntity& entity);

// Takes the bars of the batch after folded.batch, none of them late, and writes their values: what Materialise would
// write. After an error `folded` is of no use.
Result<Materialised> Advance(Database& database, FoldedFeatures& folded, const BarBatch& batch,
                             std::span<const Bar> bars, Time now);

}  // namespace hone
