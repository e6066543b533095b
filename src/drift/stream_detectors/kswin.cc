#include "drift/stream_detectors/kswin.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include "base/random.h"
#include "stats/kolmogorov_smirnov.h"

namespace hone {
namespace {

constexpr double kLeastStatistic = 0.1;

// p of D = steps / rows, for two samples of `rows`.
double PValueOf(std::int64_t steps, std::int64_t rows) {
  std::vector<double> low(static_cast<std::size_t>(rows), 0.0), high(low);
  std::fill_n(high.begin(), steps, 1.0);
  return KolmogorovSmirnovTest(low, high, KolmogorovSmirnovMethod::kExact).p_value;
}

// The fewest steps of 1 / rows that are a drift; rows + 1 where none are.
std::int64_t CriticalSteps(const KswinConfig& config) {
  auto steps = static_cast<std::int64_t>(std::floor(kLeastStatistic * static_cast<double>(config.recent))) + 1;
  std::int64_t beyond = config.recent + 1;
  while (steps < beyond) {
    const std::int64_t middle = std::midpoint(steps, beyond);
    if (PValueOf(middle, config.recent) <= config.alpha) {
      beyond = middle;
    } else {
      steps = middle + 1;
    }
  }
  return beyond;
}

class Kswin final : public CopyableStreamDetector<Kswin> {
 public:
  explicit Kswin(const KswinConfig& config)
      : config_(config),
        critical_(static_cast<double>(CriticalSteps(config)) / static_cast<double>(config.recent)),
        random_(Random::Stream(config.seed, "kswin")),
        ring_(static_cast<std::size_t>(config.window)) {}
  const char* name() const override { return "kswin"; }

 private:
  StreamState Take(double value) override {
    ring_[(first_ + size_) % ring_.size()] = value;
    if (size_ < ring_.size()) {
      ++size_;
    } else {
      first_ = (first_ + 1) % ring_.size();
    }
    return size_ == ring_.size() ? Judge() : StreamState();
  }

  StreamState Judge() {
    const std::size_t recent = static_cast<std::size_t>(config_.recent), older = ring_.size() - recent;
    newest_.resize(recent);
    for (std::size_t i = 0; i < recent; ++i) newest_[i] = At(older + i);
    Draw(older);
    StreamState state{StreamStatus::kInControl, StreamChange::kNone, MeanOf(drawn_), MeanOf(newest_)};
    std::sort(newest_.begin(), newest_.end());
    std::sort(drawn_.begin(), drawn_.end());
    // Half a step below: D is a sum of steps, rounded.
    const double limit = critical_ - 0.5 / static_cast<double>(recent);
    if (KolmogorovSmirnovStatistic(drawn_, newest_) <= limit) return state;
    state.status = StreamStatus::kDrift;
    state.change = state.after > state.before ? StreamChange::kUp : StreamChange::kDown;
    return state;
  }

  double At(std::size_t i) const { return ring_[(first_ + i) % ring_.size()]; }

  static double MeanOf(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  }

  // As many of the `older` values as there are newest, without replacement (a shuffle that stops early).
  void Draw(std::size_t older) {
    places_.resize(older);
    std::iota(places_.begin(), places_.end(), std::size_t{0});
    drawn_.resize(newest_.size());
    for (std::size_t i = 0; i < drawn_.size(); ++i) {
      std::swap(places_[i], places_[i + random_.Below(older - i)]);
      drawn_[i] = At(places_[i]);
    }
  }

  void StartAfresh() override {
    const std::size_t recent = static_cast<std::size_t>(config_.recent);
    first_ = (first_ + size_ - recent) % ring_.size();
    size_ = recent;
  }

  KswinConfig config_;
  double critical_;  // the smallest D that is a drift
  Random random_;
  std::vector<double> ring_;
  std::size_t first_ = 0, size_ = 0;
  std::vector<double> newest_, drawn_;  // of the last test
  std::vector<std::size_t> places_;
};

}  // namespace

std::unique_ptr<StreamDetector> MakeKswin(const KswinConfig& config) { return std::make_unique<Kswin>(config); }

}  // namespace hone
