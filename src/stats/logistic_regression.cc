#include "stats/logistic_regression.h"

#include <algorithm>
#include <cmath>

namespace hone {
namespace {

constexpr int kMostIterations = 50;
// Largest step of a coefficient, relative to the largest coefficient or 1: the end; and where Newton's step is sure to
// be right while the loss is too flat to tell.
constexpr double kConverged = 1e-12, kClose = 1e-5;

// Solves the symmetric positive definite system in place (Cholesky); the lower triangle of `matrix` is used.
void SolveInPlace(std::vector<double>& matrix, std::vector<double>& right) {
  const std::size_t n = right.size();
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) {
      double sum = matrix[i * n + j];
      for (std::size_t k = 0; k < j; ++k) sum -= matrix[i * n + k] * matrix[j * n + k];
      matrix[i * n + j] = i == j ? std::sqrt(std::max(sum, 1e-300)) : sum / matrix[j * n + j];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) right[i] -= matrix[i * n + k] * right[k];
    right[i] /= matrix[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) right[i] -= matrix[k * n + i] * right[k];
    right[i] /= matrix[i * n + i];
  }
}

double SoftPlus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

class Fit {
 public:
  Fit(std::span<const double> rows, std::size_t width, std::span<const double> labels, std::span<const double> weights,
      double penalty)
      : rows_(rows), width_(width), labels_(labels), weights_(weights), penalty_(penalty) {
    fitted_.weights.assign(width, 0.0);
  }

  LogisticRegression Run() {
    double loss = Loss(fitted_);
    for (int i = 0; i < kMostIterations; ++i) {
      Accumulate();
      SolveInPlace(hessian_, gradient_);  // the step, negative
      if (!Descend(loss)) break;
    }
    return fitted_;
  }

 private:
  std::span<const double> Row(std::size_t i) const { return rows_.subspan(i * width_, width_); }

  double Loss(const LogisticRegression& model) const {
    double loss = 0;
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      const double score = model.Score(Row(i));
      loss += weights_[i] * SoftPlus(labels_[i] > 0.5 ? -score : score);
    }
    for (const double weight : model.weights) loss += 0.5 * penalty_ * weight * weight;
    return loss;
  }

  // Gradient and lower triangle of the Hessian; the intercept is the last coefficient.
  void Accumulate() {
    const std::size_t n = width_ + 1;
    gradient_.assign(n, 0.0);
    hessian_.assign(n * n, 0.0);
    std::vector<double> row(n, 1.0);
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      std::copy_n(Row(i).begin(), width_, row.begin());
      const double probability = 1 / (1 + std::exp(-fitted_.Score(Row(i))));
      const double slope = weights_[i] * (probability - labels_[i]);
      const double curvature = weights_[i] * probability * (1 - probability);
      for (std::size_t j = 0; j < n; ++j) {
        gradient_[j] += slope * row[j];
        const double scaled = curvature * row[j];
        for (std::size_t k = 0; k <= j; ++k) hessian_[j * n + k] += scaled * row[k];
      }
    }
    for (std::size_t j = 0; j < width_; ++j) {
      gradient_[j] += penalty_ * fitted_.weights[j];
      hessian_[j * n + j] += penalty_;
    }
  }

  // Goes the step, or a part of it that lowers the loss; false once it is too small to matter.
  bool Descend(double& loss) {
    double largest = 1, step = 0;
    for (const double weight : fitted_.weights) largest = std::max(largest, std::abs(weight));
    for (const double part : gradient_) step = std::max(step, std::abs(part));
    if (!(step > kConverged * largest)) return false;
    for (double share = 1; share > 1e-6; share *= 0.5) {
      LogisticRegression next = fitted_;
      for (std::size_t j = 0; j < width_; ++j) next.weights[j] -= share * gradient_[j];
      next.intercept -= share * gradient_[width_];
      const double next_loss = Loss(next);
      if (!(next_loss <= loss) && step > kClose * largest) continue;
      fitted_ = std::move(next);
      loss = next_loss;
      return true;
    }
    return false;
  }

  std::span<const double> rows_;
  std::size_t width_;
  std::span<const double> labels_, weights_;
  double penalty_;
  LogisticRegression fitted_;
  std::vector<double> gradient_, hessian_;
};

}  // namespace

double LogisticRegression::Score(std::span<const double> row) const {
  double score = intercept;
  for (std::size_t j = 0; j < weights.size(); ++j) score += weights[j] * row[j];
  return score;
}

LogisticRegression FitLogisticRegression(std::span<const double> rows, std::size_t width,
                                         std::span<const double> labels, std::span<const double> case_weights,
                                         double penalty) {
  return Fit(rows, width, labels, case_weights, penalty).Run();
}

}  // namespace hone
