#include "drift/detectors/pca_reconstruction.h"

#include <cmath>
#include <vector>

#include "drift/detectors/dependent_kolmogorov_smirnov.h"
#include "drift/detectors/levels_and_innovations.h"
#include "drift/detectors/whole_rows.h"
#include "stats/symmetric_eigen.h"

namespace hone {
namespace {

constexpr double kMostColumnSpreads = 10;  // an outlier beyond them counts as this far

// The scaled rows' second moments about `means`.
std::vector<double> Covariances(const std::vector<double>& scaled, std::size_t width, std::vector<double>& means) {
  const std::size_t row_count = scaled.size() / width;
  const double rows = static_cast<double>(row_count);
  means.assign(width, 0.0);
  for (std::size_t i = 0; i < scaled.size(); ++i) means[i % width] += scaled[i] / rows;
  std::vector<double> covariances(width * width);
  for (std::size_t row = 0; row < scaled.size(); row += width)
    for (std::size_t j = 0; j < width; ++j)
      for (std::size_t k = 0; k <= j; ++k)
        covariances[j * width + k] += (scaled[row + j] - means[j]) * (scaled[row + k] - means[k]) / rows;
  for (std::size_t j = 0; j < width; ++j)
    for (std::size_t k = j + 1; k < width; ++k) covariances[j * width + k] = covariances[k * width + j];
  return covariances;
}

class PcaReconstruction final : public RowDetector {
 public:
  // `reference`: whole rows.
  PcaReconstruction(const std::vector<double>& reference, std::size_t all_rows, std::size_t width,
                    const DriftPolicy& policy, double level)
      : width_(width),
        rows_(reference.size() / width),
        missing_(MissingShare(all_rows, rows_)),
        fitted_((rows_ / 2) * width),
        scaler_(std::span(reference).first(fitted_), width) {
    Fit(std::span(reference).first(fitted_), policy.explained_variance);
    detector_ = MakeDependentKolmogorovSmirnov(Errors(std::span(reference).subspan(fitted_)), policy, level);
  }

  const char* name() const override { return "pca_reconstruction"; }

  ColumnTests Compare(std::span<const double> rows) const override {
    const std::vector<double> whole = WholeRows(rows, width_);
    ColumnTests tests = detector_->Compare(Errors(whole));
    tests.reference_rows = static_cast<std::int64_t>(rows_);
    tests.reference_missing = missing_;
    tests.current_missing = MissingShare(rows.size() / width_, whole.size() / width_);
    tests.levels.needed_reference_rows *= 2;  // half of them fits the components
    return tests;
  }

 private:
  std::vector<double> Scaled(std::span<const double> rows) const {
    std::vector<double> scaled(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) scaled[i] = scaler_.Scaled(i % width_, rows[i], kMostColumnSpreads);
    return scaled;
  }

  // Keeps the fewest components that explain the share, but never all of them.
  void Fit(std::span<const double> rows, double explained) {
    const SymmetricEigen eigen = DecomposeSymmetric(Covariances(Scaled(rows), width_, means_), width_);
    double all = 0, kept = 0;
    for (const double value : eigen.values) all += value;
    for (std::size_t i = 0; i + 1 < width_ && kept < explained * all; ++i) {
      kept += eigen.values[i];
      const auto begin = eigen.vectors.begin() + static_cast<std::ptrdiff_t>(i * width_);
      components_.insert(components_.end(), begin, begin + static_cast<std::ptrdiff_t>(width_));
    }
  }

  std::vector<double> Errors(std::span<const double> rows) const {
    std::vector<double> scaled = Scaled(rows), errors;
    for (std::size_t row = 0; row < scaled.size(); row += width_) {
      double left = 0;
      for (std::size_t j = 0; j < width_; ++j) {
        scaled[row + j] -= means_[j];
        left += scaled[row + j] * scaled[row + j];
      }
      for (std::size_t c = 0; c < components_.size(); c += width_) {
        double along = 0;
        for (std::size_t j = 0; j < width_; ++j) along += components_[c + j] * scaled[row + j];
        left -= along * along;
      }
      errors.push_back(std::sqrt(std::max(left, 0.0)));
    }
    return errors;
  }

  std::size_t width_, rows_;
  double missing_;
  std::size_t fitted_;  // values of the first half
  RowScaler scaler_;
  std::vector<double> means_, components_;
  std::unique_ptr<ColumnDetector> detector_;
};

}  // namespace

std::unique_ptr<RowDetector> MakePcaReconstruction(std::span<const double> reference, std::size_t width,
                                                   const DriftPolicy& policy, double level) {
  return std::make_unique<PcaReconstruction>(WholeRows(reference, width), reference.size() / width, width, policy,
                                             level);
}

}  // namespace hone
