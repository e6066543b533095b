// The sequential verdict on dependent losses: does a challenger lose less than the champion, judged while the rows
// arrive?
//
// A scale-invariant Gaussian mixture (Lai 1976; Wang and Ramdas, "Anytime-valid t-tests", arXiv 2310.03722) over batch
// means. How long losses stay dependent is searched, not assumed: those of overlapping horizons do so beyond one
// horizon, and others beyond any. With n rows, h the horizon in rows, N = n / 2h and block lengths k = 2h, 4h, 8h, ...
// that leave B = floor(n / k) >= 12 blocks,
//
//   v     = the largest of k * S_k^2 over k (S_k^2: sample variance of the B block means) and of the long-run variance
//           2h * S_2h^2 (1 + r) / (1 - r) of an AR(1) through the means of the blocks of 2h rows (Andrews and Monahan
//           1992). r: their lag-1 autocorrelation, where it is above 1 / sqrt(B), plus 2 (1 + 3r) / B, at most 0.97:
//           its bias (Kendall 1954) and as much again, for an r that is too small decides what is not proven.
//   B     = the blocks of that variance; of the AR(1)'s, the independent ones its blocks are taken to be worth,
//           B (1 - r)^2, at least 2
//   t^2   = n * mean^2 / v
//   log e = 1/2 log(g / (N + g)) + B/2 [ log(1 + t^2 / (B - 1)) - log(1 + t^2 g / ((N + g)(B - 1))) ]
//
// Rule: at each row where look_due(), `mean > 0 and log_e >= log(1 / (2 alpha))` decides for the challenger (mean < 0
// with the same evidence decides against it); the first decision stands.
//
// Blocks count from the first row; rows after the last whole block enter the mean only. It is calibrated by simulation,
// not proven: docs/reference/dependent_data.md has the table of how often an equal challenger is advanced and of what a
// gain takes, paired_evidence_simulation_test.cc holds it.
//
// Example:
//   PairedEvidenceProcess evidence(5);
//   evidence.Add(champion_loss - challenger_loss);  // > 0 favours the challenger
//   if (evidence.look_due()) { auto now = evidence.Evaluate(alpha); advance = now.mean > 0 && now.log_e >= -log(2 *
//   alpha); }
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <vector>

#include "stats/running_moments.h"

namespace hone {

// What the rows so far say. [low, high]: the (1 - alpha) interval for the mean difference, the means m whose own
// e-value stays below 1 / alpha; infinite while no number of rows like these could have excluded anything.
struct PairedEvidence {
  std::int64_t rows = 0;
  double mean = 0;
  double log_e = 0;  // natural logarithm; 0 while there are fewer than 12 blocks of 2h rows
  // k of the largest variance, of the AR(1)'s the rows that one independent block takes; 0 where log_e could not be
  // computed.
  int block_length = 0;
  int blocks = 0;       // its B
  double variance = 0;  // v, the long-run variance of one row
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

// Collects loss differences in prediction order. Add is O(1) amortised, Evaluate O(log n) and does not allocate. Memory
// is fixed: a few numbers a block length and the newest max(60, 12 horizons) differences, all of it in State, so that a
// checkpoint is small and a restored process goes on to the bit. Deterministic; copyable; not thread-safe.
class PairedEvidenceProcess {
 public:
  // `horizon`: rows until an outcome is known, >= 1 (smaller is taken as 1). `g` > 0: rows-of-2h at which the mixture
  // is tightest.
  explicit PairedEvidenceProcess(int horizon, double g = 50);

  // Champion loss less challenger loss of the next row. A difference that is not finite says nothing that can be
  // averaged: from then on every Evaluate answers log_e = 0 and an infinite interval.
  void Add(double difference);

  std::int64_t rows() const { return rows_; }
  int horizon() const { return horizon_; }
  // Mean of all rows; 0 without any.
  double mean() const;
  // Rows MeanOfLast can look back.
  std::int64_t recent_capacity() const;
  // Mean of the newest `n` <= recent_capacity() rows, of all where there are fewer; 0 without any.
  double MeanOfLast(std::int64_t n) const;

  // rows >= 24h and a multiple of 2h.
  bool look_due() const;
  // alpha in (0, 1): 1 - alpha is the level of the interval.
  PairedEvidence Evaluate(double alpha) const;

  // Blocks of 2h * 2^level rows: the moments of the means of the finished ones, and the first of the next pair.
  struct Level {
    RunningMoments means;
    double waiting = 0;
    bool has_waiting = false;
  };
  static constexpr int kLevels = 40;
  // Of the finished blocks of 2h rows, less the mean of the first: the newest, and the sum of products of neighbours.
  struct Neighbours {
    double first = 0, newest = 0, products = 0;
  };
  // Everything but horizon and g. Levels after the last one used may be left out.
  struct State {
    bool finite = true;
    std::int64_t rows = 0, in_block = 0;
    double sum = 0, block_sum = 0;
    std::vector<double> recent;  // oldest first
    std::vector<Level> levels;
    // Nothing in states written before neighbours were kept: such evidence goes on by block lengths alone.
    std::optional<Neighbours> neighbours = Neighbours{};
  };
  State state() const;
  // `state` as state() of a process with the same horizon gave it.
  void Restore(const State& state);

 private:
  // A long-run variance and the number of independent blocks it rests on.
  struct LongRunVariance {
    double variance = -1, blocks = 0, block_length = 0;
  };

  void CloseBlock();
  void AddNeighbour(double mean);
  LongRunVariance OfBlocks() const;
  LongRunVariance OfAutoregression() const;
  double Autocorrelation() const;

  int horizon_;
  double g_;
  bool finite_ = true;
  std::int64_t rows_ = 0, in_block_ = 0;
  double sum_ = 0, block_sum_ = 0;
  std::deque<double> recent_;
  std::array<Level, kLevels> levels_{};
  std::optional<Neighbours> neighbours_ = Neighbours{};
};

}  // namespace hone
