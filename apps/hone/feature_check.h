// hone features check: whether features can be trusted on given bars.
//
// Look-ahead: each feature is computed again on prefixes of the bars; a value that differs in any bit from that over
// all bars knew the future, and the check fails. Warm-up: it is computed again on bars that begin later; told is after
// how many bars the two differ by no more than a relative tolerance, for averages that never forget too. Missing: share
// of the bars after the warm-up. Redundant: pairs whose rank correlation (Spearman) is beyond a threshold.
// Stability: feature_stability.h; drift is told and fails nothing. Skew: feature_skew.h; a difference fails the check.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "drift/drift_policy.h"
#include "features/feature_set.h"
#include "hone/feature_skew.h"
#include "hone/feature_stability.h"

namespace hone {

struct FeatureCheckOptions {
  int cuts = 16;            // prefixes, and later beginnings
  double tolerance = 1e-9;  // relative, of warm-up
  double redundant = 0.95;  // |rank correlation| from which a pair is told
  int windows = 2;          // of stability
  DriftPolicy drift;
  std::string log;  // of a live server; "": none
};

struct CheckedFeature {
  std::string name;
  std::optional<std::size_t> look_ahead;  // index of the first bar whose value changed with what came after it
  int warmup = 1;                         // bars to the first value, as defined
  std::optional<std::size_t> settled;  // bars to the first that does not depend on the beginning; none: the last does
  double missing_share = 0;
  FeatureStability stability;
};

struct RedundantPair {
  std::size_t first = 0, second = 0;  // of the features, in order
  double correlation = 0;
};

struct FeatureCheck {
  std::vector<CheckedFeature> features;
  std::vector<RedundantPair> redundant;
  std::optional<FeatureSkew> skew;  // where there is a log

  bool looks_ahead() const;
  bool passed() const { return !looks_ahead() && (!skew || skew->passed()); }
};

// Errors: those of FeatureSet::Make and of the log; no bars (kInvalidData).
Result<FeatureCheck> CheckFeatures(const std::vector<std::string>& names, const BarSeries& series,
                                   const UserDefinitions& definitions, const FeatureCheckOptions& options);

// `bars`: those that were checked.
std::string FeatureCheckJson(const FeatureCheck& check, std::span<const Bar> bars);
std::string FeatureCheckTable(const FeatureCheck& check, std::span<const Bar> bars);

}  // namespace hone
