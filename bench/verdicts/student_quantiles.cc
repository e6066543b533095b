#include "student_quantiles.h"

#include <boost/math/distributions/students_t.hpp>

namespace hone::verdicts {

StudentQuantiles::StudentQuantiles(double alpha, int most) {
  std::vector<double> values(static_cast<std::size_t>(most) + 1);
  for (int degrees = 1; degrees <= most; ++degrees) {
    values[static_cast<std::size_t>(degrees)] = boost::math::quantile(boost::math::students_t(degrees), 1 - alpha);
  }
  values_ = std::make_shared<const std::vector<double>>(std::move(values));
}

}  // namespace hone::verdicts
