// The champion's standing, and what its recipe's refits must show once it is lost.
//
// A practice licence is earned over hundreds of rows, after an abrupt change mostly rows from before it, and a refit
// proven better among a dozen candidates comes later still; until then a model answers that is known to be wrong. So
// where the realised loss is a multiple of its reference that calm data do not show (policy: standing_loss_ratio), the
// burden of proof moves: a refit of the champion's own recipe needs no licence. It passes its twin check and the harm
// guard like any refresh, and must lead what is served over the rows since it was made, two horizons of them at least:
// a fit on a few rows of a new regime can be worse than the old one, and the regime may be gone again. Standing stays
// lost, for later refits know the change better, until a version is proven better or a person acts. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace hone {

class Standing {
 public:
  // horizon >= 1 rows.
  explicit Standing(int horizon) : horizon_(horizon) {}

  void Lose() { state_.lost = true; }
  void Regain() { state_ = {}; }
  bool lost() const { return state_.lost; }

  // A refit that passed its checks waits to lead; `evidence` is what they showed (JSON). It takes the place of an
  // earlier one.
  void Await(std::string evidence) { state_ = {state_.lost, true, 0, 0, std::move(evidence)}; }
  // No refit waits any more.
  void Forget() { state_ = {state_.lost, false, 0, 0, ""}; }
  bool awaiting() const { return state_.awaiting; }
  // One matured outcome answered by what is served and by the refit. Losses that are not finite are passed over.
  void Add(double served_loss, double refit_loss);

  struct Lead {
    std::int64_t rows = 0;
    double mean_gain = 0;  // served loss less the refit's, > 0
    std::string evidence;
  };
  // The waiting refit leads.
  std::optional<Lead> Look() const;

  struct State {
    bool lost = false;
    bool awaiting = false;
    std::int64_t rows = 0;
    double gain = 0;  // sum
    std::string evidence;
  };
  const State& state() const { return state_; }
  void Restore(State state) { state_ = std::move(state); }

 private:
  int horizon_;
  State state_;
};

}  // namespace hone
