// The world of a simulation: features, outcomes, and models whose squared error is stated.
//
// outcome = signal + noise, noise a moving average of `horizon` normals of variance 1, as labels of overlapping
// horizons have. A version answers signal + sqrt(L - 1) * deviation, where L is its squared error in units of the noise
// and its deviation a mixture of features that have nothing to do with the outcome: nine tenths of its variance belong
// to its recipe, one tenth to the version alone. So versions of one recipe share most of their errors, as real ones do.
// Every version begins at L = 1.5; factors change it from some row on.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "features/dataset.h"
#include "models/model.h"
#include "scenario.h"

namespace hone {

class World {
 public:
  static constexpr double kLoss = 1.5;
  static constexpr std::size_t kVersionDeviations = 8;

  World(const SimulationSpec& spec, std::uint64_t seed);

  std::size_t rows() const { return outcomes_.size(); }
  std::size_t width() const { return names_.size(); }
  const std::vector<std::string>& names() const { return names_; }
  std::span<const double> features(std::size_t row) const { return {x_.data() + row * width(), width()}; }
  double outcome(std::size_t row) const { return outcomes_[row]; }
  // The row these features belong to: their signal is unique.
  std::size_t RowOf(std::span<const double> features) const;
  std::size_t recipe_column(int recipe) const { return 2 + static_cast<std::size_t>(recipe); }
  std::size_t version_column(int number) const;
  const SimulationSpec& spec() const { return spec_; }

 private:
  SimulationSpec spec_;
  std::vector<std::string> names_;  // signal, naive, one a recipe, kVersionDeviations
  std::vector<double> x_, outcomes_;
  std::unordered_map<std::uint64_t, std::size_t> row_of_;
};

// Answers as stated. Not thread-safe: factors are added while a run goes on.
class StatedModel final : public Model {
 public:
  // The version that retraining `retraining` (0: the first) made of `recipe` from rows [0, end). `world` must outlive
  // this.
  StatedModel(const World& world, int recipe, int retraining, std::size_t end);

  std::size_t width() const override { return world_.width(); }
  double Predict(std::span<const double> row) const noexcept override;

  // Multiplies the squared error of answers to rows >= from.
  void Change(std::size_t from, double factor) { factors_.push_back({from, factor}); }

 private:
  struct Factor {
    std::size_t from;
    double factor;
  };
  const World& world_;
  int recipe_, retraining_;
  std::size_t end_;
  std::vector<Factor> factors_;
};

}  // namespace hone
