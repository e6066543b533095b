#include "models/forest/forest.h"

#include <utility>

#include "models/forest/compiled_forest.h"

namespace hone {
namespace {

// Node by node, as tree.h words it: categorical splits, very wide forests.
class WalkedForestModel final : public ForestModel {
 public:
  explicit WalkedForestModel(Forest forest) : forest_(std::move(forest)) {}

  std::size_t width() const override { return forest_.width; }
  const Forest& forest() const noexcept override { return forest_; }

  double PredictMargin(std::span<const double> row) const noexcept override {
    double margin = 0.0;
    for (const Tree& tree : forest_.trees) margin += TreeValue(tree, row);
    return margin;
  }
  double Predict(std::span<const double> row) const noexcept override {
    return AnswerOfMargin(forest_, PredictMargin(row));
  }

 private:
  const Forest forest_;
};

class CompiledForestModel final : public ForestModel {
 public:
  explicit CompiledForestModel(Forest forest) : forest_(std::move(forest)), compiled_(forest_) {}

  std::size_t width() const override { return forest_.width; }
  const Forest& forest() const noexcept override { return forest_; }

  double PredictMargin(std::span<const double> row) const noexcept override { return compiled_.Margin(row.data()); }
  double Predict(std::span<const double> row) const noexcept override {
    return AnswerOfMargin(forest_, compiled_.Margin(row.data()));
  }
  void PredictBatch(std::span<const double> rows, std::span<double> out) const noexcept override {
    compiled_.Margins(rows.data(), forest_.width, out);
    for (double& value : out) value = AnswerOfMargin(forest_, value);
  }

 private:
  const Forest forest_;
  const CompiledForest compiled_;
};

}  // namespace

std::shared_ptr<const ForestModel> MakeForestModel(Forest forest) {
  if (CompiledForest::CanCompile(forest)) return std::make_shared<CompiledForestModel>(std::move(forest));
  return std::make_shared<WalkedForestModel>(std::move(forest));
}

}  // namespace hone
