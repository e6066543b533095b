// Rows for the tests that hold our forest against the library that trained it: training rows with labels of every kind,
// and rows that lie where a comparison of a given forest turns.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "base/random.h"
#include "models/forest/forest.h"

namespace hone {

inline constexpr std::size_t kExactnessWidth = 6;
inline constexpr std::size_t kExactnessRows = 600;

enum class LabelKind {
  kReal,
  kPositive,
  kCount,
  kUnit,      // within (0, 1)
  kBinary,    // 0 and 1
  kClasses,   // 0, 1, 2
  kGrades,    // of relevance, 0 to 3
  kCensored,  // positive, every fourth negative: survival times, a censored one with its sign changed
};

struct ExactnessRows {
  std::vector<double> x;
  std::vector<float> y;
};

inline double ExactnessLabel(LabelKind kind, double y, std::size_t row) {
  switch (kind) {
    case LabelKind::kReal: return y;
    case LabelKind::kPositive: return std::exp(0.3 * y);
    case LabelKind::kCount: return std::floor(std::exp(0.5 * y));
    case LabelKind::kUnit: return 1 / (1 + std::exp(-y));
    case LabelKind::kBinary: return y > 0.5;
    case LabelKind::kClasses: return (y > 0) + (y > 1.5);
    case LabelKind::kGrades: return (y > 0) + (y > 1) + (y > 2);
    case LabelKind::kCensored: return row % 4 == 0 ? -std::exp(0.3 * y) : std::exp(0.3 * y);
  }
  return y;
}

// Columns 0 to 2 real, 3 often zero, 4 and 5 small whole numbers (categories where a case says so); `missing` is the
// share of NaN.
inline ExactnessRows MakeExactnessRows(LabelKind kind, double missing) {
  ExactnessRows rows;
  Random random(11);
  for (std::size_t i = 0; i < kExactnessRows; ++i) {
    double row[kExactnessWidth];
    for (int j = 0; j < 3; ++j) row[j] = random.Normal();
    row[3] = random.Uniform() < 0.5 ? 0.0 : random.Normal();
    row[4] = static_cast<double>(random.Below(40));
    row[5] = static_cast<double>(random.Below(7));
    const double y = std::sin(2 * row[0]) + row[1] * row[3] + std::cos(row[4]) + 0.2 * row[5] + 0.2 * random.Normal();
    rows.y.push_back(static_cast<float>(ExactnessLabel(kind, y, i)));
    for (double& value : row) {
      rows.x.push_back(random.Uniform() < missing ? std::numeric_limits<double>::quiet_NaN() : value);
    }
  }
  return rows;
}

// Values at the edges of numbers and of categories.
inline std::vector<double> EdgeValues() {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double tiny = kZeroThreshold;
  return {std::numeric_limits<double>::quiet_NaN(),
          kInfinity,
          -kInfinity,
          0.0,
          -0.0,
          5e-324,  // denormal in double
          -5e-324,
          1e-310,
          1e-40,  // denormal in float
          -1e-40,
          1e-46,  // half of the least float: rounds to 0
          tiny,
          -tiny,
          tiny / 2,
          -tiny / 2,
          std::nextafter(tiny, 1.0),
          std::nextafter(-tiny, -1.0),
          1e300,
          -1e300,
          1e10,
          std::numeric_limits<double>::max(),
          static_cast<double>(std::numeric_limits<float>::max()),
          2.5,
          -0.5,
          -0.999,
          -1.0,
          31,
          32,
          39,
          40,
          63.9,
          64,
          1000,
          16777216.0,
          16777217.0,
          2147483647.0,
          2147483648.0};
}

// Roughly where a node sends a value; enough to find rows that pass it.
inline bool SeemsLeft(const Tree& tree, Dialect dialect, const Split& split, double value) {
  if (std::isnan(value)) return split.default_left;
  const bool in_float = dialect == Dialect::kXgboost;
  if (!split.categorical) return in_float ? static_cast<float>(value) < split.threshold : value <= split.threshold;
  const auto category = static_cast<std::uint32_t>(std::fabs(value));
  const std::uint32_t words = split.bits_end - split.bits_begin;
  const bool in_set =
      category / 32 < words && (tree.bits[split.bits_begin + category / 32] >> (category % 32) & 1U) != 0;
  return in_set != in_float;
}

// Of each split of the tree a training row that comes to it, as far as one does; else the first row.
inline std::vector<std::size_t> RowsThatReach(const Tree& tree, Dialect dialect, const std::vector<double>& x) {
  std::vector<std::size_t> reaching(tree.splits.size(), 0);
  for (std::size_t i = 0; i < kExactnessRows; ++i) {
    for (std::int32_t at = 0; at >= 0 && !tree.splits.empty();) {
      const Split& split = tree.splits[static_cast<std::size_t>(at)];
      const double value = x[i * kExactnessWidth + split.feature];
      if (!std::isnan(value)) reaching[static_cast<std::size_t>(at)] = i;
      at = SeemsLeft(tree, dialect, split, value) ? split.left : split.right;
    }
  }
  return reaching;
}

// The threshold of a split, the next numbers beside it in double and in float; of a categorical one the categories
// around its set.
inline std::vector<double> TurningValues(const Split& split) {
  if (split.categorical) {
    const double beyond = 32.0 * (split.bits_end - split.bits_begin);
    return {0, 1, beyond - 1, beyond, beyond + 0.5, -1, -0.5, std::numeric_limits<double>::quiet_NaN()};
  }
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double threshold = split.threshold;
  const auto in_float = static_cast<float>(threshold);
  return {threshold, std::nextafter(threshold, kInfinity), std::nextafter(threshold, -kInfinity),
          static_cast<double>(std::nextafter(in_float, std::numeric_limits<float>::infinity())),
          static_cast<double>(std::nextafter(in_float, -std::numeric_limits<float>::infinity()))};
}

// The training rows; for every split of every tree rows that come to it and lie exactly on its threshold and just
// beside; rows with one value at an edge; rows mixed of all of these.
inline std::vector<double> ProbeRows(const std::vector<double>& x, const Forest& forest) {
  std::vector<double> probes = x, values = EdgeValues();
  const auto add = [&](std::size_t base, std::size_t column, double value) {
    for (std::size_t j = 0; j < kExactnessWidth; ++j) {
      probes.push_back(j == column ? value : x[base * kExactnessWidth + j]);
    }
  };
  Random random(12);
  for (const double value : EdgeValues()) {
    for (std::size_t j = 0; j < kExactnessWidth; ++j) add(random.Below(kExactnessRows), j, value);
  }
  for (const Tree& tree : forest.trees) {
    const std::vector<std::size_t> reaching = RowsThatReach(tree, forest.dialect, x);
    for (std::size_t i = 0; i < tree.splits.size(); ++i) {
      for (const double value : TurningValues(tree.splits[i])) {
        add(reaching[i], tree.splits[i].feature, value);
        values.push_back(value);
      }
    }
  }
  for (int i = 0; i < 2000; ++i) {
    const std::size_t base = random.Below(kExactnessRows) * kExactnessWidth;
    for (std::size_t j = 0; j < kExactnessWidth; ++j) {
      probes.push_back(random.Uniform() < 0.5 ? values[random.Below(values.size())] : x[base + j]);
    }
  }
  return probes;
}

}  // namespace hone
