#include "market/synthetic.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>

#include "base/edit_distance.h"
#include "market/bar_check.h"

namespace hone {
namespace {

constexpr std::string_view kPrefix = "synthetic:";
const std::vector<std::string> kKinds{"calm", "break", "gradual", "flicker"};
constexpr int kFewestBars = 100;
constexpr int kMostSyntheticBars = 60'000;  // from 2000; time ends in 2262

// Level: 1 % a day before the change.
constexpr VarianceRegime kOldRegime{.mu = -9.2103, .a1 = 0.3, .a5 = 0.6, .a22 = -0.1, .s = 0.35};
constexpr VarianceRegime kNewRegime{.mu = -8.0103, .a1 = 1.0, .a5 = -0.8, .a22 = 0, .s = 0.35};
constexpr double kChangeShare = 0.45;
constexpr std::size_t kGradualBars = 400;
constexpr std::size_t kFlickerBars = 60;

constexpr int kWarmUpBars = 500;
constexpr int kSteps = 16;
constexpr double kFirstPrice = 100;
constexpr double kUsualVolume = 1e6;
constexpr double kVolumeNoise = 0.2;
constexpr Time kFirstDay = 946'857'600 * kSecond;  // Monday, 2000-01-03

// The recursion of x: the last 22 values, newest last.
class LogVariance {
 public:
  explicit LogVariance(double level) { last_.fill(level); }

  double Expected(const VarianceRegime& regime) const {
    double sum5 = 0, sum22 = 0;
    for (std::size_t i = 0; i < last_.size(); ++i) {
      sum22 += last_[i];
      if (i >= last_.size() - 5) sum5 += last_[i];
    }
    return regime.mu + regime.a1 * (last_.back() - regime.mu) + regime.a5 * (sum5 / 5 - regime.mu) +
           regime.a22 * (sum22 / 22 - regime.mu);
  }
  double Next(const VarianceRegime& regime, Random& random) {
    const double x = Expected(regime) + regime.s * random.Normal();
    std::copy(last_.begin() + 1, last_.end(), last_.begin());
    last_.back() = x;
    return x;
  }

 private:
  std::array<double, 22> last_;
};

// Calendar and price of successive weekday bars.
class BarMaker {
 public:
  Bar Next(double x, Random& random) {
    const double step = std::exp(x / 2) / std::sqrt(static_cast<double>(kSteps));
    double level = 0, highest = 0, lowest = 0;
    for (int i = 0; i < kSteps; ++i) {
      level += step * random.Normal();
      highest = std::max(highest, level);
      lowest = std::min(lowest, level);
    }
    Bar bar;
    bar.open_time = kFirstDay + (day_ / 5 * 7 + day_ % 5) * kDay;
    bar.known_at = bar.open_time + kDay;
    bar.open = std::exp(log_price_);
    bar.high = std::exp(log_price_ + highest);
    bar.low = std::exp(log_price_ + lowest);
    log_price_ += level;
    bar.close = std::exp(log_price_);
    bar.volume = std::round(kUsualVolume * std::exp((x - kOldRegime.mu) / 2 + kVolumeNoise * random.Normal()));
    ++day_;
    return bar;
  }

 private:
  std::int64_t day_ = 0;
  double log_price_ = std::log(kFirstPrice);
};

BarSeries EmptySeries(const std::string& source) {
  BarSeries series;
  series.instrument = source;
  series.source = source;
  series.bar_size = kDay;
  return series;
}

std::string SourceText(const SyntheticSpec& spec) { return fmt::format("{}{},bars={}", kPrefix, spec.kind, spec.bars); }

Error BadSpec(std::string_view text, std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message), std::string(text.substr(0, 80)), 0, ""};
}

}  // namespace

bool IsSyntheticSource(std::string_view source) { return source.starts_with(kPrefix); }

