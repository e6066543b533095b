// The regularized incomplete beta function and Student's tail.
#pragma once

namespace hone {

// I_x(a, b) = B(x; a, b) / B(a, b); a, b > 0. `x` and `rest` = 1 - x are both given, as one of them may be too small to
// be told from the other. Continued fraction DLMF 8.17.22 (Lentz), of I_rest(b, a) where that converges sooner.
double IncompleteBeta(double a, double b, double x, double rest);

// P(T > t) of Student's t with `degrees` > 0 of freedom; relative error below 1e-11 for degrees <= 10,000. NaN for NaN.
double StudentSurvival(double t, double degrees);

}  // namespace hone
