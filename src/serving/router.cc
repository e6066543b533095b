#include "serving/router.h"

namespace hone {
namespace {

const std::string& PersistenceName() {
  static const std::string name = kPersistenceVersion;
  return name;
}

}  // namespace

Route RouteWithoutCanary(const ModelSnapshot& snapshot) noexcept {
  if (snapshot.frozen()) return {nullptr, &PersistenceName(), Role::kFallback, 1};
  return {snapshot.champion().model.get(), &snapshot.champion().version, Role::kChampion, 1};
}

Route RouteRequest(const ModelSnapshot& snapshot, double draw) noexcept {
  Route route = RouteWithoutCanary(snapshot);
  if (!snapshot.canary()) return route;
  const auto& [live, share] = *snapshot.canary();
  if (draw < share) return {live.model.get(), &live.version, Role::kCanary, share};
  route.propensity = 1 - share;
  return route;
}

}  // namespace hone
