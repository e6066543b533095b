// The result file of a training job: what the child leaves and the server reads.
#pragma once

#include "engine/live_store.h"
#include "engine/training_service.h"

namespace hone {

// Stores the pieces of every fit as artifacts and writes jobs/ID.json, whole or not at all.
Status WriteJobResult(const LiveStore& store, std::int64_t id, const std::vector<FitPointer>& fits);
// Reads it back: fits in the order of the job, models assembled for rows of `width` features. kNotFound without a file;
// kCorrupt when it or an artifact is damaged.
Result<TrainingResult> ReadJobResult(const LiveStore& store, std::int64_t id, const TrainingJob& job,
                                     std::size_t width);
// Every fit failed with `error`.
TrainingResult FailedResult(const TrainingJob& job, const Error& error);

}  // namespace hone
