// Who answers a request.
//
// With a canary of share s: it with probability s, the champion (or, while the model is frozen, persistence) with
// 1 - s. The probability with which the one chosen was chosen is the prediction's propensity, so any routing can be
// evaluated afterwards (inverse propensity weighting).
#pragma once

#include "records/prediction.h"
#include "serving/snapshot.h"

namespace hone {

struct Route {
  const Model* model = nullptr;          // null for the fallback
  const std::string* version = nullptr;  // lives as long as the snapshot (or for ever)
  Role role = Role::kChampion;
  double propensity = 1;
};

// `draw`: uniform in [0, 1). Pure; allocates nothing.
Route RouteRequest(const ModelSnapshot& snapshot, double draw) noexcept;
// The route of requests that the canary cannot answer: champion or fallback with propensity 1.
Route RouteWithoutCanary(const ModelSnapshot& snapshot) noexcept;

}  // namespace hone
