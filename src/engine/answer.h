// The answer to one row outside the socket path: replay and the bar-driven predictions of serve.
#pragma once

#include <span>

#include "base/id.h"
#include "base/random.h"
#include "engine/improvement_loop.h"
#include "records/prediction.h"

namespace hone {

// The column of the model's naive answer.
std::size_t PersistenceColumn(const ModelDefinition& model);

// Routes one row as the loop's routing says (champion, canary with its share, persistence while frozen) and evaluates
// it. The loop must be serving. Draws once from `router`, only while there is a canary.
Prediction AnswerRow(const ImprovementLoop& loop, Time now, std::span<const double> features, IdGenerator& ids,
                     Random& router);

}  // namespace hone
