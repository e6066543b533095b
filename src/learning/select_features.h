// The features that a recipe with a selection is fitted on, chosen anew from the rows of each fit and no others: a
// model that answers later rows never saw them, in choosing no more than in learning.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.h"
#include "features/dataset.h"
#include "learning/recipe.h"

namespace hone {

// `recipe`, whose selection is set, with the features of `always` and those that ScreenFeatures (feature_screen.h)
// selects beyond them on rows [begin, end), in the recipe's order, and without a selection. The folds leave out as many
// rows between learning and judging as a label is open. Where a fold would have fewer than 30 rows besides to learn
// from, nothing can be shown and `always` remains. Same arguments, same features. Errors: those of ScreenFeatures.
Result<Recipe> WithSelectedFeatures(const Recipe& recipe, const Dataset& data, std::size_t begin, std::size_t end,
                                    std::uint64_t seed);

}  // namespace hone
