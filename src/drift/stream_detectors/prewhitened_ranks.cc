#include "drift/stream_detectors/prewhitened_ranks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "drift/stream_detectors/reference_channel.h"
#include "stats/autoregression.h"
#include "stats/running_moments.h"

namespace hone {
namespace {

constexpr std::size_t kChannels = 4;  // level, its size, innovation, its size
constexpr std::size_t kSize = 1, kInnovations = 2;
constexpr double kSlackQuantile = 2;       // q
constexpr std::int64_t kFewestRows = 8;    // of a start that is judged
constexpr std::size_t kStartsOfAnAge = 4;  // kept, of ages in [2^i, 2^{i+1}) restarts

// Sorted values, for ranks.
class Ranks {
 public:
  Ranks() = default;
  explicit Ranks(std::vector<double> values) : sorted_(std::move(values)) { std::sort(sorted_.begin(), sorted_.end()); }

  // In [-1/2, 1/2].
  double Of(double value) const {
    const auto [low, high] = std::equal_range(sorted_.begin(), sorted_.end(), value);
    const auto twice = (low - sorted_.begin()) + (high - sorted_.begin());
    return 0.5 * static_cast<double>(twice) / static_cast<double>(sorted_.size()) - 0.5;
  }

 private:
  std::vector<double> sorted_;
};

// Sums of the rows from some point on.
struct Sums {
  double rows = 0;
  std::array<double, kChannels> channels{};
  double value = 0, value_squares = 0, innovation = 0, innovation_squares = 0;  // less the reference's mean
};

struct Start {
  double number;
  double log_inverse;  // of its share of alpha
  Sums before;         // of the rows up to it
};

// What the reference says.
struct Reference {
  Autoregression autoregression;
  RunningMoments values, innovations;
  Ranks value_ranks, innovation_ranks;
  std::array<ReferenceChannel, kChannels> channels;
  std::array<bool, kChannels> judged{};
  std::int64_t needed_rows = 0;  // where no channel is judged
  double log_channels = 0;
};

class PrewhitenedRanks final : public CopyableStreamDetector<PrewhitenedRanks> {
 public:
  explicit PrewhitenedRanks(const PrewhitenedRanksConfig& config) : config_(config) {}
  const char* name() const override { return "prewhitened_ranks"; }

 private:
  StreamState Take(double value) override {
    if (!prepared_) {
      newest_.push_back(value);
      if (static_cast<std::int64_t>(newest_.size()) == config_.reference) Prepare();
      return {};
    }
    AddRow(value);
    if (reference_.needed_rows > 0) {
      StreamState state;
      state.needed_rows = reference_.needed_rows;
      return state;
    }
    StreamState state = Judge();
    if (static_cast<std::int64_t>(sums_.rows) % config_.restart == 0) AddStart();
    return state;
  }

  void Prepare();
  std::array<double, kChannels> PrepareChannels(const std::vector<double>& innovations);
  void AddRow(double value);
  void AddStart();
  void Thin();
  StreamState Judge() const;
  std::size_t Clearest(const Start& start, std::size_t beyond) const;
  StreamState Drift(const Start& start, std::size_t channel) const;
  void StartAfresh() override { *this = Restarted(); }
  PrewhitenedRanks Restarted() const;

