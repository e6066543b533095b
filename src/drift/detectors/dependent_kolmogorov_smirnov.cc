#include "drift/detectors/dependent_kolmogorov_smirnov.h"

#include "drift/detectors/levels_and_innovations.h"
#include "drift/detectors/reference_sample.h"

namespace hone {

std::unique_ptr<ColumnDetector> MakeDependentKolmogorovSmirnov(std::span<const double> reference,
                                                               const DriftPolicy& policy, double level) {
  return MakeLevelsAndInnovations("dependent_kolmogorov_smirnov", reference, policy,
                                  [&policy, level](std::span<const double> values) {
                                    return std::make_unique<ReferenceSample>(values, policy, level);
                                  });
}

}  // namespace hone
