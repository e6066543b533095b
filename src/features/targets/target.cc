#include "features/targets/target.h"

#include <fmt/format.h>

#include "base/edit_distance.h"
#include "features/targets/direction_target.h"
#include "features/targets/move_target.h"
#include "features/targets/return_target.h"
#include "features/targets/volatility_target.h"

namespace hone {
namespace {

constexpr int kLongestHorizon = 1000;

}  // namespace

std::vector<std::string> TargetNames() { return {"volatility", "return", "direction", "move"}; }

int TargetClasses(std::string_view name) { return name == "direction" ? 2 : name == "move" ? 3 : 0; }

Result<std::unique_ptr<Target>> MakeTarget(std::string_view name, int horizon, SeriesTraits traits) {
  if (horizon < 1 || horizon > kLongestHorizon) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("must be from 1 to {} bars, is {}", kLongestHorizon, horizon),
                 "", 0, "horizon"};
  }
  if (name == "volatility") return std::unique_ptr<Target>(std::make_unique<VolatilityTarget>(horizon, traits));
  if (name == "return") return std::unique_ptr<Target>(std::make_unique<ReturnTarget>(horizon));
  if (name == "direction") return std::unique_ptr<Target>(std::make_unique<DirectionTarget>(horizon));
  if (name == "move") return std::unique_ptr<Target>(std::make_unique<MoveTarget>(horizon));
  const std::string shown(name.substr(0, 80));
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("unknown target '{}'{}; there are {}", shown, DidYouMean(shown, TargetNames()),
                           fmt::join(TargetNames(), ", ")),
               "", 0, "target"};
}

}  // namespace hone
