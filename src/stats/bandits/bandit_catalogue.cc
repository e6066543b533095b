#include "stats/bandits/bandit_catalogue.h"

#include <fmt/format.h>

#include <cmath>

#include "base/edit_distance.h"
#include "base/named_parameters.h"
#include "stats/bandits/discounted_ucb.h"
#include "stats/bandits/epsilon_greedy.h"
#include "stats/bandits/exp3.h"
#include "stats/bandits/lin_ucb.h"
#include "stats/bandits/linear_thompson.h"
#include "stats/bandits/sliding_window_ucb.h"
#include "stats/bandits/thompson_beta.h"
#include "stats/bandits/thompson_gaussian.h"
#include "stats/bandits/ucb1.h"

namespace hone {
namespace {

using MadePolicy = std::unique_ptr<ArmPolicy>;

constexpr double kLargestUnit = 1e100, kMostExploration = 100, kLeastDiscount = 0.5;

MadePolicy MakeEpsilonGreedy(NamedParameters& p, const BanditTerms& terms) {
  EpsilonGreedyConfig c;
  p.Number("epsilon", c.epsilon, 0, 1);
  p.Number("decay", c.decay, 0, 1e9);
  return std::make_unique<EpsilonGreedy>(terms.arms, c);
}

MadePolicy MakeUcb1(NamedParameters& p, const BanditTerms& terms) {
  Ucb1Config c;
  p.Number("exploration", c.exploration, 0, kMostExploration);
  return std::make_unique<Ucb1>(terms.arms, c);
}

MadePolicy MakeDiscountedUcb(NamedParameters& p, const BanditTerms& terms) {
  DiscountedUcbConfig c;
  p.Number("discount", c.discount, kLeastDiscount, 1);
  p.Number("exploration", c.exploration, 0, kMostExploration);
  return std::make_unique<DiscountedUcb>(terms.arms, c);
}

MadePolicy MakeSlidingWindowUcb(NamedParameters& p, const BanditTerms& terms) {
  SlidingWindowUcbConfig c;
  p.Whole("window", c.window, 2, 100'000);
  p.Number("exploration", c.exploration, 0, kMostExploration);
  return std::make_unique<SlidingWindowUcb>(terms.arms, c);
}

MadePolicy ThompsonBetaFrom(NamedParameters& p, const BanditTerms& terms, ThompsonBetaConfig c, bool discounted) {
  p.Number("prior", c.prior, 0.1, 1e6);
  if (discounted) p.Number("discount", c.discount, kLeastDiscount, 1);
  return std::make_unique<ThompsonBeta>(terms.arms, c);
}

MadePolicy MakeThompsonBeta(NamedParameters& p, const BanditTerms& terms) {
  return ThompsonBetaFrom(p, terms, {}, false);
}

MadePolicy MakeDiscountedThompson(NamedParameters& p, const BanditTerms& terms) {
  return ThompsonBetaFrom(p, terms, {.discount = 0.995}, true);
}

MadePolicy MakeThompsonGaussian(NamedParameters& p, const BanditTerms& terms) {
  ThompsonGaussianConfig c;
  p.Whole("initial", c.initial, 2, 1'000'000);
  p.Number("deviation", c.deviation, 0, kLargestUnit);
  return std::make_unique<ThompsonGaussian>(terms.arms, c);
}

MadePolicy MakeLinUcb(NamedParameters& p, const BanditTerms& terms) {
  LinUcbConfig c;
  p.Number("alpha", c.alpha, 0, kLargestUnit);
  p.Number("ridge", c.ridge, 1e-6, 1e6);
  return std::make_unique<LinUcb>(terms.arms, terms.context_size, c);
}

MadePolicy MakeLinearThompson(NamedParameters& p, const BanditTerms& terms) {
  LinearThompsonConfig c;
  p.Number("deviation", c.deviation, 1e-9, kLargestUnit);
  p.Number("ridge", c.ridge, 1e-6, 1e6);
  return std::make_unique<LinearThompson>(terms.arms, terms.context_size, c);
}

MadePolicy MakeExp3(NamedParameters& p, const BanditTerms& terms) {
  Exp3Config c;
  p.Number("gamma", c.gamma, 1e-6, 1);
  return std::make_unique<Exp3>(terms.arms, c);
}

struct BanditEntry {
  const char* name;
  const char* summary;
  MadePolicy (*make)(NamedParameters&, const BanditTerms&);
};

constexpr BanditEntry kBandits[] = {
    {"epsilon_greedy", "the best mean so far, now and then any arm; rewards of any size", MakeEpsilonGreedy},
    {"ucb1", "the largest upper bound of the mean; rewards within known limits", MakeUcb1},
    {"thompson_beta", "the probability of being best; wins and losses", MakeThompsonBeta},
    {"thompson_gaussian", "the probability of being best; rewards of any size", MakeThompsonGaussian},
    {"discounted_ucb", "UCB that forgets; means that change", MakeDiscountedUcb},
    {"discounted_thompson", "Thompson sampling that forgets; means that change", MakeDiscountedThompson},
    {"sliding_window_ucb", "UCB over the newest choices; means that change", MakeSlidingWindowUcb},
    {"lin_ucb", "the largest upper bound given a context", MakeLinUcb},
    {"linear_thompson", "the probability of being best given a context", MakeLinearThompson},
    {"exp3", "rewards that follow no distribution", MakeExp3},
};

Error TermsRefusal(std::string_view name, const char* key, std::string message) {
  return Error{ErrorCode::kInvalidArgument, std::move(message), std::string(name), 0, key};
}

Status CheckTerms(std::string_view name, const BanditTerms& terms) {
  if (terms.arms < 2 || terms.arms > 1000) {
    return TermsRefusal(name, "arms", fmt::format("must be within [2, 1000], is {}", terms.arms));
  }
  if (terms.context_size < 0 || terms.context_size > 100) {
    return TermsRefusal(name, "context", fmt::format("must be of at most 100 numbers, is of {}", terms.context_size));
  }
  if (!(terms.floor >= 0 && terms.floor * terms.arms <= 1)) {
    return TermsRefusal(name, "floor", fmt::format("must be within [0, 1 / {} arms], is {}", terms.arms, terms.floor));
  }
  if (!(terms.low < terms.high) || !std::isfinite(terms.high - terms.low)) {
    return TermsRefusal(name, "rewards",
                        fmt::format("their least, {}, must be below their largest, {}", terms.low, terms.high));
  }
  if (terms.most_pending < 1) return TermsRefusal(name, "most_pending", "must be 1 or more");
  return OkStatus();
}

}  // namespace

std::vector<std::string> BanditNames() {
  std::vector<std::string> names;
  for (const BanditEntry& entry : kBandits) names.emplace_back(entry.name);
  return names;
}

std::string BanditSummary(std::string_view name) {
  for (const BanditEntry& entry : kBandits)
    if (name == entry.name) return entry.summary;
  return "";
}

Result<Bandit> MakeBandit(std::string_view name, const BanditTerms& terms, std::span<const std::string> settings) {
  HONE_RETURN_IF_ERROR(CheckTerms(name, terms));
  for (const BanditEntry& entry : kBandits) {
    if (name != entry.name) continue;
    NamedParameters parameters("algorithm", name, settings);
    MadePolicy policy = entry.make(parameters, terms);
    HONE_RETURN_IF_ERROR(parameters.Finish());
    if (policy->uses_context() && terms.context_size == 0) {
      return TermsRefusal(name, "context", "this algorithm needs one");
    }
    return Bandit(std::string(name), terms, std::move(policy));
  }
  const std::vector<std::string> names = BanditNames();
  std::string near = DidYouMean(name, names);
  if (near.empty()) near = fmt::format("; there are {}", fmt::join(names, ", "));
  return Error{ErrorCode::kInvalidArgument, fmt::format("there is no bandit '{}'{}", name, near)};
}

}  // namespace hone
