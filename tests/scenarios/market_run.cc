#include "market_run.h"

#include <algorithm>

#include "engine/replay.h"

namespace hone {

Facts RunMarket(const Scenario& scenario, std::uint64_t seed) {
  const SyntheticMarket market(*scenario.market, seed);
  ReplayOptions options;
  options.model = VolatilityModel();
  options.policy = scenario.policy;
  options.seed = seed;
  options.truth = &market;
  options.compare = std::any_of(scenario.expectations.begin(), scenario.expectations.end(),
                                [](const Expectation& expectation) { return expectation.compares_policies; });
  const auto& bars = market.series().bars;
  if (scenario.sabotage) {
    options.sabotage = bars[static_cast<std::size_t>(*scenario.sabotage * static_cast<double>(bars.size()))].known_at;
  }
  const auto executor = MakeInlineExecutor();
  const Result<ReplayResult> replay = Replay(market.series(), options, *executor);
  Facts facts;
  if (!replay.ok()) {
    facts.failure = replay.error().ToString();
    return facts;
  }
  facts.decisions = replay->decisions;
  facts.drift = replay->drift;
  for (const VersionRecord& version : replay->versions) facts.recipe_of[version.number.ToString()] = version.recipe;
  for (const PolicyResult& policy : replay->policies) facts.loss[policy.name] = policy.loss;
  const PolicyResult& own = replay->policies.front();
  facts.retrainings = own.retrains;
  facts.promotions = own.promotions;
  facts.rollbacks = own.rollbacks;
  facts.rejections = own.rejections;
  facts.first_version = replay->rows.front().version;
  facts.last_version = replay->rows.back().version;
  return facts;
}

}  // namespace hone
