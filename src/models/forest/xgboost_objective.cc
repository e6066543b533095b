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

float Logit(XgboostVersion version, float probability) {
  constexpr float kEdge = 1e-6F;
  if (version >= XgboostVersion{3, 2}) probability = std::clamp(probability, kEdge, 1.0F - kEdge);
  return -std::log(1.0F / probability - 1.0F);
}

}  // namespace

const XgboostObjective* FindXgboostObjective(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kObjectives), std::end(kObjectives),
                                         [name](const XgboostObjective& known) { return known.name == name; });
  return found == std::end(kObjectives) ? nullptr : found;
}

float XgboostBaseMargin(const XgboostObjective& objective, XgboostVersion version, float base_score) {
  // Until 1.2 raw logits started from a probability, too.
  const bool raw_logit = objective.name == "binary:logitraw" && version < XgboostVersion{1, 3};
  if (objective.base == Base::kLogit || raw_logit) return Logit(version, base_score);
  return objective.base == Base::kLog ? std::log(base_score) : base_score;
}

}  // namespace hone
