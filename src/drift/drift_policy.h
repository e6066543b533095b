// The `drift` section of the policy: every threshold and cadence of drift detection.
#pragma once

#include <cstdint>

#include "base/yaml.h"

namespace hone {

struct DriftPolicy {
  // Cadence: compare the newest `window` rows with the reference every `every` rows.
  std::int64_t window = 250;  // [20, 1000000]
  std::int64_t every = 25;    // [1, 1000000]

  // A column drifts when its Benjamini-Hochberg adjusted p is at most `false_discovery_rate` and its D at least
  // `material_statistic`.
  double false_discovery_rate = 0.05;  // (0, 0.5]
  double material_statistic = 0.04;    // [0, 1]; 0.04 is a mean shift of 0.1 standard deviations

  // Below these the answer is no_data: rows divided by the autocorrelation time tau.
  double minimum_effective_reference_rows = 100;  // [20, 1e9]
  double minimum_effective_current_rows = 30;     // [5, 1e9]

  int autoregression_order = 5;  // [1, 50]: innovations are residuals of AR(order)
  int bins = 10;                 // [2, 100]: of the population stability index and other binned distances

  // What detectors other than the default one, and intervals of effects, need.
  int resamples = 400;              // [99, 100000]: of a bootstrap
  double level = 0.95;              // (0.5, 1): of the intervals of effects
  int categories = 50;              // [2, 1000]: the most frequent of the reference are told apart, the others are one
  double explained_variance = 0.8;  // (0, 1): share of the reference's variance that the principal components keep
  int folds = 5;                    // [2, 20]: of the domain classifier

  // Severity of a drifted column: the first reached from above by the shift (Wasserstein distance in interquartile
  // ranges, noise removed) or by the corrected population stability index; otherwise low.
  double medium_shift = 0.25, high_shift = 0.5, critical_shift = 1;              // > 0, increasing
  double medium_stability = 0.1, high_stability = 0.25, critical_stability = 1;  // > 0, increasing

  // Realised loss: drift is a mean loss above (1 + loss_margin) times the reference, at an anytime false alarm
  // probability of `loss_alpha`; severity by the ratio to the reference.
  double loss_margin = 0.1;              // [0, 10]
  double loss_alpha = 0.05;              // (0, 0.5]
  std::int64_t loss_restart_rows = 250;  // [20, 1000000]: a fresh start each so many rows
  double medium_loss_ratio = 1.25, high_loss_ratio = 1.5, critical_loss_ratio = 2;  // > 1, increasing
};

// Reads the keys present in `map` (named as the fields above) into `policy`; errors are collected by the document.
void ReadDriftPolicy(YamlMap map, DriftPolicy& policy);

}  // namespace hone
