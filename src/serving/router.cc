#include "serving/router.h"

#include "base/random.h"

namespace hone {
namespace {

const std::string& PersistenceName() {
  static const std::string name = kPersistenceVersion;
  return name;
}

}  // namespace

double DrawOfKey(std::uint64_t salt, std::string_view key) noexcept { return Random::Stream(salt, key).Uniform(); }

std::size_t ChallengerOf(const ModelSnapshot& snapshot, double draw) noexcept {
  double passed = 0;
  std::size_t number = 0;
  for (const ChallengerVersion& challenger : snapshot.challengers()) {
    passed += challenger.share;
    if (draw < passed) return number;
    ++number;
  }
  return number;
}

Route RouteWithoutChallengers(const ModelSnapshot& snapshot) noexcept {
  if (snapshot.frozen()) return {nullptr, &PersistenceName(), Role::kFallback, 1};
  return {snapshot.champion().model.get(), &snapshot.champion().version, Role::kChampion, 1};
}

Route RouteTo(const ModelSnapshot& snapshot, std::size_t number) noexcept {
  if (number < snapshot.challengers().size()) {
    const ChallengerVersion& challenger = snapshot.challengers()[number];
    return {challenger.live.model.get(), &challenger.live.version, Role::kCanary, challenger.share};
  }
  Route route = RouteWithoutChallengers(snapshot);
  for (const ChallengerVersion& challenger : snapshot.challengers()) route.propensity -= challenger.share;
  return route;
}

Route RouteRequest(const ModelSnapshot& snapshot, double draw) noexcept {
  return RouteTo(snapshot, ChallengerOf(snapshot, draw));
}

}  // namespace hone
