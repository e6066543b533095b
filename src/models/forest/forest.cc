#include "models/forest/forest.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "models/forest/compiled_forest.h"
#include "models/forest/forest_accelerator.h"
#include "models/forest/infinity.h"

namespace hone {
namespace {

double Sum(Dialect dialect, double a, double b) noexcept {
  return SumsFloats(dialect) ? static_cast<double>(static_cast<float>(a) + static_cast<float>(b)) : a + b;
}

double Aggregated(const Forest& forest, double margin, double leaf) noexcept {
  switch (forest.aggregate) {
    case Aggregate::kMin: return leaf < margin ? leaf : margin;
    case Aggregate::kMax: return leaf > margin ? leaf : margin;
    default: return Sum(forest.dialect, margin, leaf);
  }
}

double First(Aggregate aggregate) noexcept {
  return aggregate == Aggregate::kMin ? kInfinity : aggregate == Aggregate::kMax ? -kInfinity : 0.0;
}

// Node by node, as tree.h words it: very wide forests, those with huge category sets, least and greatest leaves.
class WalkedForest {
 public:
  WalkedForest(const Forest& forest, std::optional<ForestKernel>) : forest_(forest) {}

  void Margins(const double* row, std::span<double> margins) const noexcept {
    const double first = First(forest_.aggregate);
    for (std::size_t k = 0; k < margins.size(); ++k) margins[k] = forest_.start_last ? first : forest_.start[k];
    for (const Tree& tree : forest_.trees) {
      double& margin = margins[tree.output];
      margin = Aggregated(forest_, margin, TreeValue(tree, forest_.dialect, {row, forest_.width}));
    }
    if (!forest_.start_last || forest_.aggregate == Aggregate::kAverage) return;
    for (std::size_t k = 0; k < margins.size(); ++k) margins[k] = Sum(forest_.dialect, margins[k], forest_.start[k]);
  }
  void Margins(const double* rows, std::size_t width, std::size_t count, double* margins) const noexcept {
    const std::size_t outputs = forest_.outputs();
    for (std::size_t i = 0; i < count; ++i) Margins(rows + i * width, {margins + i * outputs, outputs});
  }
  std::string Describe() const { return "walk: node by node"; }

 private:
  const Forest& forest_;
};

AnswerKind KindOf(Link link) {
  switch (link) {
    case Link::kSigmoid:
    case Link::kSoftmax:
    case Link::kSoftmaxZero:
    case Link::kComplement:
    case Link::kSigmoidPair: return AnswerKind::kProbability;
    case Link::kHinge:
    case Link::kClass: return AnswerKind::kClass;
    default: return AnswerKind::kNumber;
  }
}

template <typename Evaluator>
class EvaluatedForestModel final : public ForestModel {
 public:
  EvaluatedForestModel(Forest forest, std::optional<ForestKernel> kernel)
      : forest_(std::move(forest)), evaluator_(forest_, kernel) {}

  std::size_t width() const override { return forest_.width; }
  std::size_t outputs() const override { return AnswerSize(forest_.link, forest_.outputs()); }
  std::size_t margins() const override { return forest_.outputs(); }
  AnswerKind kind() const override { return KindOf(forest_.link); }
  const Forest& forest() const noexcept override { return forest_; }
  std::string kernel() const override { return evaluator_.Describe(); }

  double PredictMargin(std::span<const double> row) const noexcept override {
    double margin = 0;
    evaluator_.Margins(row.data(), {&margin, 1});
    return margin;
  }
  void PredictMargins(std::span<const double> row, std::span<double> out) const noexcept override {
    evaluator_.Margins(row.data(), out);
  }

  double Predict(std::span<const double> row) const noexcept override {
    if (std::max(forest_.outputs(), outputs()) > 1) return FirstOf(row);
    double answer = PredictMargin(row);
    AnswerOfMargins(forest_, {&answer, 1});
    return answer;
  }
  void PredictAll(std::span<const double> row, std::span<double> out) const noexcept override {
    if (forest_.link == Link::kClass) {
      out.front() = FirstOf(row);
      return;
    }
    evaluator_.Margins(row.data(), out.first(forest_.outputs()));
    AnswerOfMargins(forest_, out);
  }
  void PredictBatch(std::span<const double> rows, std::span<double> out) const noexcept override {
    if (forest_.link == Link::kClass) return Model::PredictBatch(rows, out);
    const std::size_t margins = forest_.outputs(), numbers = outputs(), count = out.size() / numbers;
    evaluator_.Margins(rows.data(), forest_.width, count, out.data());
    // From the last: an answer may take more room than its margin, which lies before it.
    for (std::size_t i = count; i-- > 0;) {
      const std::span<double> answer = out.subspan(i * numbers, numbers);
      if (numbers > margins) answer.front() = out[i];
      AnswerOfMargins(forest_, answer);
    }
  }

 private:
  // The first number of an answer made of several margins.
  double FirstOf(std::span<const double> row) const noexcept {
    std::array<double, Forest::kMaxOutputs> values;
    const std::span<double> used(values.data(), std::max(forest_.outputs(), outputs()));
    evaluator_.Margins(row.data(), used.first(forest_.outputs()));
    AnswerOfMargins(forest_, used);
    return used.front();
  }

  const Forest forest_;
  const Evaluator evaluator_;
};

std::shared_ptr<const ForestModel> OnProcessor(Forest forest, std::optional<ForestKernel> kernel) {
  if (kernel == ForestKernel::kWalk || !CanCompile(forest)) {
    return std::make_shared<EvaluatedForestModel<WalkedForest>>(std::move(forest), kernel);
  }
  if (SumsFloats(forest.dialect)) {
    return std::make_shared<EvaluatedForestModel<CompiledForest<float>>>(std::move(forest), kernel);
  }
  return std::make_shared<EvaluatedForestModel<CompiledForest<double>>>(std::move(forest), kernel);
}

}  // namespace

std::string KernelOf(const Model& model) {
  const auto* const forest = dynamic_cast<const ForestModel*>(&model);
  return forest == nullptr ? std::string() : forest->kernel();
}

std::shared_ptr<const ForestModel> MakeForestModel(Forest forest, std::optional<ForestKernel> kernel) {
  auto model = OnProcessor(std::move(forest), kernel);
  const ForestAccelerator* const accelerator = forest_accelerator();
  return accelerator == nullptr || kernel.has_value() ? model : accelerator->Accelerate(std::move(model));
}

}  // namespace hone
