// How much data a verdict takes, and what it could find.
#pragma once

#include <cstdint>

namespace hone {

// The rows that are worth `minimum` independent ones at `tau` rows each; 0 where `rows` are enough.
std::int64_t NeededRows(double rows, double minimum, double tau);

// The mean shift, in standard deviations of a normal column, that a Kolmogorov-Smirnov test at p <= `level` finds with
// probability 0.8 at `effective_rows` = nm / ((n+m) tau); infinite where none is.
double DetectableShift(double effective_rows, double level);

}  // namespace hone
