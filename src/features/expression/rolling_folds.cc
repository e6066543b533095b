#include "features/expression/rolling_folds.h"

#include <algorithm>
#include <cmath>

#include "features/expression/block_fold.h"
#include "features/expression/pointwise.h"

namespace hone {
namespace {

struct SumFold {
  using State = double;
  static State Of(double value) { return value; }
  static State Join(State a, State b) { return a + b; }
};

struct MinFold : SumFold {
  static State Join(State a, State b) { return std::min(a, b); }
};

struct MaxFold : SumFold {
  static State Join(State a, State b) { return std::max(a, b); }
};

// Chan, Golub and LeVeque (1979): count, mean and sum of squared deviations of two parts joined.
struct MomentsFold {
  struct State {
    double count = 0, mean = 0, squares = 0;
  };
  static State Of(double value) { return {1, value, 0}; }
  static State Join(const State& a, const State& b) {
    const double count = a.count + b.count, apart = b.mean - a.mean, share = b.count / count;
    return {count, a.mean + apart * share, a.squares + b.squares + apart * apart * (a.count * share)};
  }
};

struct Plain {
  static double Of(double state, std::size_t) { return state; }
};

struct Mean {
  static double Of(double sum, std::size_t size) { return sum / static_cast<double>(size); }
};

struct Deviation {
  static double Of(const MomentsFold::State& state, std::size_t size) {
    return std::sqrt(state.squares / static_cast<double>(size - 1));
  }
};

template <typename Fold, typename Finish>
class Rolling final : public SteppedIndicator<Rolling<Fold, Finish>, 1, 1> {
 public:
  explicit Rolling(double size) : fold_(static_cast<std::size_t>(size)) {}
  std::array<double, 1> Step(const std::array<double, 1>& in) {
    typename Fold::State state{};
    return {fold_.Push(in[0], state) ? Finish::Of(state, fold_.size()) : kMissing};
  }
  int warmup() const override { return static_cast<int>(fold_.size()); }

 private:
  BlockFold<Fold> fold_;
};

template <typename Fold, typename Finish = Plain>
Result<IndicatorPointer> Make(std::span<const double> parameters) {
  return IndicatorPointer(std::make_unique<Rolling<Fold, Finish>>(parameters[0]));
}

}  // namespace

Result<IndicatorPointer> MakeRollingSum(std::span<const double> parameters) { return Make<SumFold>(parameters); }
Result<IndicatorPointer> MakeRollingMean(std::span<const double> parameters) { return Make<SumFold, Mean>(parameters); }
Result<IndicatorPointer> MakeRollingMin(std::span<const double> parameters) { return Make<MinFold>(parameters); }
Result<IndicatorPointer> MakeRollingMax(std::span<const double> parameters) { return Make<MaxFold>(parameters); }
Result<IndicatorPointer> MakeRollingStd(std::span<const double> parameters) {
  return Make<MomentsFold, Deviation>(parameters);
}

}  // namespace hone
