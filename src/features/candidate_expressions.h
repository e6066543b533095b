// Features nobody has thought of yet: expressions drawn from a grammar of derivations, to be screened.
//
//   s          log(close / close[1]), its size, log(high / low), log(close / open), log(volume), each feature at hand
//   k, v < w   1, 2, 3, 5, 10, 21 bars back; windows of 5, 10, 22, 44, 66 bars
//   lag        s[k]
//   change     diff(s, k)
//   mean       rolling_mean(s, w), ema(s, w)
//   spread     rolling_std(s, w), log(rolling_mean(s ^ 2, w))
//   extreme    rolling_max(s, w), rolling_min(s, w)
//   shape      skew(s, w), autocorrelation(s, w, 1) from 10 bars on
//   score      zscore(s, w)
//   ratio      rolling_mean(s, v) - rolling_mean(s, w)
//   together   correl(s, s', w)
//   trend      close / ema(close, w) - 1, log(ema(close, v) / ema(close, w))
//   place      (close - rolling_min(low, w)) / (rolling_max(high, w) - rolling_min(low, w))
//   indicator  i, each of the catalogue that takes columns and at most one window, of 5, 14 or 22 bars, each output;
//              zscore(i, 66) where prices and volumes eight times as high change it
//
// What the bars do not have (a range, volume) is left out. Every expression has passed the compiler, is in canonical
// form and is computed by nothing before it in the list, nor by a feature at hand: told by the hash of its definition.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "features/expression/user_definitions.h"
#include "features/feature.h"

namespace hone {

struct CandidateExpression {
  std::string text;
  std::string_view family;  // "lag", "change", ...
};

struct CandidateDraw {
  std::size_t derivations = 0;  // of the grammar, with these features at hand
  std::size_t repeated = 0;     // of those drawn, the same as another or as a feature at hand
  std::size_t too_long = 0;     // of those drawn, longer than a model takes
  std::vector<CandidateExpression> candidates;
};

// At most `most` of them: all in the order of the grammar, or where there are more, those a shuffle by `seed` has
// first. Errors (kInvalidArgument): a feature at hand that is none.
Result<CandidateDraw> DrawCandidates(std::span<const std::string> at_hand, SeriesTraits traits,
                                     const UserDefinitions& definitions, std::size_t most, std::uint64_t seed);

}  // namespace hone
