// Writes the values of registered features over the bars of an entity: all of them (backfill), and later what is new.
//
// The features run over the whole series from its first bar by the streaming objects that serve live rows, so their
// bits are the same in one go, in pieces and online. What is written already is passed over; bars that came late or
// corrected give new versions of the values they change, known when the last of their bars was. After a crash the next
// call goes on where the last commit was and writes the same values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "features/store/bar_history.h"
#include "features/store/feature_values.h"
#include "features/store/registered_features.h"
#include "storage/database.h"

namespace hone {

struct Materialised {
  std::int64_t values = 0;     // written
  std::int64_t revisions = 0;  // of them, new versions of values that were there
};

// `features`: none of them an embedding, each once. `now`: when the values are recorded. `rows_a_commit`: about as many
// rows are written at once. Errors: those of RegisteredFeatures::CheckFormulas; kInvalidData when a categorical feature
// has a value that is no whole number.
Result<Materialised> Materialise(Database& database, const RegisteredFeatures& registered,
                                 const std::vector<const RegisteredFeature*>& features, const FeatureEntity& entity,
                                 Time now, std::size_t rows_a_commit = 100'000);

}  // namespace hone
