#include "loss_stream.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hone::verdicts {
namespace {

constexpr double kOmega = 0.02, kSquare = 0.08, kVariance = 0.90;  // GARCH(1,1) of variance 1
constexpr int kWarmUp = 200;

// Normal over the root of a mean of four squares, their sum by two uniforms; variance 2 before it is halved.
double StudentOfFour(Random& random) {
  const double squares = -2 * std::log((1 - random.Uniform()) * (1 - random.Uniform()));
  return random.Normal() / std::sqrt(squares / 4) / std::sqrt(2.0);
}

bool KnownLater(const LossStream::Row& a, const LossStream::Row& b) {
  return a.known_at != b.known_at ? a.known_at > b.known_at : a.made > b.made;
}

}  // namespace

LossStream::Series::Series(const Setting& setting, Random& random)
    : noise_(setting.noise), phi_(setting.phi), state_(random.Normal()) {
  if (noise_ == Noise::kMovingAverage) {
    for (int i = 0; i < setting.horizon; ++i) newest_.push_back(random.Normal());
  }
  if (noise_ == Noise::kGarch) {
    for (int i = 0; i < kWarmUp; ++i) Next(random);
  }
}

double LossStream::Series::Next(Random& random) {
  switch (noise_) {
    case Noise::kAutoregressive: return state_ = phi_ * state_ + std::sqrt(1 - phi_ * phi_) * random.Normal();
    case Noise::kMovingAverage: {
      newest_.pop_front();
      newest_.push_back(random.Normal());
      double sum = 0;
      for (const double value : newest_) sum += value;
      return sum / std::sqrt(static_cast<double>(newest_.size()));
    }
    case Noise::kStudent: return StudentOfFour(random);
    case Noise::kGarch:
      variance_ = kOmega + kSquare * state_ * state_ + kVariance * variance_;
      return state_ = std::sqrt(variance_) * random.Normal();
  }
  return 0;
}

LossStream::LossStream(const Setting& setting, std::uint64_t seed)
    : setting_(setting), random_(Random::Stream(seed, setting.name)), common_(setting, random_) {
  for (int i = 0; i <= setting.challengers; ++i) own_.emplace_back(setting, random_);
}

LossStream::Row LossStream::MakeRow() {
  Row row;
  const double common = kMeanLoss + std::sqrt(0.4) * common_.Next(random_);
  row.champion = common + std::sqrt(0.5) * own_[0].Next(random_);
  for (std::size_t i = 1; i < own_.size(); ++i) {
    const double gain = i == 1 ? setting_.gain : 0;
    row.challengers.push_back(common + std::sqrt(0.5) * own_[i].Next(random_) - gain);
  }
  row.made = ++made_;
  row.known_at = row.made + setting_.horizon;
  if (setting_.late > 0)
    row.known_at += static_cast<long>(random_.Below(static_cast<std::uint64_t>(setting_.late) + 1));
  return row;
}

const LossStream::Row& LossStream::Next() {
  // No later prediction's outcome can be known before this one's own horizon has passed.
  while (waiting_.empty() || waiting_.front().known_at > made_ + setting_.horizon) {
    waiting_.push_back(MakeRow());
    std::push_heap(waiting_.begin(), waiting_.end(), KnownLater);
  }
  std::pop_heap(waiting_.begin(), waiting_.end(), KnownLater);
  newest_ = std::move(waiting_.back());
  waiting_.pop_back();
  return newest_;
}

}  // namespace hone::verdicts
