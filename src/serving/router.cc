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

std::uint64_t UnitOfKey(std::uint64_t salt, std::string_view key) noexcept {
  const std::uint64_t unit = Random::Stream(~salt, key).Next();
  return unit == 0 ? 1 : unit;
}

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

Assignment AssignmentTo(const ModelSnapshot& snapshot, std::size_t number, std::string_view key) noexcept {
  Assignment assignment;
  if (snapshot.split() == 0) return assignment;
  assignment.split = snapshot.split();
  assignment.unit = key.empty() ? 0 : UnitOfKey(snapshot.salt(), key);
  assignment.arm = number == snapshot.challengers().size() ? 0 : static_cast<std::uint8_t>(number + 1);
  return assignment;
}

}  // namespace hone
