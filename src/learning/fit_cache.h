// Memoised fits: all policies that ask for the same rows, recipe and seed share one fit, and many fits run in parallel
// while results are taken in the order the caller asks for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "features/dataset.h"
#include "learning/fit_recipe.h"
#include "learning/recipe.h"

namespace hone {

struct FitRequest {
  std::string recipe;  // name, one of the cache's recipes
  std::size_t begin = 0, end = 0;
  std::uint64_t seed = 0;
  // Rows to learn from in place of the cache's own (shuffled labels, stale features); kept alive by the cache.
  std::shared_ptr<const Dataset> replacement;
};

using FitPointer = std::shared_ptr<const Result<FittedRecipe>>;

// Thread-safe. `data` must outlive the cache, and rows that were asked for must not change; the owner may append rows
// only while no fit runs (after FitAll or Drain). A failed fit is memoised as its error.
class FitCache {
 public:
  // `executor` runs prefetched fits and must outlive the cache.
  FitCache(const Dataset& data, std::vector<Recipe> recipes, Executor& executor);
  ~FitCache();  // waits for fits that run
  FitCache(const FitCache&) = delete;
  FitCache& operator=(const FitCache&) = delete;

  // Queues what is not there yet on the executor and returns at once. A mean queues its members and is put together
  // when asked for.
  void Prefetch(std::span<const FitRequest> requests);
  // The fit: at once when it is there, after waiting when it runs, computed here when nobody has begun it.
  FitPointer Get(const FitRequest& request);
  // Prefetch, then Get each: results in the order of `requests`.
  std::vector<FitPointer> FitAll(std::span<const FitRequest> requests);
  // Waits until no queued fit is left.
  void Drain();

  const std::vector<Recipe>& recipes() const;
  // Fits computed so far (members of a mean count once, however often asked for).
  std::size_t computed() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hone
