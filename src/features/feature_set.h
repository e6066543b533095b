// The features of one model, updated together bar by bar.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "features/catalogue.h"
#include "features/feature.h"

namespace hone {

// Not thread-safe; movable; one object a stream of bars. Update allocates nothing.
class FeatureSet {
 public:
  // `names` from FeatureCatalogue(), no name twice, at least one. Errors: kInvalidArgument.
  static Result<FeatureSet> Make(const std::vector<std::string>& names, SeriesTraits traits);

  // Takes the next bar and writes the values known at its close to `out` (out.size() == width()). False while any
  // feature warms up (its value is NaN then). After that a NaN is a missing value; a value is never infinite.
  bool Update(const Bar& bar, std::span<double> out);

  std::size_t width() const { return features_.size(); }
  const std::vector<std::string>& names() const { return names_; }
  // Bars until the first true: the largest warm-up.
  int warmup() const { return warmup_; }
  const std::string& definition_hash(std::size_t i) const { return hashes_[i]; }

 private:
  FeatureSet() = default;

  std::vector<std::string> names_;
  std::vector<std::string> hashes_;
  std::vector<FeaturePointer> features_;
  int warmup_ = 0;
  int seen_ = 0;
};

}  // namespace hone
