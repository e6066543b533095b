// One-sided critical values of Student's t distribution, computed once.
#pragma once

#include <memory>
#include <vector>

namespace hone::verdicts {

// Cheap to copy; copies share the values.
class StudentQuantiles {
 public:
  // P(T <= t) = 1 - alpha for 1 ... `most` degrees of freedom.
  StudentQuantiles(double alpha, int most);
  double At(long degrees) const { return (*values_)[static_cast<std::size_t>(degrees)]; }

 private:
  std::shared_ptr<const std::vector<double>> values_;
};

}  // namespace hone::verdicts
