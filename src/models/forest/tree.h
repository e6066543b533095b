// The one form into which tree-ensemble files are read: decision trees as arrays, and how their sums become an answer.
//
// A node tests one column, by the dialect of the library that wrote the model.
//
// LightGBM, in double. Numerical: value <= threshold goes left. Categorical: left when the bit of the truncated value
// is set. What a missing value does depends on the node (its three kinds):
//   kNone  NaN counts as 0
//   kZero  NaN and |value| <= kZeroThreshold take the default side
//   kNan   NaN takes the default side
// A finite value with |value| <= kZeroThreshold counts as 0 everywhere, as in LightGBM's dense prediction.
//
// XGBoost, in float: a value is rounded to float first, and NaN takes the default side. Numerical: value < threshold
// goes left. Categorical: right when the bit of the truncated value is set; values beyond the set, negative ones among
// them, go left, or take the default side (`beyond_default`, of version 1.6).
//
// ONNX, in float or double as the dialect says, to which a value is rounded first; NaN takes the default side.
// Numerical: value < threshold goes left (the reader brings the other comparisons to this one). Categorical: left when
// the value equals one of the split's numbers in Tree::members.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "gpu/slot_value.h"
#include "models/forest/dialect.h"
#include "models/forest/link.h"

namespace hone {

enum class Missing : std::uint8_t { kNone = 0, kZero = 1, kNan = 2 };

struct Split {
  double threshold = 0;  // not NaN
  std::uint32_t feature = 0;
  std::int32_t left = 0;             // >= 0: split of the same tree; < 0: leaf number ~left
  std::int32_t right = 0;            // same
  Missing missing = Missing::kNone;  // of LightGBM
  bool default_left = false;
  bool categorical = false;
  bool beyond_default = false;
  bool truncated = false;        // categorical, of ONNX: a value is cut to an integer first
  std::uint32_t bits_begin = 0;  // categorical: its words in Tree::bits, of ONNX its numbers in Tree::members
  std::uint32_t bits_end = 0;
};

// LightGBM's linear leaf: constant + sum of coefficient * row[column] in order; the plain value of the leaf when one of
// those columns is NaN.
struct LinearLeaf {
  struct Term {
    std::uint32_t column = 0;
    double coefficient = 0;
  };
  double constant = 0;
  std::vector<Term> terms;
};

// What the training rows did in a tree, where the file tells: prediction does not need it, contributions.h does.
struct TreeTraining {
  std::vector<double> split_cover;  // rows (LightGBM) or their sum of hessians (XGBoost) that reached each split
  std::vector<double> leaf_cover;   // ... each leaf; both empty where the file does not tell
  // Of each split, in units of the objective; empty where the file does not tell. A tree of vector leaves is read as
  // one for each output, and the first has the gains.
  std::vector<double> gain;
};

// `splits` is empty for a tree of one leaf; else splits[0] is the root and leaves.size() == splits.size() + 1.
struct Tree {
  std::vector<Split> splits;
  std::vector<double> leaves;       // finite (of kMin and kMax also infinite); floats where the dialect sums floats
  std::vector<std::uint32_t> bits;  // category sets, 32 categories a word
  std::vector<double> members;      // of ONNX, ascending within a split
  std::vector<LinearLeaf> linear;   // one per leaf, or empty
  std::uint32_t output = 0;         // the output whose margin it adds to
  TreeTraining training;
};

// How the leaves of an output's trees become its margin.
enum class Aggregate : std::uint8_t {
  kSum,
  kAverage,  // of ONNX: their sum, later divided by Forest::averaged
  kMin,      // of ONNX: the least leaf, the first of equals
  kMax,      // of ONNX: the greatest
};

struct Forest {
  // More outputs than this are not read: a row's margins lie on the stack.
  static constexpr std::size_t kMaxOutputs = 4096;

  std::size_t width = 0;           // columns of a row
  std::vector<std::string> names;  // of the columns; empty where the file gives none
  Dialect dialect = Dialect::kLightGbm;
  std::vector<double> start = {0.0};  // one per output: what its sum of leaves starts from
  bool start_last =
      false;  // the sum starts from 0 and `start` is added to it (XGBoost before 1.3 and its DART before 1.4)
  std::vector<Tree> trees;  // leaves are added in this order
  Link link = Link::kIdentity;
  double scale = 1;  // of kSigmoid
  Aggregate aggregate = Aggregate::kSum;
  std::size_t averaged = 0;    // of kAverage: trees of the file; `start` is added after the division
  bool float_answers = false;  // of kOnnxDouble: answers are rounded to float
  bool average = false;        // divide margins by the number of trees of an output (random forest of LightGBM)

  std::size_t outputs() const { return start.size(); }
};

// Whether a value of a split's column goes left, as written above.
bool GoesLeft(const Tree& tree, const Split& split, Dialect dialect, double value) noexcept;

// The leaf value one tree gives for a row, walked node by node as written above.
double TreeValue(const Tree& tree, Dialect dialect, std::span<const double> row) noexcept;

// Average and link applied to a row's margins, in place: `values` has room for the margins, one per output, with which
// it begins, and for the answer; the first AnswerSize(link, outputs) are the answer.
void AnswerOfMargins(const Forest& forest, std::span<double> values) noexcept;

}  // namespace hone
