#include "models/forest/xgboost_objective.h"

#include <algorithm>
#include <cmath>

namespace hone {
namespace {

using Base = XgboostObjective::Base;

constexpr XgboostObjective kObjectives[] = {
    {"reg:squarederror"},
    {"reg:linear"},
    {"reg:squaredlogerror"},
    {"reg:pseudohubererror"},
    {"reg:absoluteerror"},
    {"reg:quantileerror"},
    {"reg:expectileerror", Link::kRising, Base::kRising},
    {"reg:logistic", Link::kSigmoid, Base::kLogit},
    {"binary:logistic", Link::kSigmoid, Base::kLogit},
    {"binary:logitraw", Link::kIdentity, Base::kMargin},
    {"binary:hinge", Link::kHinge, Base::kMargin},
    {"count:poisson", Link::kExp, Base::kLog},
    {"reg:gamma", Link::kExp, Base::kLog},
    {"reg:tweedie", Link::kExp, Base::kLog},
    {"survival:cox", Link::kExp, Base::kLog},
    {"survival:aft", Link::kExp, Base::kLog},
    {"multi:softmax", Link::kClass, Base::kMargin},
    {"multi:softprob", Link::kSoftmax, Base::kMargin},
    {"rank:pairwise"},
    {"rank:ndcg"},
    {"rank:map"},
};

// XGBoost keeps probabilities and steps this far from where a logarithm ends.
constexpr float kEdge = 1e-6F;

float InverseSoftPlus(float value) {
  value = std::max(value, kEdge);
  return value + std::log(-std::expm1(-value));
}

float Logit(XgboostVersion version, float probability) {
  if (version >= XgboostVersion{3, 2}) probability = std::clamp(probability, kEdge, 1.0F - kEdge);
  return -std::log(1.0F / probability - 1.0F);
}

}  // namespace

const XgboostObjective* FindXgboostObjective(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kObjectives), std::end(kObjectives),
                                         [name](const XgboostObjective& known) { return known.name == name; });
  return found == std::end(kObjectives) ? nullptr : found;
}

Link XgboostLink(const XgboostObjective& objective, XgboostVersion version) {
  const bool sorted = objective.name == "reg:quantileerror" && version >= XgboostVersion{3, 4};
  return sorted ? Link::kSorted : objective.link;
}

void ToBaseMargins(const XgboostObjective& objective, XgboostVersion version, std::span<float> scores) {
  // Until 1.2 raw logits started from a probability, too.
  const bool raw_logit = objective.name == "binary:logitraw" && version < XgboostVersion{1, 3};
  if (objective.base == Base::kRising) {
    for (std::size_t k = scores.size() - 1; k > 0; --k) scores[k] = InverseSoftPlus(scores[k] - scores[k - 1] - kEdge);
  }
  for (float& score : scores) {
    if (objective.base == Base::kLogit || raw_logit) score = Logit(version, score);
    if (objective.base == Base::kLog) score = std::log(score);
  }
}

}  // namespace hone
