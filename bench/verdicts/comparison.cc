#include "comparison.h"

#include <algorithm>
#include <cmath>

#include "five_percent_better.h"
#include "flagger_thresholds.h"
#include "growthbook_sequential.h"
#include "hone_verdicts.h"
#include "mixture_sprt.h"
#include "paired_t_test.h"

namespace hone::verdicts {
namespace {

constexpr double kPlannedPower = 0.8;
constexpr double kToleratedLoss = 1.1;  // Flagger's range, in mean losses of the champion
constexpr double kShorterTuning = 500;

struct Promotion {
  long at = 0;  // predictions made; 0: never
  bool first = false;
};

// One rollout, by rule.
std::vector<Promotion> Roll(const Setting& setting, const std::vector<ComparedRule>& rules, std::uint64_t seed,
                            int rows) {
  LossStream stream(setting, seed);
  std::vector<std::unique_ptr<Trial>> trials;
  for (const ComparedRule& rule : rules) trials.push_back(rule.begin(setting));
  std::vector<Promotion> promotions(rules.size());
  std::size_t under_way = trials.size();
  for (int i = 0; i < rows && under_way > 0; ++i) {
    const LossStream::Row& row = stream.Next();
    for (std::size_t k = 0; k < trials.size(); ++k) {
      if (!trials[k]) continue;
      trials[k]->Add(row.champion, row.challengers);
      if (!trials[k]->ended()) continue;
      if (const auto winner = trials[k]->promoted()) promotions[k] = {row.known_at, *winner == 0};
      trials[k].reset();
      --under_way;
    }
  }
  return promotions;
}

Tally TallyOf(const std::vector<std::vector<Promotion>>& rollouts, std::size_t rule) {
  Tally tally;
  std::vector<long> rows;
  for (const std::vector<Promotion>& rollout : rollouts) {
    tally.promoted += rollout[rule].at > 0 ? 1 : 0;
    if (rollout[rule].first) rows.push_back(rollout[rule].at);
  }
  tally.runs = static_cast<int>(rollouts.size());
  tally.promoted /= tally.runs;
  tally.first = static_cast<double>(rows.size()) / tally.runs;
  const auto half = static_cast<std::size_t>((tally.runs + 1) / 2);
  if (rows.size() < half) return tally;
  std::sort(rows.begin(), rows.end());
  tally.median = rows[half - 1];
  return tally;
}

}  // namespace

std::vector<ComparedRule> ComparedRules() {
  const StudentQuantiles quantiles(kAlpha, kRows);
  const int planned = PlannedRows(kPlannedGain, kAlpha, kPlannedPower);
  const auto growthbook = [](double tuning) {
    return [tuning](const Setting& s) {
      return ForEach(GrowthBookSequential(kAlpha, tuning, Looks(s.horizon)), s.challengers);
    };
  };
  return {
      {"hone judge", [](const Setting& s) { return std::make_unique<HoneJudge>(s.horizon, kAlpha, s.challengers); }},
      {"hone championship",
       [](const Setting& s) { return std::make_unique<HoneChampionship>(s.horizon, kAlpha, s.challengers); }},
      {"t-test once", [=](const Setting& s) { return ForEach(FixedHorizonTTest(quantiles, planned), s.challengers); }},
      {"t-test at every look",
       [=](const Setting& s) { return ForEach(PeekingTTest(quantiles, Looks(s.horizon)), s.challengers); }},
      {"mSPRT",
       [](const Setting& s) { return ForEach(MixtureSprt(kAlpha, kPlannedGain, Looks(s.horizon)), s.challengers); }},
      {"GrowthBook", growthbook(GrowthBookSequential::kDefaultTuning)},
      {"GrowthBook tuned to 500", growthbook(kShorterTuning)},
      {"Flagger-like",
       [](const Setting& s) {
         return ForEach(FlaggerThresholds({.most = kToleratedLoss * kMeanLoss}), s.challengers);
       }},
      {"> 5 % after 100", [](const Setting& s) { return ForEach(FivePercentBetter(), s.challengers); }},
  };
}

double MonteCarloError(double share, int runs) { return std::sqrt(share * (1 - share) / runs); }

std::vector<Tally> Compare(const Setting& setting, const std::vector<ComparedRule>& rules, int runs, std::uint64_t seed,
                           Executor& executor, int rows) {
  std::vector<std::vector<Promotion>> rollouts(static_cast<std::size_t>(runs));
  ParallelFor(executor, runs, [&](int run) {
    rollouts[static_cast<std::size_t>(run)] = Roll(setting, rules, seed + static_cast<std::uint64_t>(run), rows);
  });
  std::vector<Tally> tallies;
  for (std::size_t rule = 0; rule < rules.size(); ++rule) tallies.push_back(TallyOf(rollouts, rule));
  return tallies;
}

std::vector<Setting> EqualSettings() {
  constexpr Noise kAr = Noise::kAutoregressive, kMa = Noise::kMovingAverage;
  return {
      {.name = "i.i.d. normal, h = 1"},
      {.name = "Student t4, h = 1", .noise = Noise::kStudent},
      {.name = "GARCH, h = 1", .noise = Noise::kGarch},
      {.name = "AR(0.5), h = 1", .noise = kAr, .phi = 0.5},
      {.name = "AR(0.9), h = 1", .noise = kAr, .phi = 0.9},
      {.name = "AR(0.5), h = 5", .noise = kAr, .phi = 0.5, .horizon = 5},
      {.name = "AR(0.9), h = 5", .noise = kAr, .phi = 0.9, .horizon = 5},
      {.name = "overlapping horizons, h = 5", .noise = kMa, .horizon = 5},
      {.name = "the same, up to 15 rows late, out of order", .noise = kMa, .horizon = 5, .late = 15},
      {.name = "four challengers, i.i.d., h = 1", .challengers = 4},
      {.name = "four challengers, AR(0.9), h = 1", .noise = kAr, .phi = 0.9, .challengers = 4},
      {.name = "four challengers, overlapping, h = 5", .noise = kMa, .horizon = 5, .challengers = 4},
  };
}

std::vector<Setting> BetterSettings() {
  const std::vector<Setting> kinds = {
      {.name = "i.i.d. normal, h = 1"},
      {.name = "AR(0.5), h = 1", .phi = 0.5},
      {.name = "overlapping horizons, h = 5", .noise = Noise::kMovingAverage, .horizon = 5},
      {.name = "one of four better, i.i.d., h = 1", .challengers = 4},
  };
  std::vector<Setting> settings;
  for (const Setting& kind : kinds) {
    for (const double gain : {0.1, 0.2, 0.4}) {
      settings.push_back(kind);
      settings.back().gain = gain;
    }
  }
  return settings;
}

}  // namespace hone::verdicts
