#include "stated_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <deque>

#include "base/random.h"

namespace hone {
namespace {

// A stationary AR(1) of variance 1.
class Autoregressive {
 public:
  Autoregressive(double coefficient, Random& random) : coefficient_(coefficient), value_(random.Normal()) {}
  double Next(Random& random) {
    value_ = coefficient_ * value_ + std::sqrt(1 - coefficient_ * coefficient_) * random.Normal();
    return value_;
  }

 private:
  double coefficient_, value_;
};

std::vector<double> OverlappingNoise(std::size_t rows, int horizon, Random& random) {
  std::deque<double> newest;
  for (int i = 0; i < horizon; ++i) newest.push_back(random.Normal());
  std::vector<double> noise;
  for (std::size_t row = 0; row < rows; ++row) {
    newest.pop_front();
    newest.push_back(random.Normal());
    double sum = 0;
    for (const double value : newest) sum += value;
    noise.push_back(sum / std::sqrt(static_cast<double>(horizon)));
  }
  return noise;
}

}  // namespace

World::World(const SimulationSpec& spec, std::uint64_t seed) : spec_(spec) {
  names_ = {"signal", "naive"};
  for (const std::string& recipe : spec.recipes) names_.push_back("deviation_of_" + recipe);
  for (std::size_t i = 0; i < kVersionDeviations; ++i) names_.push_back(fmt::format("deviation_{}", i));
  Random random = Random::Stream(seed, "world");
  const auto count = static_cast<std::size_t>(spec.history + spec.horizon + spec.rows);
  outcomes_ = OverlappingNoise(count, spec.horizon, random);
  std::vector<Autoregressive> columns;
  for (std::size_t i = 0; i < names_.size(); ++i) columns.emplace_back(spec.autoregression, random);
  for (std::size_t row = 0; row < count; ++row) {
    const double signal = columns[0].Next(random);
    row_of_[std::bit_cast<std::uint64_t>(signal)] = row;
    x_.push_back(signal);
    x_.push_back(signal + std::sqrt(3.0) * columns[1].Next(random));
    for (std::size_t i = 2; i < names_.size(); ++i) x_.push_back(columns[i].Next(random));
    outcomes_[row] += signal;
  }
}

std::size_t World::RowOf(std::span<const double> features) const {
  const auto found = row_of_.find(std::bit_cast<std::uint64_t>(features[0]));
  return found == row_of_.end() ? 0 : found->second;
}

std::size_t World::version_column(int number) const {
  return 2 + spec_.recipes.size() + static_cast<std::size_t>(number) % kVersionDeviations;
}

StatedModel::StatedModel(const World& world, int recipe, int retraining, std::size_t end)
    : world_(world), recipe_(recipe), retraining_(retraining), end_(end) {}

double StatedModel::Predict(std::span<const double> row) const noexcept {
  const std::size_t at = world_.RowOf(row);
  double loss = World::kLoss;
  for (const Factor& factor : factors_) loss *= at >= factor.from ? factor.factor : 1;
  const double years = at > end_ ? static_cast<double>(at - end_) / 252 : 0;
  loss *= 1 + world_.spec().age_per_year * years;
  const double deviation =
      std::sqrt(0.9) * row[world_.recipe_column(recipe_)] + std::sqrt(0.1) * row[world_.version_column(retraining_)];
  return row[0] + std::sqrt(std::max(0.0, loss - 1)) * deviation;
}

}  // namespace hone
