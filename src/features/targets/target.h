// A target: what a model is to predict, computed bar by bar.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "features/feature.h"
#include "market/bar.h"

namespace hone {

// The label of the row at bar i depends on bars i+1 ... i+horizon and on the close of bar i; it is known at bar
// i+horizon. Not thread-safe; one object a stream.
class Target {
 public:
  virtual ~Target() = default;
  // Takes the next bar (the j-th, from 0). For j >= horizon returns the label of the row at bar j - horizon, finite.
  virtual std::optional<double> Update(const Bar& bar) = 0;
  virtual int horizon() const = 0;
};

// "volatility", "return", "direction", "move".
std::vector<std::string> TargetNames();
// How many classes its labels are, numbered from 0: 2 of "direction", 3 of "move"; 0 where they are real numbers.
int TargetClasses(std::string_view name);

// Horizon 1 to 1,000 bars. Errors: kInvalidArgument (unknown name with the nearest, horizon out of range).
Result<std::unique_ptr<Target>> MakeTarget(std::string_view name, int horizon, SeriesTraits traits);

}  // namespace hone
