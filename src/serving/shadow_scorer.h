// What the other live versions would have answered to a request: off the answer path, from the logged prediction.
#pragma once

#include <vector>

#include "records/prediction.h"
#include "serving/snapshot.h"

namespace hone {

// Replaces `out` by the answers of champion, challengers and shadows, in this order, without the version that answered;
// while the model is frozen persistence is the last of them. Versions without a finite answer are left out and counted
// in the return value. The prediction's features must be a row of the snapshot's width; of another width nothing is
// scored and every version counts as without an answer (the model's feature list changed meanwhile).
std::size_t ScoreShadows(const Prediction& prediction, const ModelSnapshot& snapshot,
                         std::vector<ShadowPrediction>& out);

}  // namespace hone
