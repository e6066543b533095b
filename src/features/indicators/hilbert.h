// Ehlers' measurement of the dominant cycle (2001, "Rocket Science for Traders"), shared by MAMA and the ht_
// indicators.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "features/indicators/define.h"

namespace hone {

// The last kSize numbers; zeros before there are that many.
template <std::size_t kSize>
class Recent {
 public:
  void Push(double value) {
    next_ = next_ + 1 == kSize ? 0 : next_ + 1;
    values_[next_] = value;
  }
  // age 0 the newest, below kSize
  double operator[](std::size_t age) const { return values_[next_ >= age ? next_ - age : next_ + kSize - age]; }

 private:
  std::array<double, kSize> values_{};
  std::size_t next_ = 0;
};

// Truncated Hilbert transformer of seven values.
class HilbertTransformer {
 public:
  double Push(double value, double gain) {
    values_.Push(value);
    return (0.0962 * (values_[0] - values_[6]) + 0.5769 * (values_[2] - values_[4])) * gain;
  }

 private:
  Recent<7> values_;
};

// In-phase and quadrature part of the price and the period of its dominant cycle, 6 to 50 bars.
class DominantCycle {
 public:
  // Bars before `first` (0-based) only fill the price smoother, as in TA-Lib.
  explicit DominantCycle(int first) : first_(first) {}

  // False while nothing is measured.
  bool Push(double price) {
    prices_.Push(price);
    if (bar_ < first_) {
      ++bar_;
      return false;
    }
    smoothed_ = (4 * prices_[0] + 3 * prices_[1] + 2 * prices_[2] + prices_[3]) * 0.1;
    const double gain = 0.075 * period_ + 0.54;
    const double detrended = detrender_.Push(smoothed_, gain);
    quadrature_ = quadrature_of_.Push(detrended, gain);
    in_phase_ = detrended_[2];
    detrended_.Push(detrended);
    Homodyne(in_phase_ - advanced_q_.Push(quadrature_, gain), quadrature_ + advanced_i_.Push(in_phase_, gain));
    return true;
  }
  double smoothed() const { return smoothed_; }
  double in_phase() const { return in_phase_; }
  double quadrature() const { return quadrature_; }
  double smooth_period() const { return smooth_period_; }
  // age below 50
  double price(std::size_t age) const { return prices_[age]; }

 private:
  void Homodyne(double i, double q) {
    const double i2 = 0.2 * i + 0.8 * i2_, q2 = 0.2 * q + 0.8 * q2_;
    real_ = 0.2 * (i2 * i2_ + q2 * q2_) + 0.8 * real_;
    imaginary_ = 0.2 * (i2 * q2_ - q2 * i2_) + 0.8 * imaginary_;
    i2_ = i2;
    q2_ = q2;
    double period = period_;
    if (imaginary_ != 0 && real_ != 0) period = 2 * std::numbers::pi / std::atan(imaginary_ / real_);
    period = std::max(std::min(period, 1.5 * period_), 0.67 * period_);
    period_ = 0.2 * std::clamp(period, 6.0, 50.0) + 0.8 * period_;
    smooth_period_ = 0.33 * period_ + 0.67 * smooth_period_;
  }

  int first_, bar_ = 0;
  Recent<50> prices_;
  Recent<3> detrended_;
  HilbertTransformer detrender_, quadrature_of_, advanced_i_, advanced_q_;
  double smoothed_ = 0, in_phase_ = 0, quadrature_ = 0, i2_ = 0, q2_ = 0, real_ = 0, imaginary_ = 0;
  double period_ = 0, smooth_period_ = 0;
};

}  // namespace hone
