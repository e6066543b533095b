// XGBoost's objectives, as far as prediction goes: how a margin becomes the answer, and how `base_score`, which is
// stored as an answer, becomes the margin that sums start from.
#pragma once

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
  };

  std::string_view name;
  Link link = Link::kIdentity;
  Base base = Base::kMargin;
};

// Null when XGBoost has no such objective.
const XgboostObjective* FindXgboostObjective(std::string_view name);

// In float, as the library.
float XgboostBaseMargin(const XgboostObjective& objective, XgboostVersion version, float base_score);

}  // namespace hone
