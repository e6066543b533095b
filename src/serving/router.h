// Who answers a request.
//
// Each challenger with the probability of its share, the champion (or, while the model is frozen, persistence) with
// what is left. A request that states a key is drawn from the key, so that all requests of one key have one answerer as
// long as the shares stay, over restarts too; another salt draws anew. The probability with which the one chosen was
// chosen is the prediction's propensity, so any routing can be evaluated afterwards (inverse propensity weighting).
#pragma once

#include <cstdint>
#include <string_view>

#include "records/prediction.h"
#include "serving/snapshot.h"

namespace hone {

struct Route {
  const Model* model = nullptr;          // null for the fallback
  const std::string* version = nullptr;  // lives as long as the snapshot (or for ever)
  Role role = Role::kChampion;
  double propensity = 1;
};

// All of this is pure and allocates nothing.

// The draw of a key: uniform in [0, 1) over keys, the same for the same salt and key.
double DrawOfKey(std::uint64_t salt, std::string_view key) noexcept;
// What stands for a key where units are counted (records/prediction.h): never 0, and it tells nothing of the draw.
std::uint64_t UnitOfKey(std::uint64_t salt, std::string_view key) noexcept;
// Which challenger answers: its number, or how many there are where none does. `draw`: uniform in [0, 1).
std::size_t ChallengerOf(const ModelSnapshot& snapshot, double draw) noexcept;
// What a request is assigned to that challenger `number` of the snapshot was chosen for (see ChallengerOf).
Assignment AssignmentTo(const ModelSnapshot& snapshot, std::size_t number, std::string_view key) noexcept;
// The route to challenger `number` of the snapshot, or, where that is how many there are, to the champion or fallback.
Route RouteTo(const ModelSnapshot& snapshot, std::size_t number) noexcept;
// The route of requests that their challenger cannot answer: champion or fallback with propensity 1.
Route RouteWithoutChallengers(const ModelSnapshot& snapshot) noexcept;

}  // namespace hone
