// The plain mean of several models on the same row: ((m0 + m1) + m2 + ...) / n, added in the order given, so that the
// same members give the same bits.
#pragma once

#include <vector>

#include "models/model.h"

namespace hone {

// `members`: at least one, none null, all of one width and, where they are several, of one output. A single member is
// returned as it is.
ModelPointer MakeMeanEnsemble(std::vector<ModelPointer> members);

}  // namespace hone
