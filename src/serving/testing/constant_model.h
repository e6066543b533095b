// Models whose answers a test knows.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/ensemble/voting_ensemble.h"
#include "models/model.h"

namespace hone::testing_models {

// Answers `value` + `slope` times the first feature.
class ConstantModel final : public Model {
 public:
  ConstantModel(std::size_t width, double value, double slope) : width_(width), value_(value), slope_(slope) {}
  std::size_t width() const override { return width_; }
  double Predict(std::span<const double> row) const noexcept override { return value_ + slope_ * row[0]; }

 private:
  std::size_t width_;
  double value_, slope_;
};

// Answers `outputs` numbers: the first feature times 1, 2, 3, ...
class MultiplesModel final : public Model {
 public:
  MultiplesModel(std::size_t width, std::size_t outputs) : width_(width), outputs_(outputs) {}
  std::size_t width() const override { return width_; }
  std::size_t outputs() const override { return outputs_; }
  double Predict(std::span<const double> row) const noexcept override { return row[0]; }
  void PredictAll(std::span<const double> row, std::span<double> out) const noexcept override {
    for (std::size_t k = 0; k < out.size(); ++k) out[k] = row[0] * static_cast<double>(k + 1);
  }

 private:
  std::size_t width_, outputs_;
};

inline ModelPointer Multiples(std::size_t width, std::size_t outputs) {
  return std::make_shared<MultiplesModel>(width, outputs);
}

inline ModelPointer Constant(std::size_t width, double value, double slope = 0) {
  return std::make_shared<ConstantModel>(width, value, slope);
}

// Members "m0", "m1", ... of version 1.0.0 in an ensemble, all of one width.
inline std::shared_ptr<const VotingEnsemble> Ensemble(EnsembleRule rule, const std::vector<ModelPointer>& models) {
  std::vector<EnsembleMember> members;
  for (const ModelPointer& model : models) {
    members.push_back({"m" + std::to_string(members.size()), "1.0.0", 1, model});
  }
  return VotingEnsemble::Make(rule, std::nullopt, std::move(members)).value();
}

}  // namespace hone::testing_models
