#include "drift/detectors/catalogue.h"

#include <algorithm>
#include <vector>

#include "drift/detectors/anderson_darling_detector.h"
#include "drift/detectors/bootstrapped_sample.h"
#include "drift/detectors/chi_squared_detector.h"
#include "drift/detectors/cramer_von_mises_detector.h"
#include "drift/detectors/dependent_kolmogorov_smirnov.h"
#include "drift/detectors/domain_classifier.h"
#include "drift/detectors/energy_distance_detector.h"
#include "drift/detectors/hellinger_detector.h"
#include "drift/detectors/jensen_shannon_detector.h"
#include "drift/detectors/kolmogorov_smirnov_detector.h"
#include "drift/detectors/levels_and_innovations.h"
#include "drift/detectors/maximum_mean_discrepancy_detector.h"
#include "drift/detectors/pca_reconstruction.h"
#include "drift/detectors/population_stability_detector.h"
#include "drift/detectors/wasserstein_detector.h"

namespace hone {
namespace {

template <typename Statistic>
class PreparedStatistic final : public TwoSampleStatistic {
 public:
  PreparedStatistic(std::span<const double> sorted_reference, const DriftPolicy& policy)
      : statistic_(sorted_reference, policy) {}
  int degree() const override { return Statistic::kDegree; }
  double Of(const PooledCounts& counts) const override { return statistic_.Of(counts); }

 private:
  Statistic statistic_;
};

template <typename Statistic>
std::unique_ptr<ColumnDetector> MakeBootstrapped(std::span<const double> reference, const DriftPolicy& policy,
                                                 double level) {
  const MakeSampleTest make_test = [&](std::span<const double> values) {
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    return std::make_unique<BootstrappedSample>(values, policy, level, Statistic::kName,
                                                std::make_unique<PreparedStatistic<Statistic>>(sorted, policy));
  };
  return MakeLevelsAndInnovations(Statistic::kName, reference, policy, make_test);
}

template <typename Statistic>
constexpr ColumnDetectorEntry Bootstrapped(const char* description) {
  return {Statistic::kName, description, &MakeBootstrapped<Statistic>};
}

constexpr ColumnDetectorEntry kColumnDetectors[] = {
    {kDefaultDetector, "largest difference of distribution functions, at the effective sample size",
     &MakeDependentKolmogorovSmirnov},
    Bootstrapped<KolmogorovSmirnovDetector>("largest difference of distribution functions, bootstrapped"),
    Bootstrapped<CramerVonMisesDetector>("squared difference of distribution functions over the rows"),
    Bootstrapped<AndersonDarlingDetector>("the same, weighted for the tails"),
    Bootstrapped<WassersteinDetector>("mean distance values must move"),
    Bootstrapped<EnergyDistanceDetector>("squared difference of distribution functions over the values"),
    Bootstrapped<MaximumMeanDiscrepancyDetector>("Gaussian kernel of median bandwidth"),
    Bootstrapped<PopulationStabilityDetector>("population stability index over equal shares of the reference"),
    Bootstrapped<JensenShannonDetector>("Jensen-Shannon distance over equal shares of the reference"),
    Bootstrapped<HellingerDetector>("Hellinger distance over equal shares of the reference"),
    Bootstrapped<ChiSquaredDetector>("Pearson's chi-squared over equal shares of the reference"),
};

constexpr RowDetectorEntry kRowDetectors[] = {
    {"pca_reconstruction", "what the reference's principal components leave of each row", &MakePcaReconstruction},
    {"domain_classifier", "can a classifier tell the current rows from the reference's?", &MakeDomainClassifier},
};

}  // namespace

std::span<const ColumnDetectorEntry> ColumnDetectors() { return kColumnDetectors; }
std::span<const RowDetectorEntry> RowDetectors() { return kRowDetectors; }

}  // namespace hone
