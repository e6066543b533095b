// True risk on a synthetic market: mean squared error over fresh bars of the regime in force, from a seed stream of its
// own, the same bars for both versions.
#pragma once

#include <map>
#include <vector>

#include "engine/loop_journal.h"
#include "engine/model_definition.h"
#include "market/synthetic.h"

namespace hone {

// Not thread-safe. `market` must outlive this.
class SyntheticTruth final : public TrueRisk {
 public:
  static constexpr int kFreshBars = 20'000;

  SyntheticTruth(const SyntheticMarket& market, const ModelDefinition& model) : market_(market), model_(model) {}
  double Gain(Time time, const Model& champion, const Model& challenger) override;

 private:
  const Dataset& FreshRows(std::size_t bar);

  const SyntheticMarket& market_;
  const ModelDefinition& model_;
  std::map<double, Dataset> fresh_;  // by regime weight
};

}  // namespace hone
