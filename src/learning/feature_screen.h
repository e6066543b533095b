// Which of many candidate features tell something about the target that the features at hand do not.
//
// A candidate is judged by purged, time-ordered validation (validate.h): the recipe is fitted on each fold's past with
// its features, and with its features and the candidate, and both answer the fold's future, a and a'. Its gain is the
// mean over all n judged rows, in time order, of the loss without less the loss with it (answer_loss.h). With
//
//   f_i = loss_i - loss'_i + (a_i - a'_i)^2   of ridge, whose models are nested (Clark and West 2007, "Approximately
//                                             normal tests for equal predictive accuracy in nested models")
//   f_i = loss_i - loss'_i                    of others
//   t = mean(f) sqrt(n / v)
//   p = P(T > t) of Student's t with B - 1 degrees of freedom; 1 where the gain is not above 0
//
// v and B: the long-run variance of f and the blocks it rests on, the largest over block lengths and of an AR(1)
// (stats/paired_evidence.h), so that neither overlapping labels nor features that move slowly make rows seem
// independent. Fewer than 12 blocks of two horizons, or a candidate that changes no answer: p = 1. The square that
// ridge is given back is what the estimation of a coefficient costs; without it, as with trees, a candidate that tells
// nothing has a mean below 0 and the test errs on the safe side.
//
// All p are adjusted together (Benjamini and Yekutieli 2001: candidates made of the same prices depend on each other in
// any way), and those at most alpha are discovered: of all discoveries in expectation at most a share of alpha tell
// nothing.
//
// Before, without a look at labels, candidates are left out that hardly vary, are mostly missing, or have an absolute
// correlation with a feature at hand or an earlier candidate of at least `redundant`.
//
// Discoveries may tell the same. They are selected forwards: from the smallest p on, one stays where it still lowers
// the loss, p <= alpha, of the recipe with the features at hand and those selected before.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "features/dataset.h"
#include "learning/recipe.h"
#include "learning/time_folds.h"

namespace hone {

struct ScreenOptions {
  TimeFoldOptions folds;
  double alpha = 0.1;        // share of false discoveries, (0, 1)
  double redundant = 0.999;  // |correlation| of what is the same, (0, 1]
  double missing = 0.2;      // greatest share of missing values, [0, 1)
  int most_selected = 16;    // at least 0
  std::uint64_t seed = 0;    // of the learner
};

enum class CandidateState : std::uint8_t {
  kConstant,       // does not vary
  kMostlyMissing,  // more missing values than allowed
  kRedundant,      // the same as `same_as`
  kRefused,        // judged: it lowers no loss for certain
  kDiscovered,     // judged: it does, beyond the features at hand
  kSelected,       // and beyond those selected before
};
const char* CandidateStateName(CandidateState state);  // "constant", "missing", "redundant", "refused", ...

struct ScreenedCandidate {
  std::string name;
  CandidateState state = CandidateState::kRefused;
  std::string same_as;  // of a redundant one
  double gain = 0;      // mean loss without it less that with it
  double p = 1, adjusted_p = 1;
  double effective_rows = 0;  // n over the length of a block of v, 0 where there is no v
};

struct FeatureScreen {
  double loss = 0;           // mean over the judged rows, with the features at hand
  double selected_loss = 0;  // the same with those selected
  std::size_t judged_rows = 0;
  int horizon = 1;                            // rows
  std::size_t judged_candidates = 0;          // K of the adjustment
  std::vector<ScreenedCandidate> candidates;  // as given
  std::vector<std::string> selected;          // in the order of selection
};

// `recipe` has the features at hand, is no mean, and stands in no need of other recipes; `candidates` are other columns
// of `data`. Rows [begin, end). Folds run in parallel on `executor`; the numbers do not depend on its parallelism.
// Errors: those of ValidateRecipe; kInvalidArgument for a mean or an unknown candidate.
Result<FeatureScreen> ScreenFeatures(const Recipe& recipe, const Dataset& data, std::size_t begin, std::size_t end,
                                     std::span<const std::string> candidates, const ScreenOptions& options,
                                     Executor& executor);

}  // namespace hone
