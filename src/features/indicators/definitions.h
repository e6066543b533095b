// The definitions of all indicators; each is in the file named after it or after its family.
#pragma once

#include "features/indicators/define.h"

namespace hone {

extern const IndicatorDefinition kAc, kAccbands, kAd, kAdosc, kAdr, kAdx, kAdxr, kAo, kApo, kAroon, kAroonosc, kAtr,
    kAutocorrelation, kAvgdev, kAvgprice, kBbands, kBeta, kBipowerVariation, kBop, kCci, kChop, kCmf, kCmo, kCmou,
    kCoppock, kCorrel, kCumsum, kCvi, kCyclical, kDema, kDonchian, kDpo, kDx, kEfi, kEma, kEmv, kEntropy, kEr, kEri,
    kFosc, kGarmanKlass, kHa, kHma, kHtDcperiod, kHtDcphase, kHtPhasor, kHtSine, kHtTrendline, kHtTrendmode, kHurst,
    kIchimoku, kImi, kKama, kKc, kKdjLines, kKeltner, kKurtosis, kLinearreg, kLinearregAngle, kLinearregIntercept,
    kLinearregSlope, kLogReturn, kMacd, kMacdfix, kMama, kMarketfi, kMassi, kMavp, kMax, kMedprice, kMfi, kMicroprice,
    kMidpoint, kMidprice, kMin, kMinmax, kMinusDi, kMinusDm, kMom, kNatr, kNvi, kObv, kOrderBookImbalance, kParkinson,
    kPercentile, kPercentrank, kPlusDi, kPlusDm, kPpo, kPriceDiff, kPvi, kPvo, kPvt, kQstick, kRealisedVariance,
    kRealisedVolatility, kRelativeSpread, kRma, kRoc, kRocp, kRocr, kRocr100, kRogersSatchell, kRsi, kRvi, kRvol, kSar,
    kSarext, kSkew, kSma, kSmi, kSpread, kStddev, kStoch, kStochf, kStochrsi, kSum, kSupertrend, kT3, kTema, kTrange,
    kTrima, kTrix, kTsf, kTsi, kTypprice, kUlcer, kUltosc, kVar, kVhf, kVortex, kVwap, kVwapTotal, kVwma, kWad,
    kWclprice, kWillr, kWma, kYangZhang, kZlema, kZscore;

}  // namespace hone
