// What the table and the report say about a replay in the same words.
#pragma once

#include <string>

#include "engine/replay.h"

namespace hone {

// The file name of the data without folder and extensions: "sp500" for "demo-data/sp500.csv.gz"; a synthetic source as
// it was given.
std::string SeriesName(const ReplayResult& result);

// hone against another policy, by the paired interval of hone's loss less the other's.
enum class Comparison {
  kBetter,  // the whole interval is below zero
  kEqual,   // it holds zero: the data do not tell them apart
  kWorse,   // the whole interval is above zero
};
Comparison Compare(const Interval& difference);
// "better", "not told apart", "worse"
const char* ComparisonWord(Comparison comparison);

// Why agreement between series counts for less than their number.
inline constexpr char kNotIndependent[] =
    "The series are not independent of each other: markets move together, so agreement between them counts for less "
    "than their number.";

}  // namespace hone
