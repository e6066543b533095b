// The standard normal distribution.
#pragma once

namespace hone {

// P(Z <= z), relative error a few units in the last place also far in the lower tail (erfc).
double NormalCdf(double z);
double NormalDensity(double z);

// The z with P(Z <= z) = probability: Wichura's AS 241 (PPND16), relative error about 1e-15. 0 and 1 give -inf and
// +inf, outside [0, 1] NaN.
double NormalQuantile(double probability);

}  // namespace hone
