// The features of one model, updated together bar by bar or block by block.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "features/catalogue.h"
#include "features/expression/evaluator.h"
#include "features/expression/user_definitions.h"
#include "features/feature.h"

namespace hone {

// Not thread-safe; movable; one object a stream of bars. Update allocates nothing.
class FeatureSet {
 public:
  // `features`: names from FeatureCatalogue() or expressions (docs/reference/expressions.md), each one line, none
  // twice, at least one; `definitions` names expressions that they may use (of a registered one, "name@version" alone
  // is a feature too). What they have in common is computed once. Errors (kInvalidArgument) name the feature, and the
  // place in an expression.
  static Result<FeatureSet> Make(const std::vector<std::string>& features, SeriesTraits traits,
                                 const UserDefinitions& definitions = {});

  // Takes the next bar and writes the values known at its close to `out` (out.size() == width()). False while any
  // feature warms up (its value is NaN then, but for what an expression puts in its place). After that a NaN is a
  // missing value; a value is never infinite.
  bool Update(const Bar& bar, std::span<double> out);

  // The same of the next bars at once, at most block_bars(): the bits of as many Updates. Their values are columns,
  // valid until the next call.
  void UpdateBlock(std::span<const Bar> bars) { evaluator_.UpdateBlock(bars); }
  std::size_t block_bars() const { return evaluator_.block_bars(); }
  void ReleaseBlock() { evaluator_.ReleaseBlock(); }
  std::span<const double> column(std::size_t i) const { return evaluator_.column(i); }

  std::size_t width() const { return names_.size(); }
  const std::vector<std::string>& names() const { return names_; }  // as given
  // Bars until the first true: the largest warm-up.
  int warmup() const { return warmup_; }
  int warmup(std::size_t i) const { return warmups_[i]; }
  const std::string& definition_hash(std::size_t i) const { return hashes_[i]; }

 private:
  FeatureSet() = default;

  std::vector<std::string> names_;
  std::vector<std::string> hashes_;
  std::vector<int> warmups_;
  Evaluator evaluator_;
  int warmup_ = 0;
  int seen_ = 0;
};

}  // namespace hone
