#include "stats/conformal_intervals.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hone {
namespace {

// Section 3.2 of arXiv 2208.08401: the step of the weights that its bound is least at.
double WeightStep(double miss, std::size_t speeds, double memory) {
  const double hit = 1 - miss, experts = static_cast<double>(speeds);
  return std::sqrt(3 / memory) *
         std::sqrt((std::log(experts * memory) + 2) / (hit * hit * miss * miss * miss + miss * miss * hit * hit * hit));
}

double PinballLoss(double largest_miss, double asked, double miss) {
  const double above = largest_miss - asked;
  return miss * above - std::min(0.0, above);
}

}  // namespace

ConformalIntervals::ConformalIntervals(const ConformalTerms& terms)
    : terms_(terms),
      scores_(terms.window),
      misses_(terms.speeds.size(), 1 - terms.coverage),
      weights_(terms.speeds.size(), 1.0 / static_cast<double>(terms.speeds.size())) {}

double ConformalIntervals::miss() const {
  if (!terms_.adaptive) return 1 - terms_.coverage;
  return std::inner_product(misses_.begin(), misses_.end(), weights_.begin(), 0.0);
}

ConformalIntervals::State ConformalIntervals::state() const {
  return {{scores_.arrived().begin(), scores_.arrived().end()}, misses_, weights_};
}

void ConformalIntervals::Restore(const State& state) {
  for (const double error : state.errors) scores_.Add(error);
  if (state.misses.size() != misses_.size() || state.weights.size() != weights_.size()) return;
  misses_ = state.misses;
  weights_ = state.weights;
}

GivenInterval ConformalIntervals::Give(double prediction) const {
  const double reach = scores_.Reach(miss());
  GivenInterval given{{prediction - reach, prediction + reach}, prediction, {}};
  // A coverage that no number of errors so far could show teaches nothing.
  if (!terms_.adaptive || std::isinf(scores_.Reach(1 - terms_.coverage))) return given;
  for (const double miss : misses_) given.reaches.push_back(scores_.Reach(miss));
  return given;
}

void ConformalIntervals::Adapt(const GivenInterval& given, double score) {
  const double miss = 1 - terms_.coverage, step = WeightStep(miss, misses_.size(), terms_.memory);
  const double largest_miss = scores_.LargestMiss(score);
  double total = 0;
  for (std::size_t i = 0; i < misses_.size(); ++i) {
    weights_[i] *= std::exp(-step * PinballLoss(largest_miss, misses_[i], miss));
    total += weights_[i];
    misses_[i] += terms_.speeds[i] * (miss - (score > given.reaches[i] ? 1 : 0));
  }
  const double shared = 0.5 / terms_.memory;
  for (double& weight : weights_) {
    weight = (1 - shared) * weight / total + shared / static_cast<double>(weights_.size());
  }
}

void ConformalIntervals::Learn(const GivenInterval& given, double outcome) {
  const double score = std::abs(outcome - given.prediction);
  if (!terms_.adaptive && scores_.full()) return;
  if (!given.reaches.empty()) Adapt(given, score);
  scores_.Add(score);
}

}  // namespace hone
