// One constructor per feature on bars; families are in the files beside this one, formulas in the list of the
// catalogue.
#pragma once

#include "features/feature.h"

namespace hone {

// price.cc
FeaturePointer MakePriceReturn(SeriesTraits traits);
FeaturePointer MakePriceVolatility(SeriesTraits traits);
FeaturePointer MakePriceMomentum(SeriesTraits traits);

// volume_ratio.cc
FeaturePointer MakeVolumeRatio(SeriesTraits traits);

// relative_strength.cc: Wilder (1978), "New Concepts in Technical Trading Systems".
FeaturePointer MakeRelativeStrength14(SeriesTraits traits);

// moving_average_convergence.cc: Appel (1979), exponential averages of 12 and 26 bars.
FeaturePointer MakeMovingAverageConvergence(SeriesTraits traits);

// bollinger_bands.cc: Bollinger (2001), "%b".
FeaturePointer MakeBollingerPosition(SeriesTraits traits);

// calendar.cc
FeaturePointer MakeHourOfDay(SeriesTraits traits);
FeaturePointer MakeDayOfWeek(SeriesTraits traits);

// variance_level.cc: ln of the mean variance of the last kBars bars.
template <int kBars>
FeaturePointer MakeLogRange(SeriesTraits traits);
template <int kBars>
FeaturePointer MakeLogRealised(SeriesTraits traits);

// variance_ratio.cc: ln of the mean variance of the last kShort bars over that of the last kLong.
template <int kShort, int kLong>
FeaturePointer MakeRangeRatio(SeriesTraits traits);
template <int kShort, int kLong>
FeaturePointer MakeRealisedRatio(SeriesTraits traits);
FeaturePointer MakeRangeSpread22(SeriesTraits traits);
template <int kBars>
FeaturePointer MakeMeanLogRange(SeriesTraits traits);
template <int kBars>
FeaturePointer MakeTrimmedLogRange(SeriesTraits traits);

// scaled_moves.cc: moves of the price in units of the volatility of the last 22 bars.
template <int kBars>
FeaturePointer MakeScaledReturn(SeriesTraits traits);
FeaturePointer MakeScaledMaxDrop22(SeriesTraits traits);
FeaturePointer MakeDownShare22(SeriesTraits traits);

}  // namespace hone
