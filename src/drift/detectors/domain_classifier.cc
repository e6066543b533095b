#include "drift/detectors/domain_classifier.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "drift/detectors/detectable_shift.h"
#include "drift/detectors/levels_and_innovations.h"
#include "drift/detectors/whole_rows.h"
#include "stats/area_under_curve.h"
#include "stats/effective_sample_size.h"
#include "stats/logistic_regression.h"
#include "stats/normal.h"
#include "stats/rank_dependence.h"

namespace hone {
namespace {

constexpr std::size_t kMostFeatures = 128;
constexpr double kMostFeatureSpreads = 5;  // an outlier beyond them counts as this far
constexpr double kPurgedTimes = 2;         // autocorrelation times before and after the rows judged
constexpr double kLargestArea = 1 - 1e-12;
constexpr double kDeviationsInRange = 1.349;  // of a normal interquartile range
constexpr double kPenalty = 1;                // against as many effective rows as there are

// What the classifier sees of a row.
class RowFeatures {
 public:
  RowFeatures(std::span<const double> reference, std::size_t width)
      : width_(width),
        squares_(2 * width <= kMostFeatures),
        products_(2 * width + width * (width - 1) / 2 <= kMostFeatures),
        scaler_(reference, width) {}

  std::size_t size() const { return width_ + (squares_ ? width_ : 0) + (products_ ? width_ * (width_ - 1) / 2 : 0); }

  std::vector<double> Of(std::span<const double> rows) const {
    std::vector<double> features, scaled(width_);
    features.reserve(rows.size() / width_ * size());
    for (std::size_t row = 0; row < rows.size(); row += width_) {
      for (std::size_t j = 0; j < width_; ++j) scaled[j] = scaler_.Scaled(j, rows[row + j], kMostFeatureSpreads);
      features.insert(features.end(), scaled.begin(), scaled.end());
      for (std::size_t j = 0; squares_ && j < width_; ++j) features.push_back(scaled[j] * scaled[j] - 1);
      for (std::size_t j = 0; products_ && j < width_; ++j)
        for (std::size_t k = 0; k < j; ++k) features.push_back(scaled[j] * scaled[k]);
    }
    return features;
  }

 private:
  std::size_t width_;
  bool squares_, products_;
  RowScaler scaler_;
};

// One sample's rows as features, cut into folds.
struct Sample {
  std::vector<double> features;
  std::size_t rows, width;

  std::span<const double> Fold(std::size_t fold, std::size_t folds) const {
    const std::size_t begin = rows * fold / folds, end = rows * (fold + 1) / folds;
    return std::span(features).subspan(begin * width, (end - begin) * width);
  }
  // Adds the rows that lie more than `gap` from the fold.
  std::size_t AddOthers(std::size_t fold, std::size_t folds, std::size_t gap, std::vector<double>& to) const {
    const std::size_t begin = rows * fold / folds, end = rows * (fold + 1) / folds;
    const std::size_t left = begin - std::min(begin, gap), right = std::min(rows, end + gap);
    to.insert(to.end(), features.begin(), features.begin() + static_cast<std::ptrdiff_t>(left * width));
    to.insert(to.end(), features.begin() + static_cast<std::ptrdiff_t>(right * width), features.end());
    return left + rows - right;
  }
};

std::vector<double> Scores(const LogisticRegression& model, std::span<const double> rows) {
  const std::size_t width = model.weights.size();
  std::vector<double> scores;
  for (std::size_t begin = 0; begin < rows.size(); begin += width)
    scores.push_back(model.Score(rows.subspan(begin, width)));
  return scores;
}

// Placements of the rows of all folds, each by a classifier that has seen neither them nor their neighbours.
struct JudgedRows {
  std::vector<double> current, reference;
};

LogisticRegression FitOthers(const Sample& reference, const Sample& current, std::size_t fold, std::size_t folds,
                             double tau) {
  const auto gap = static_cast<std::size_t>(std::ceil(kPurgedTimes * tau));
  std::vector<double> rows;
  const std::size_t first = reference.AddOthers(fold, folds, gap, rows);
  const std::size_t second = current.AddOthers(fold, folds, gap, rows);
  std::vector<double> labels(first, 0.0), weights;
  labels.resize(first + second, 1.0);
  const double n = static_cast<double>(first), m = static_cast<double>(second);
  const double effective = n * m / ((n + m) * tau);  // of each class
  for (const double label : labels) weights.push_back(effective / (label > 0 ? m : n));
  return FitLogisticRegression(rows, reference.width, labels, weights, kPenalty);
}

JudgedRows JudgeFolds(const Sample& reference, const Sample& current, std::size_t folds, double tau) {
  JudgedRows judged;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    const LogisticRegression model = FitOthers(reference, current, fold, folds, tau);
    const std::vector<double> negatives = Scores(model, reference.Fold(fold, folds));
    const std::vector<double> positives = Scores(model, current.Fold(fold, folds));
    const std::vector<double> above = Placements(positives, negatives), below = Placements(negatives, positives);
    judged.current.insert(judged.current.end(), above.begin(), above.end());
    judged.reference.insert(judged.reference.end(), below.begin(), below.end());
  }
  return judged;
}

class DomainClassifier final : public RowDetector {
 public:
  // `reference`: whole rows.
  DomainClassifier(std::vector<double> reference, std::size_t all_rows, std::size_t width, const DriftPolicy& policy,
                   double level)
      : reference_(std::move(reference)),
        width_(width),
        rows_(reference_.size() / width),
        missing_(MissingShare(all_rows, rows_)),
        policy_(policy),
        level_(level),
        features_(reference_, width) {
    std::vector<double> column(rows_);
    for (std::size_t j = 0; j < width; ++j) {
      for (std::size_t i = 0; i < rows_; ++i) column[i] = reference_[i * width + j];
      tau_ = std::max(tau_, RankAutocorrelationTime(column));
    }
  }