Result<SyntheticSpec> ParseSyntheticSpec(std::string_view text) {
  if (!IsSyntheticSource(text)) return BadSpec(text, "a synthetic market is written synthetic:KIND[,bars=N]");
  std::string_view rest = text.substr(kPrefix.size());
  const std::size_t comma = rest.find(',');
  SyntheticSpec spec;
  spec.kind = std::string(rest.substr(0, comma).substr(0, 40));
  if (std::find(kKinds.begin(), kKinds.end(), spec.kind) == kKinds.end()) {
    return BadSpec(text, fmt::format("unknown synthetic market '{}'{}; there are calm, break, gradual, flicker",
                                     spec.kind, DidYouMean(spec.kind, kKinds)));
  }
  if (comma == std::string_view::npos) return spec;
  rest.remove_prefix(comma + 1);
  constexpr std::string_view kBars = "bars=";
  if (!rest.starts_with(kBars)) return BadSpec(text, "after the kind only ,bars=N may follow");
  rest.remove_prefix(kBars.size());
  const auto [end, code] = std::from_chars(rest.data(), rest.data() + rest.size(), spec.bars);
  const bool number = code == std::errc() && end == rest.data() + rest.size();
  if (!number || spec.bars < kFewestBars || spec.bars > kMostSyntheticBars) {
    return BadSpec(text, fmt::format("bars must be a number from {} to {}", kFewestBars, kMostSyntheticBars));
  }
  return spec;
}

SyntheticMarket::SyntheticMarket(const SyntheticSpec& spec, std::uint64_t seed) : spec_(spec), seed_(seed) {
  const auto bars = static_cast<std::size_t>(spec.bars);
  change_at_ = spec.kind == "calm" ? bars : static_cast<std::size_t>(kChangeShare * spec.bars);
  series_ = EmptySeries(SourceText(spec));
  series_.bars.reserve(bars);
  conditional_.reserve(bars);
  Random random = Random::Stream(seed, "synthetic:" + spec.kind);
  LogVariance variance(kOldRegime.mu);
  for (int i = 0; i < kWarmUpBars; ++i) variance.Next(kOldRegime, random);
  BarMaker maker;
  for (std::size_t i = 0; i < bars; ++i) {
    series_.bars.push_back(maker.Next(variance.Next(RegimeOf(WeightAt(i)), random), random));
    conditional_.push_back(variance.Expected(RegimeOf(WeightAt(i + 1))));
  }
  series_.fingerprint = FingerprintBars(series_.bars);
}

double SyntheticMarket::WeightAt(std::size_t bar) const {
  if (bar < change_at_) return 0;
  const std::size_t since = bar - change_at_;
  if (spec_.kind == "gradual") return std::min(1.0, static_cast<double>(since + 1) / static_cast<double>(kGradualBars));
  if (spec_.kind == "flicker") return since < kFlickerBars ? 1 : 0;
  return spec_.kind == "break" ? 1 : 0;
}

double SyntheticMarket::regime_weight(std::size_t bar) const { return WeightAt(bar); }

int SyntheticMarket::regime_at(std::size_t bar) const { return WeightAt(bar) >= 0.5 ? 1 : 0; }

VarianceRegime SyntheticMarket::RegimeOf(double weight) const {
  const auto between = [weight](double from, double to) { return from + weight * (to - from); };
  return {.mu = between(kOldRegime.mu, kNewRegime.mu),
          .a1 = between(kOldRegime.a1, kNewRegime.a1),
          .a5 = between(kOldRegime.a5, kNewRegime.a5),
          .a22 = between(kOldRegime.a22, kNewRegime.a22),
          .s = between(kOldRegime.s, kNewRegime.s)};
}

BarSeries SyntheticMarket::FreshBars(std::size_t bar, int count) const {
  const double weight = WeightAt(bar);
  const VarianceRegime regime = RegimeOf(weight);
  BarSeries series = EmptySeries(series_.source + ",fresh");
  series.bars.reserve(static_cast<std::size_t>(count));
  Random random = Random::Stream(seed_, fmt::format("fresh:{:016x}", std::bit_cast<std::uint64_t>(weight)));
  LogVariance variance(regime.mu);
  for (int i = 0; i < kWarmUpBars; ++i) variance.Next(regime, random);
  BarMaker maker;
  for (int i = 0; i < count; ++i) series.bars.push_back(maker.Next(variance.Next(regime, random), random));
  return series;
}

}  // namespace hone
