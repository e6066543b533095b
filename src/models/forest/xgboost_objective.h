// XGBoost's objectives, as far as prediction goes: how a margin becomes the answer, and how `base_score`, which is
// stored as an answer, becomes the margin that sums start from.
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "models/forest/link.h"

namespace hone {

// Of the library that wrote a model: major, minor.
using XgboostVersion = std::pair<int, int>;

struct XgboostObjective {
  enum class Base {
    kMargin,  // base_score is the margin
    kLogit,   // log(p / (1 - p)), computed as -log(1 / p - 1); since 3.2 p is kept within [1e-6, 1 - 1e-6]
    kLog,     // log
    kRising,  // of each output but the first, the inverse of Link::kRising
  };

  std::string_view name;
  Link link = Link::kIdentity;
  Base base = Base::kMargin;
};

// Null when XGBoost has no such objective.
const XgboostObjective* FindXgboostObjective(std::string_view name);

// How the library turns margins into answers.
Link XgboostLink(const XgboostObjective& objective, XgboostVersion version);
// Base scores, one per output, in place to margins; in float, as the library.
void ToBaseMargins(const XgboostObjective& objective, XgboostVersion version, std::span<float> scores);

}  // namespace hone
