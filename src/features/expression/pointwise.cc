#include "features/expression/pointwise.h"

namespace hone {

void ValuesOf(Pointwise function, int arity, const double* const* in, double* __restrict out, std::size_t bars) {
  const double* x = in[0];
  if (arity == 1) {
    pointwise::WithOneNumber(function, [&](auto f) {
      for (std::size_t i = 0; i < bars; ++i) out[i] = Known(f(x[i]));
    });
    return;
  }
  const double* y = in[1];
  if (arity == 2) {
    pointwise::WithTwoNumbers(function, [&](auto f) {
      for (std::size_t i = 0; i < bars; ++i) out[i] = Known(f(x[i], y[i]));
    });
    return;
  }
  const double* z = in[2];
  pointwise::WithThreeNumbers(function, [&](auto f) {
    for (std::size_t i = 0; i < bars; ++i) out[i] = Known(f(x[i], y[i], z[i]));
  });
}

}  // namespace hone
