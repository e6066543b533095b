// What an indicator's file is written with: CONTRIBUTING.md, "Adding an indicator".
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "features/indicator.h"
#include "features/no_value.h"

namespace hone {

// Numbers of one bar: inputs or outputs.
template <std::size_t kCount>
using Row = std::array<double, kCount>;

template <std::size_t kCount>
constexpr Row<kCount> NoRow() {
  Row<kCount> row;
  row.fill(kNone);
  return row;
}

// The row once its last output is there, none before: outputs of one indicator begin at the same bar.
template <std::size_t kCount>
Row<kCount> OnceKnown(const Row<kCount>& row) {
  return std::isnan(row[kCount - 1]) ? NoRow<kCount>() : row;
}

// Whether a difference of numbers of this size (|a| + |b|) is but the rounding of numbers that stand still; as in
// TA-Lib.
inline bool IsRounding(double difference, double size) { return std::abs(difference) <= 1e-14 * size; }

// An indicator of one series that is a single part with Push and warmup, a RollingMean say.
template <typename Part>
class OneSeries final : public SteppedIndicator<OneSeries<Part>, 1, 1> {
 public:
  template <typename... Arguments>
  explicit OneSeries(Arguments... arguments) : part_(arguments...) {}
  static constexpr bool kSideBySide = requires { requires Part::kSideBySide; };
  Row<1> Step(const Row<1>& in) { return {part_.Push(in[0])}; }
  int warmup() const override { return part_.warmup(); }

 private:
  Part part_;
};

// A formula of one bar.
template <std::size_t kInputs, auto kFormula>
class OfOneBar final : public SteppedIndicator<OfOneBar<kInputs, kFormula>, kInputs, 1> {
 public:
  Row<1> Step(const Row<kInputs>& in) { return {kFormula(in)}; }
  int warmup() const override { return 1; }
};

// The definition's `make`: constructs Type from the parameters as numbers of these types.
template <typename Type, typename... Arguments>
Result<IndicatorPointer> Make(std::span<const double> parameters) {
  return [&]<std::size_t... i>(std::index_sequence<i...>)->Result<IndicatorPointer> {
    return IndicatorPointer(std::make_unique<Type>(static_cast<Arguments>(parameters[i])...));
  }
  (std::index_sequence_for<Arguments...>{});
}

inline constexpr std::string_view kSeries[] = {"series"};
inline constexpr std::string_view kHighLow[] = {"high", "low"};
inline constexpr std::string_view kHighLowClose[] = {"high", "low", "close"};
inline constexpr std::string_view kHighLowVolume[] = {"high", "low", "volume"};
inline constexpr std::string_view kHighLowCloseVolume[] = {"high", "low", "close", "volume"};
inline constexpr std::string_view kOpenHighLowClose[] = {"open", "high", "low", "close"};
inline constexpr std::string_view kOpenClose[] = {"open", "close"};
inline constexpr std::string_view kCloseVolume[] = {"close", "volume"};
inline constexpr std::string_view kTwoSeries[] = {"a", "b"};

inline constexpr IndicatorParameter kPeriod[] = {{.name = "period"}};
inline constexpr IndicatorParameter kPeriodFrom2[] = {{.name = "period", .low = 2}};
inline constexpr IndicatorParameter kFastSlow[] = {{.name = "fast", .low = 2}, {.name = "slow", .low = 2}};

inline constexpr std::string_view kValue[] = {"value"};
inline constexpr std::string_view kBands[] = {"upper", "middle", "lower"};

}  // namespace hone
