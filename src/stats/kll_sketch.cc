#include "stats/kll_sketch.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hone {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr double kShrink = 2.0 / 3;
constexpr std::size_t kSmallest = 8;

std::size_t CapacityAt(int k, std::size_t below_top) {
  return std::max(kSmallest, static_cast<std::size_t>(std::ceil(k * std::pow(kShrink, double(below_top)))));
}

}  // namespace

KllSketch::KllSketch(int k, std::uint64_t seed)
    : k_(std::clamp(k, 8, 65'535)), random_(seed), levels_(1), capacity_(Capacity()), min_(kMissing), max_(kMissing) {}

std::size_t KllSketch::CapacityOf(std::size_t level) const { return CapacityAt(k_, levels_.size() - 1 - level); }

std::size_t KllSketch::Capacity() const {
  std::size_t capacity = 0;
  for (std::size_t level = 0; level < levels_.size(); ++level) capacity += CapacityOf(level);
  return capacity;
}

std::size_t KllSketch::MostKept(int k) {
  std::size_t most = 0;
  for (std::size_t level = 0; level <= 40; ++level) most += CapacityAt(k, level);
  return most;
}

double KllSketch::RankError(int k) { return 2.296 / std::pow(k, 0.9723); }

void KllSketch::Add(double value) {
  ++count_;
  min_ = std::fmin(min_, value);
  max_ = std::fmax(max_, value);
  levels_[0].push_back(value);
  if (++kept_ >= capacity_) Compress();
}

void KllSketch::Merge(const KllSketch& other) {
  count_ += other.count_;
  min_ = std::fmin(min_, other.min_);
  max_ = std::fmax(max_, other.max_);
  if (levels_.size() < other.levels_.size()) levels_.resize(other.levels_.size());
  for (std::size_t level = 0; level < other.levels_.size(); ++level) {
    levels_[level].insert(levels_[level].end(), other.levels_[level].begin(), other.levels_[level].end());
  }
  kept_ += other.kept_;
  capacity_ = Capacity();
  while (kept_ >= capacity_) Compress();
}

// Together the levels are full, so one of them is: the lowest such moves up. Until then a level may hold more than its
// own.
void KllSketch::Compress() {
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    if (levels_[level].size() >= CapacityOf(level)) return MoveUp(level);
  }
}

void KllSketch::MoveUp(std::size_t level) {
  if (level + 1 == levels_.size()) {
    levels_.emplace_back();
    capacity_ = Capacity();
  }
  std::vector<double>& from = levels_[level];
  std::vector<double>& to = levels_[level + 1];
  const bool odd = from.size() % 2 != 0;
  const double left = odd ? from.back() : 0;
  if (odd) from.pop_back();
  std::sort(from.begin(), from.end());
  kept_ -= from.size() / 2;
  for (std::size_t i = random_.Next() >> 63; i < from.size(); i += 2) to.push_back(from[i]);
  from.clear();
  if (odd) from.push_back(left);
}

std::vector<KllSketch::Weighted> KllSketch::Sorted() const {
  std::vector<Weighted> all;
  all.reserve(kept_);
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    for (const double value : levels_[level]) all.push_back({value, std::int64_t{1} << level});
  }
  std::sort(all.begin(), all.end(), [](const Weighted& a, const Weighted& b) { return a.value < b.value; });
  return all;
}

double KllSketch::Quantile(double probability) const {
  if (count_ == 0) return kMissing;
  if (!(probability > 0)) return min_;
  if (probability >= 1) return max_;
  const double wanted = probability * static_cast<double>(count_);
  std::int64_t seen = 0;
  for (const Weighted& item : Sorted()) {
    seen += item.weight;
    if (static_cast<double>(seen) >= wanted) return item.value;
  }
  return max_;
}

double KllSketch::Rank(double value) const {
  if (count_ == 0) return kMissing;
  std::int64_t below = 0;
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    const auto smaller =
        std::count_if(levels_[level].begin(), levels_[level].end(), [value](double other) { return other <= value; });
    below += smaller << level;
  }
  return static_cast<double>(below) / static_cast<double>(count_);
}

}  // namespace hone
