// The regularized incomplete gamma function and the chi-square tail.
#pragma once

namespace hone {

// Q(a, x) = Gamma(a, x) / Gamma(a); a > 0, x >= 0. Series below x = a + 1, continued fraction (Lentz) above. Relative
// error below 1e-12 for a <= 500.
double UpperIncompleteGamma(double a, double x);

// P(X > x) for chi-square with `degrees` > 0 degrees of freedom.
double ChiSquareSurvival(double x, double degrees);

}  // namespace hone
