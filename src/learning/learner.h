// A learner turns rows into a model. One learner per file under learners/; the list is in learners.h.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "features/dataset.h"
#include "learning/objective.h"
#include "models/model.h"

namespace hone {

// A trained model: the native file of its library and the form that answers.
struct FittedModel {
  std::string format;  // "linear" (our JSON), "lightgbm" (its text) or "xgboost" (its UBJSON)
  std::string bytes;   // the native model file
  ModelPointer model;  // reads `bytes`; margins bit-equal to the library's
};

// Stateless and thread-safe: Fit may be called from several threads at once, and gives the same bytes for the same
// arguments (one-threaded, deterministic).
class Learner {
 public:
  virtual ~Learner() = default;
  virtual std::string name() const = 0;
  // Parameters with their defaults; Fit refuses names that are not here.
  virtual std::map<std::string, double> defaults() const = 0;
  // Whether Fit takes the objective.
  virtual bool Learns(Objective) const { return true; }
  // Fits on all rows of `data` (rows in time order; the learner may hold out the newest for early stopping).
  // `data.width()` >= 1, at least 30 rows, labels as objective.h says. kInvalidArgument, key "objective", for an
  // objective it does not learn.
  virtual Result<FittedModel> Fit(const Dataset& data, Objective objective,
                                  const std::map<std::string, double>& parameters, std::uint64_t seed) const = 0;
  // Regression.
  Result<FittedModel> Fit(const Dataset& data, const std::map<std::string, double>& parameters,
                          std::uint64_t seed) const {
    return Fit(data, Objective::kRegression, parameters, seed);
  }
};

}  // namespace hone
