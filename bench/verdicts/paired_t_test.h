// Student's paired t-test ("The probable error of a mean", Biometrika 1908), one-sided at alpha, as it is planned and
// as it is used.
//
//   t = mean / (s / sqrt(n)), promote where t >= the 1 - alpha quantile at n - 1 degrees of freedom
#pragma once

#include <cmath>
#include <utility>

#include "stats/normal.h"
#include "stats/running_moments.h"
#include "student_quantiles.h"
#include "trial.h"

namespace hone::verdicts {

inline double TStatistic(const RunningMoments& differences) {
  const double n = static_cast<double>(differences.count());
  return differences.mean() / std::sqrt(differences.variance() / n);
}

// Rows after which a one-sided test at alpha finds a gain of `gain` standard deviations with probability `power`, rows
// taken for independent: ((z_{1 - alpha} + z_power) / gain)^2, rounded up.
inline int PlannedRows(double gain, double alpha, double power) {
  const double z = NormalQuantile(1 - alpha) + NormalQuantile(power);
  return static_cast<int>(std::ceil(z * z / (gain * gain)));
}

// Looked at once, after the planned rows.
class FixedHorizonTTest {
 public:
  FixedHorizonTTest(StudentQuantiles quantiles, int planned) : quantiles_(std::move(quantiles)), planned_(planned) {}
  Call Add(double champion, double challenger) {
    differences_.Add(champion - challenger);
    if (differences_.count() < planned_) return Call::kGoOn;
    return TStatistic(differences_) >= quantiles_.At(planned_ - 1) ? Call::kPromote : Call::kRefuse;
  }

 private:
  StudentQuantiles quantiles_;
  int planned_;
  RunningMoments differences_;
};

// Looked at after every batch, until it is significant either way.
class PeekingTTest {
 public:
  PeekingTTest(StudentQuantiles quantiles, Looks looks) : quantiles_(std::move(quantiles)), looks_(looks) {}
  Call Add(double champion, double challenger) {
    differences_.Add(champion - challenger);
    if (!looks_.Due(differences_.count())) return Call::kGoOn;
    const double t = TStatistic(differences_), critical = quantiles_.At(differences_.count() - 1);
    if (std::abs(t) < critical) return Call::kGoOn;
    return t > 0 ? Call::kPromote : Call::kRefuse;
  }

 private:
  StudentQuantiles quantiles_;
  Looks looks_;
  RunningMoments differences_;
};

}  // namespace hone::verdicts
