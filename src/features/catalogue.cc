#include "features/catalogue.h"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "base/edit_distance.h"
#include "base/sha256.h"
#include "features/bar_features/bar_features.h"

namespace hone {
namespace {

constexpr bool kRange = true;
constexpr bool kAny = false;

constexpr std::array kCatalogue{
    FeatureDefinition{"price_return", "close / last close - 1", 1, "bars=1", kAny, MakePriceReturn},
    FeatureDefinition{"price_volatility", "sample standard deviation of the last 20 returns", 1, "returns=20", kAny,
                      MakePriceVolatility},
    FeatureDefinition{"price_momentum", "close / close 10 bars ago - 1", 1, "bars=10", kAny, MakePriceMomentum},
    FeatureDefinition{"volume_ratio",
                      "volume / mean volume of the last 20 bars, this one included; missing where there is no volume",
                      1, "bars=20", kAny, MakeVolumeRatio},
    FeatureDefinition{"rsi_14", "relative strength index of 14 bars, Wilder's smoothing, 0 to 100; 50 without movement",
                      1, "period=14", kAny, MakeRelativeStrength14},
    FeatureDefinition{"macd", "(exponential average of 12 closes - that of 26) / close; averages start as plain means",
                      1, "fast=12,slow=26", kAny, MakeMovingAverageConvergence},
    FeatureDefinition{
        "bb_position",
        "place of the close within the 20-bar Bollinger band of 2 population standard deviations: 0 lower, "
        "1 upper edge; 0.5 without movement",
        1, "bars=20,width=2", kAny, MakeBollingerPosition},
    FeatureDefinition{"hour_of_day", "hour (UTC, 0 to 23) in which the bar opened", 1, "", kAny, MakeHourOfDay},
    FeatureDefinition{"day_of_week", "day (UTC) on which the bar opened, 0 Monday to 6 Sunday", 1, "", kAny,
                      MakeDayOfWeek},

    FeatureDefinition{"log_range_1", "ln of the bar's Parkinson variance", 1, "bars=1", kRange, MakeLogRange<1>},
    FeatureDefinition{"log_range_5", "ln of the mean Parkinson variance of 5 bars", 1, "bars=5", kRange,
                      MakeLogRange<5>},
    FeatureDefinition{"log_range_22", "ln of the mean Parkinson variance of 22 bars", 1, "bars=22", kRange,
                      MakeLogRange<22>},
    FeatureDefinition{"log_range_66", "ln of the mean Parkinson variance of 66 bars", 1, "bars=66", kRange,
                      MakeLogRange<66>},
    FeatureDefinition{"mean_log_range_5", "mean ln of the Parkinson variances of 5 bars", 1, "bars=5", kRange,
                      MakeMeanLogRange<5>},
    FeatureDefinition{"mean_log_range_22", "mean ln of the Parkinson variances of 22 bars", 1, "bars=22", kRange,
                      MakeMeanLogRange<22>},
    FeatureDefinition{"log_trimmed_range_5", "ln of the mean Parkinson variance of 5 bars without the largest", 1,
                      "bars=5,without=1", kRange, MakeTrimmedLogRange<5>},
    FeatureDefinition{"log_trimmed_range_22", "ln of the mean Parkinson variance of 22 bars without the largest", 1,
                      "bars=22,without=1", kRange, MakeTrimmedLogRange<22>},
    FeatureDefinition{"log_realised_1", "ln of the squared log return", 1, "bars=1", kAny, MakeLogRealised<1>},
    FeatureDefinition{"log_realised_5", "ln of the mean squared log return of 5 bars", 1, "bars=5", kAny,
                      MakeLogRealised<5>},
    FeatureDefinition{"log_realised_22", "ln of the mean squared log return of 22 bars", 1, "bars=22", kAny,
                      MakeLogRealised<22>},

    FeatureDefinition{"range_1_to_5", "log_range_1 - log_range_5", 1, "short=1,long=5", kRange, MakeRangeRatio<1, 5>},
    FeatureDefinition{"range_1_to_22", "log_range_1 - log_range_22", 1, "short=1,long=22", kRange,
                      MakeRangeRatio<1, 22>},
    FeatureDefinition{"range_5_to_22", "log_range_5 - log_range_22", 1, "short=5,long=22", kRange,
                      MakeRangeRatio<5, 22>},
    FeatureDefinition{"range_22_to_66", "log_range_22 - log_range_66", 1, "short=22,long=66", kRange,
                      MakeRangeRatio<22, 66>},
    FeatureDefinition{"realised_1_to_22", "log_realised_1 - log_realised_22", 1, "short=1,long=22", kAny,
                      MakeRealisedRatio<1, 22>},
    FeatureDefinition{"realised_5_to_22", "log_realised_5 - log_realised_22", 1, "short=5,long=22", kAny,
                      MakeRealisedRatio<5, 22>},
    FeatureDefinition{"range_spread_22", "sample standard deviation of log_range_1 over 22 bars", 1, "bars=22", kRange,
                      MakeRangeSpread22},
    FeatureDefinition{"return_1_scaled", "log return / 22-bar volatility (root of the mean Parkinson variance)", 1,
                      "bars=1,scale=22", kRange, MakeScaledReturn<1>},
    FeatureDefinition{"return_5_scaled", "5-bar log return / (22-bar volatility * sqrt 5)", 1, "bars=5,scale=22",
                      kRange, MakeScaledReturn<5>},
    FeatureDefinition{"return_22_scaled", "22-bar log return / (22-bar volatility * sqrt 22)", 1, "bars=22,scale=22",
                      kRange, MakeScaledReturn<22>},
    FeatureDefinition{"max_drop_22_scaled",
                      "largest fall of the close below an earlier one within 22 bars, ln / (22-bar volatility * sqrt "
                      "22), 0 or more",
                      1, "bars=22,scale=22", kRange, MakeScaledMaxDrop22},
    FeatureDefinition{"down_share_22",
                      "falling bars' share of the squared log returns of 22 bars; 0.5 without movement", 1, "bars=22",
                      kAny, MakeDownShare22},
};

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const FeatureDefinition& definition : kCatalogue) names.emplace_back(definition.name);
  return names;
}

}  // namespace

std::span<const FeatureDefinition> FeatureCatalogue() { return kCatalogue; }

Result<const FeatureDefinition*> FindFeature(std::string_view name) {
  for (const FeatureDefinition& definition : kCatalogue) {
    if (definition.name == name) return &definition;
  }
  const std::string shown(name.substr(0, 80));
  return Error{ErrorCode::kInvalidArgument, fmt::format("unknown feature{}", DidYouMean(shown, Names())), "", 0, shown};
}

std::string DefinitionHash(const FeatureDefinition& definition, SeriesTraits traits) {
  Sha256 hash;
  hash.UpdateText(definition.name);
  hash.UpdateWord(static_cast<std::uint64_t>(definition.version));
  hash.UpdateText(definition.parameters);
  if (definition.uses_range) hash.UpdateText(traits.has_range ? "range" : "close");
  return hash.Hex();
}

}  // namespace hone
