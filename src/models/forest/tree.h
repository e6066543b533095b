// The one form into which tree-ensemble files are read: decision trees as arrays, and how their sum becomes an answer.
//
// A node tests one column. Numerical: value <= threshold goes left. Categorical: left when the bit of the truncated
// value is set. What a missing value does depends on the node (LightGBM's three kinds):
//   kNone  NaN counts as 0
//   kZero  NaN and |value| <= kZeroThreshold take the default side
//   kNan   NaN takes the default side
// A finite value with |value| <= kZeroThreshold counts as 0 everywhere, as in LightGBM's dense prediction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hone {

// LightGBM's constant 1e-35f, widened to double.
inline constexpr double kZeroThreshold = static_cast<double>(1e-35F);

enum class Missing : std::uint8_t { kNone = 0, kZero = 1, kNan = 2 };

struct Split {
  double threshold = 0;  // not NaN
  std::uint32_t feature = 0;
  std::int32_t left = 0;   // >= 0: split of the same tree; < 0: leaf number ~left
  std::int32_t right = 0;  // same
  Missing missing = Missing::kNone;
  bool default_left = false;
  bool categorical = false;
  std::uint32_t bits_begin = 0;  // categorical: its words in Tree::bits
  std::uint32_t bits_end = 0;
};

// `splits` is empty for a tree of one leaf; else splits[0] is the root and leaves.size() == splits.size() + 1.
struct Tree {
  std::vector<Split> splits;
  std::vector<double> leaves;       // finite
  std::vector<std::uint32_t> bits;  // category sets, 32 categories a word
};

// What turns the margin (sum of leaves in tree order) into the answer.
enum class Link : std::uint8_t {
  kIdentity,
  kSignedSquare,  // sign(m) m^2: LightGBM's reg_sqrt
  kExp,           // exp(m): poisson, gamma, tweedie
  kSigmoid,       // 1 / (1 + exp(-scale m)): binary, cross_entropy
  kLog1pExp,      // log(1 + exp(m)): cross_entropy_lambda
};

struct Forest {
  std::size_t width = 0;  // columns of a row
  std::vector<Tree> trees;
  Link link = Link::kIdentity;
  double scale = 1;      // of kSigmoid
  bool average = false;  // divide the margin by the number of trees (random forest)
};

// The leaf value one tree gives for a row, walked node by node as written above.
double TreeValue(const Tree& tree, std::span<const double> row) noexcept;

// Link and average applied to a margin.
double AnswerOfMargin(const Forest& forest, double margin) noexcept;

}  // namespace hone
