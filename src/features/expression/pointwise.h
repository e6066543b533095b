// The functions of numbers at one bar. Each is missing (NaN) where one of its arguments is, but for `if`, `coalesce`
// and `is_missing`; a condition is 1, 0 or missing.
//
// One definition serves single bars and blocks of them, so the bits are equal.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace hone {

inline constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// Infinities are missing; one NaN for all: its bits go into fingerprints.
inline double Known(double value) { return std::isfinite(value) ? value : kMissing; }

enum class Pointwise : std::uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kPower,
  kNegative,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kEqual,
  kNotEqual,
  kAnd,
  kOr,
  kNot,
  kIf,
  kAbs,
  kSign,
  kSqrt,
  kExp,
  kLog,
  kLog1p,
  kTanh,
  kSin,
  kCos,
  kFloor,
  kCeil,
  kRound,
  kMin,
  kMax,
  kClip,
  kCoalesce,
  kIsMissing,
};

namespace pointwise {

inline bool Lacks(double x) { return std::isnan(x); }
inline bool Lacks(double x, double y) { return std::isnan(x) || std::isnan(y); }

// Calls `visit` with the function as a callable of one, two or three numbers.
template <typename Visit>
decltype(auto) WithOneNumber(Pointwise function, Visit&& visit) {
  switch (function) {
    case Pointwise::kNegative: return visit([](double x) { return -x; });
    case Pointwise::kNot: return visit([](double x) { return Lacks(x) ? kMissing : double(x == 0); });
    case Pointwise::kAbs: return visit([](double x) { return std::fabs(x); });
    case Pointwise::kSign: return visit([](double x) { return Lacks(x) ? kMissing : double(x > 0) - double(x < 0); });
    case Pointwise::kSqrt: return visit([](double x) { return std::sqrt(x); });
    case Pointwise::kExp: return visit([](double x) { return std::exp(x); });
    case Pointwise::kLog: return visit([](double x) { return std::log(x); });
    case Pointwise::kLog1p: return visit([](double x) { return std::log1p(x); });
    case Pointwise::kTanh: return visit([](double x) { return std::tanh(x); });
    case Pointwise::kSin: return visit([](double x) { return std::sin(x); });
    case Pointwise::kCos: return visit([](double x) { return std::cos(x); });
    case Pointwise::kFloor: return visit([](double x) { return std::floor(x); });
    case Pointwise::kCeil: return visit([](double x) { return std::ceil(x); });
    case Pointwise::kRound: return visit([](double x) { return std::round(x); });
    default: return visit([](double x) { return double(std::isnan(x)); });  // kIsMissing
  }
}

template <typename Visit>
decltype(auto) WithTwoNumbers(Pointwise function, Visit&& visit) {
  switch (function) {
    case Pointwise::kAdd: return visit([](double x, double y) { return x + y; });
    case Pointwise::kSubtract: return visit([](double x, double y) { return x - y; });
    case Pointwise::kMultiply: return visit([](double x, double y) { return x * y; });
    case Pointwise::kDivide: return visit([](double x, double y) { return x / y; });
    case Pointwise::kPower: return visit([](double x, double y) { return Lacks(x, y) ? kMissing : std::pow(x, y); });
    case Pointwise::kLess: return visit([](double x, double y) { return Lacks(x, y) ? kMissing : double(x < y); });
    case Pointwise::kLessOrEqual:
      return visit([](double x, double y) { return Lacks(x, y) ? kMissing : double(x <= y); });
    case Pointwise::kGreater: return visit([](double x, double y) { return Lacks(x, y) ? kMissing : double(x > y); });
    case Pointwise::kGreaterOrEqual:
      return visit([](double x, double y) { return Lacks(x, y) ? kMissing : double(x >= y); });
    case Pointwise::kEqual: return visit([](double x, double y) { return Lacks(x, y) ? kMissing : double(x == y); });
    case Pointwise::kNotEqual: return visit([](double x, double y) { return Lacks(x, y) ? kMissing : double(x != y); });
    case Pointwise::kAnd:
      return visit([](double x, double y) { return Lacks(x, y) ? kMissing : double(x != 0 && y != 0); });
    case Pointwise::kOr:
      return visit([](double x, double y) { return Lacks(x, y) ? kMissing : double(x != 0 || y != 0); });
    case Pointwise::kMin: return visit([](double x, double y) { return Lacks(x, y) ? kMissing : std::min(x, y); });
    case Pointwise::kMax: return visit([](double x, double y) { return Lacks(x, y) ? kMissing : std::max(x, y); });
    default: return visit([](double x, double y) { return std::isnan(x) ? y : x; });  // kCoalesce
  }
}

template <typename Visit>
decltype(auto) WithThreeNumbers(Pointwise function, Visit&& visit) {
  if (function == Pointwise::kIf) {
    return visit([](double x, double y, double z) { return Lacks(x) ? kMissing : x != 0 ? y : z; });
  }
  return visit([](double x, double y, double z) {  // kClip
    return Lacks(x, y) || Lacks(z) ? kMissing : std::min(std::max(x, y), z);
  });
}

}  // namespace pointwise

// The value at one bar; `y` and `z` count only where the function takes them.
inline double ValueOf(Pointwise function, int arity, double x, double y, double z) {
  if (arity == 1) return pointwise::WithOneNumber(function, [&](auto f) { return Known(f(x)); });
  if (arity == 2) return pointwise::WithTwoNumbers(function, [&](auto f) { return Known(f(x, y)); });
  return pointwise::WithThreeNumbers(function, [&](auto f) { return Known(f(x, y, z)); });
}

// The values at `bars` bars; `out` overlaps none of the others.
void ValuesOf(Pointwise function, int arity, const double* const* in, double* out, std::size_t bars);

}  // namespace hone
