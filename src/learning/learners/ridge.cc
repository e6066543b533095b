#include "learning/learners/ridge.h"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>
#include <utility>

#include "learning/learners/parameters.h"
#include "learning/learners/training_rows.h"
#include "models/linear/linear.h"

namespace hone {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Column {
  double mean = 0;
  double deviation = 0;  // 0: no variation
};

// The normal equations of standardised columns, per row.
struct NormalEquations {
  std::vector<Column> columns;
  MatrixXd gram;         // Z'Z / n
  VectorXd correlation;  // Z'(y - mean) / n
  double label_mean = 0;
  double label_variance = 0;
  double rows = 0;
};

Column Describe(const Dataset& data, std::size_t j) {
  Column column;
  double count = 0, sum = 0, squares = 0;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const double value = data.row(i)[j];
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
  }
  if (count == 0) return column;
  column.mean = sum / count;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const double value = data.row(i)[j];
    if (!std::isnan(value)) squares += (value - column.mean) * (value - column.mean);
  }
  const double deviation = std::sqrt(squares / count);
  // Rounding alone gives a constant column a deviation of about epsilon times its level.
  column.deviation = deviation > 1e-13 * std::fabs(column.mean) ? deviation : 0;
  return column;
}

MatrixXd Standardise(const Dataset& data, const std::vector<Column>& columns) {
  MatrixXd z(static_cast<Index>(data.rows()), static_cast<Index>(columns.size()));
  for (std::size_t j = 0; j < columns.size(); ++j) {
    for (std::size_t i = 0; i < data.rows(); ++i) {
      const double value = data.row(i)[j];
      const bool zero = std::isnan(value) || columns[j].deviation == 0;
      z(static_cast<Index>(i), static_cast<Index>(j)) = zero ? 0 : (value - columns[j].mean) / columns[j].deviation;
    }
  }
  return z;
}

NormalEquations BuildEquations(const Dataset& data) {
  NormalEquations equations;
  for (std::size_t j = 0; j < data.width(); ++j) equations.columns.push_back(Describe(data, j));
  equations.rows = static_cast<double>(data.rows());
  const Eigen::Map<const VectorXd> y(data.y.data(), static_cast<Index>(data.rows()));
  equations.label_mean = y.mean();
  const VectorXd centred = y.array() - equations.label_mean;
  const MatrixXd z = Standardise(data, equations.columns);
  equations.gram = z.transpose() * z / equations.rows;
  equations.correlation = z.transpose() * centred / equations.rows;
  equations.label_variance = centred.squaredNorm() / equations.rows;
  return equations;
}

VectorXd Solve(const NormalEquations& equations, double lambda) {
  MatrixXd left = equations.gram;
  left.diagonal().array() += lambda;
  // A column without variation would make the system singular at lambda 0.
  for (Index j = 0; j < left.rows(); ++j) {
    if (equations.columns[static_cast<std::size_t>(j)].deviation == 0) left(j, j) = 1;
  }
  return left.ldlt().solve(equations.correlation);
}

double ChooseLambda(const NormalEquations& equations) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(equations.gram);
  const VectorXd values = eigen.eigenvalues().cwiseMax(0.0);
  const VectorXd squares = (eigen.eigenvectors().transpose() * equations.correlation).array().square();
  double best = std::numeric_limits<double>::infinity(), chosen = 1;
  for (int step = 0; step <= 32; ++step) {
    const double lambda = std::pow(10.0, -6 + step / 4.0);
    const Eigen::ArrayXd shrunk = values.array() + lambda;
    const double freedom = (values.array() / shrunk).sum();
    const double explained = (squares.array() * (values.array() + 2 * lambda) / shrunk.square()).sum();
    const double left = 1 - (1 + freedom) / equations.rows;
    const double score = (equations.label_variance - explained) / (left * left);
    if (left > 0 && score < best) best = score, chosen = lambda;
  }
  return chosen;
}

class Ridge final : public Learner {
 public:
  std::string name() const override { return "ridge"; }
  std::map<std::string, double> defaults() const override { return DefaultsOf(rules_); }
  bool Learns(Objective objective) const override { return objective == Objective::kRegression; }

  Result<FittedModel> Fit(const Dataset& data, Objective objective, const std::map<std::string, double>& parameters,
                          std::uint64_t) const override {
    if (!Learns(objective)) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("ridge learns regression, not {}", ObjectiveName(objective)), name(), 0, "objective"};
    }
    HONE_ASSIGN_OR_RETURN(const ParameterValues values, ResolveParameters(name(), rules_, parameters));
    HONE_RETURN_IF_ERROR(CheckTrainingRows(name(), data));
    const NormalEquations equations = BuildEquations(data);
    const double lambda = values.at("gcv") != 0 ? ChooseLambda(equations) : values.at("lambda");
    return Finish(equations, Solve(equations, lambda));
  }

 private:
  Result<FittedModel> Finish(const NormalEquations& equations, const VectorXd& standardised) const {
    std::vector<double> weights, means;
    for (std::size_t j = 0; j < equations.columns.size(); ++j) {
      const Column& column = equations.columns[j];
      weights.push_back(column.deviation == 0 ? 0 : standardised[static_cast<Index>(j)] / column.deviation);
      means.push_back(column.mean);
      if (!std::isfinite(weights.back())) {
        return Error{ErrorCode::kInvalidData, "columns are too collinear for this lambda; raise it", name(), 0,
                     "lambda"};
      }
    }
    FittedModel fitted{"linear", WriteLinear(equations.label_mean, weights, means), nullptr};
    HONE_ASSIGN_OR_RETURN(fitted.model, ReadLinear(fitted.bytes, name()));
    return fitted;
  }

  const std::vector<ParameterRule> rules_ = {{"lambda", 1e-3, 0, 1e6, false}, {"gcv", 0, 0, 1, true}};
};

}  // namespace

const Learner& RidgeLearner() {
  static const Ridge learner;
  return learner;
}

}  // namespace hone