  const char* name() const override { return "domain_classifier"; }

  ColumnTests Compare(std::span<const double> rows) const override {
    const std::vector<double> whole = WholeRows(rows, width_);
    ColumnTests tests;
    tests.reference_rows = static_cast<std::int64_t>(rows_);
    tests.current_rows = static_cast<std::int64_t>(whole.size() / width_);
    tests.reference_missing = missing_;
    tests.current_missing = MissingShare(rows.size() / width_, whole.size() / width_);
    tests.levels = Test(whole);
    return tests;
  }

 private:
  DriftTest Test(const std::vector<double>& current) const {
    DriftTest test;
    const std::size_t current_rows = current.size() / width_;
    const double n = static_cast<double>(rows_), m = static_cast<double>(current_rows);
    test.tau = tau_;
    test.needed_reference_rows = NeededRows(n, policy_.minimum_effective_reference_rows, tau_);
    test.needed_current_rows = NeededRows(m, policy_.minimum_effective_current_rows, tau_);
    if (n > 0 && m > 0) test.smallest_detectable_shift = DetectableShift(n * m / ((n + m) * tau_), level_);
    if (test.needed_reference_rows > 0 || test.needed_current_rows > 0) return test;
    const Sample reference{features_.Of(reference_), rows_, features_.size()};
    const Sample now{features_.Of(current), current.size() / width_, features_.size()};
    const JudgedRows judged = JudgeFolds(reference, now, static_cast<std::size_t>(policy_.folds), tau_);
    for (const double placement : judged.current) test.statistic += placement / m;
    test.status = DriftStatus::kOk;
    test.distance = std::clamp(2 * test.statistic - 1, 0.0, 1.0);
    // Two normal scores with this area are sqrt(2) quantile(area) deviations apart.
    const double apart = std::numbers::sqrt2 * NormalQuantile(std::clamp(test.statistic, 0.5, kLargestArea));
    test.shift = apart / kDeviationsInRange;
    const double error = std::hypot(Error(judged.current), Error(judged.reference));
    const double z = (test.statistic - 0.5) / std::max(error, std::numeric_limits<double>::min());
    test.p_value = std::max(NormalCdf(-z), std::numeric_limits<double>::min());
    return test;
  }

  // Of the mean of dependent placements. A short window shows too little of its own dependence; the reference's is the
  // least that counts.
  double Error(const std::vector<double>& placements) const {
    const double own = IntegratedAutocorrelationTime(placements).tau;
    return StandardErrorOfMean(placements) * std::sqrt(std::max(own, tau_) / own);
  }

  std::vector<double> reference_;
  std::size_t width_, rows_;
  double missing_;
  DriftPolicy policy_;
  double level_;
  RowFeatures features_;
  double tau_ = 1;
};

}  // namespace

std::unique_ptr<RowDetector> MakeDomainClassifier(std::span<const double> reference, std::size_t width,
                                                  const DriftPolicy& policy, double level) {
  return std::make_unique<DomainClassifier>(WholeRows(reference, width), reference.size() / width, width, policy,
                                            level);
}

}  // namespace hone