  PrewhitenedRanksConfig config_;
  bool prepared_ = false;
  std::vector<double> newest_;  // the reference while it is gathered, then the last `order` values
  Reference reference_;
  Sums sums_;
  double started_ = 0;
  std::vector<Start> starts_;  // oldest first
};

PrewhitenedRanks PrewhitenedRanks::Restarted() const {
  PrewhitenedRanks fresh(*this);
  fresh.prepared_ = false;
  fresh.newest_.clear();
  fresh.reference_ = {};
  fresh.sums_ = {};
  fresh.started_ = 0;
  fresh.starts_.clear();
  return fresh;
}

void PrewhitenedRanks::Prepare() {
  prepared_ = true;
  reference_.autoregression = FitAutoregression(newest_, static_cast<int>(config_.order));
  std::vector<double> innovations;
  reference_.autoregression.Residuals(newest_, innovations);
  for (const double value : newest_) reference_.values.Add(value);
  for (const double innovation : innovations) reference_.innovations.Add(innovation);
  reference_.value_ranks = Ranks(newest_);
  reference_.innovation_ranks = Ranks(innovations);

  const std::array<double, kChannels> needed = PrepareChannels(innovations);
  const auto judged = std::count(reference_.judged.begin(), reference_.judged.end(), true);
  if (judged == 0)
    reference_.needed_rows = static_cast<std::int64_t>(std::ceil(*std::min_element(needed.begin(), needed.end())));
  reference_.log_channels = std::log(std::max<double>(static_cast<double>(judged), 1));
  newest_.erase(newest_.begin(), newest_.end() - static_cast<std::ptrdiff_t>(config_.order));
  newest_.shrink_to_fit();
  AddStart();
}

// The reference rows that each channel needs.
std::array<double, kChannels> PrewhitenedRanks::PrepareChannels(const std::vector<double>& innovations) {
  std::array<double, kChannels> needed{};
  for (std::size_t c = 0; c < kChannels; ++c) {
    const bool of_values = c < kInnovations;
    const Ranks& ranks = of_values ? reference_.value_ranks : reference_.innovation_ranks;
    std::vector<double> rows;
    for (const double x : of_values ? newest_ : innovations) {
      const double rank = ranks.Of(x);
      rows.push_back(c % 2 == kSize ? std::fabs(rank) : rank);
    }
    reference_.channels[c] = ReferenceChannel(rows, kSlackQuantile, config_.margin);
    needed[c] = config_.minimum_effective * reference_.channels[c].tau();
  }
  // The mean of innovations is known no better than the autoregression, and that from the level's returns to its mean.
  needed[kInnovations] = std::max(needed[kInnovations], 0.5 * needed[0]);
  for (std::size_t c = 0; c < kChannels; ++c)
    reference_.judged[c] = static_cast<double>(config_.reference) >= needed[c];
  return needed;
}

void PrewhitenedRanks::AddRow(double value) {
  const Reference& reference = reference_;
  const double mean = reference.autoregression.mean, deviation = value - mean;
  double innovation = deviation;
  for (std::size_t i = 0; i < newest_.size(); ++i)
    innovation -= reference.autoregression.coefficients[i] * (newest_[newest_.size() - 1 - i] - mean);
  if (!newest_.empty()) {
    newest_.erase(newest_.begin());
    newest_.push_back(value);
  }
  const double level = reference.value_ranks.Of(value), fresh = reference.innovation_ranks.Of(innovation);
  const std::array<double, kChannels> rows{level, std::fabs(level), fresh, std::fabs(fresh)};
  for (std::size_t c = 0; c < kChannels; ++c) sums_.channels[c] += rows[c] - reference.channels[c].mean();
  sums_.rows += 1;
  sums_.value += deviation;
  sums_.value_squares += deviation * deviation;
  sums_.innovation += innovation;
  sums_.innovation_squares += innovation * innovation;
}

void PrewhitenedRanks::AddStart() {
  started_ += 1;
  const double share = config_.alpha / (started_ * (started_ + 1));
  starts_.push_back({started_, reference_.log_channels - std::log(share), sums_});
  Thin();
}

// Of each age the oldest and the newest are the last to go: an age's second start is given up.
void PrewhitenedRanks::Thin() {
  std::vector<Start> kept;
  std::size_t of_age = 0;
  int age_before = -1;
  for (auto start = starts_.rbegin(); start != starts_.rend(); ++start) {
    const int age = std::ilogb((started_ - start->number) + 1);
    of_age = age == age_before ? of_age + 1 : 1;
    age_before = age;
    if (of_age > kStartsOfAnAge && start + 1 != starts_.rend()) {
      kept.back() = *start;
    } else {
      kept.push_back(*start);
    }
  }
  starts_.assign(kept.rbegin(), kept.rend());
}

StreamState PrewhitenedRanks::Judge() const {
  for (const Start& start : starts_) {
    const double rows = sums_.rows - start.before.rows;
    if (rows < static_cast<double>(kFewestRows)) break;
    for (std::size_t c = 0; c < kChannels; ++c) {
      if (!reference_.judged[c]) continue;
      const double sum = sums_.channels[c] - start.before.channels[c];
      if (reference_.channels[c].Beyond(sum, rows, start.log_inverse)) return Drift(start, Clearest(start, c));
    }
  }
  return {StreamStatus::kInControl, StreamChange::kNone, reference_.values.mean(), std::nan("")};
}

// The channel that describes the change. A mean that moves far makes ranks larger too, and either may be seen first; a
// spread that changes leaves the mean rank alone, so that one which moved half as clearly tells of the mean.
std::size_t PrewhitenedRanks::Clearest(const Start& start, std::size_t beyond) const {
  const auto clearness = [&](std::size_t c) {
    const double clear = reference_.channels[c].Clearness(sums_.channels[c] - start.before.channels[c]);
    return c % 2 == kSize ? clear : 4 * clear;
  };
  std::size_t best = beyond;
  for (std::size_t c = 0; c < kChannels; ++c) {
    if (reference_.judged[c] && clearness(c) > clearness(best)) best = c;
  }
  return best;
}

StreamState PrewhitenedRanks::Drift(const Start& start, std::size_t channel) const {
  const double rows = sums_.rows - start.before.rows;
  const bool more = sums_.channels[channel] > start.before.channels[channel];
  StreamState state{StreamStatus::kDrift};
  if (channel % 2 != kSize) {
    state.change = more ? StreamChange::kUp : StreamChange::kDown;
    state.before = reference_.values.mean();
    state.after = reference_.values.mean() + (sums_.value - start.before.value) / rows;
    return state;
  }
  const bool of_values = channel < kInnovations;
  const double mean =
      (of_values ? sums_.value - start.before.value : sums_.innovation - start.before.innovation) / rows;
  const double squares = of_values ? sums_.value_squares - start.before.value_squares
                                   : sums_.innovation_squares - start.before.innovation_squares;
  state.change = more ? StreamChange::kWider : StreamChange::kNarrower;
  state.before = (of_values ? reference_.values : reference_.innovations).standard_deviation();
  state.after = std::sqrt(std::max(0.0, squares / rows - mean * mean));
  return state;
}

}  // namespace

std::unique_ptr<StreamDetector> MakePrewhitenedRanks(const PrewhitenedRanksConfig& config) {
  return std::make_unique<PrewhitenedRanks>(config);
}

}  // namespace hone
