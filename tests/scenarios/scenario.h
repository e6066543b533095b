// A scenario file, read. The language is described in README.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/policy.h"
#include "expectation.h"
#include "market/synthetic.h"

namespace hone {

// Someone's squared error changes by a factor from some moment on.
struct QualityChange {
  enum class Who { kRecipe, kChallenger, kRefresh, kEachRefresh };
  enum class From { kAlways, kService, kCanary, kPromotion, kRow };
  Who who = Who::kRecipe;
  std::string recipe;  // kRecipe
  int refresh = 0;     // kRefresh: number of the retraining that made the version
  From from = From::kAlways;
  int row = 0;        // kRow: answered rows before it
  double factor = 1;  // 1.3: 30 % worse
};

struct Faults {
  bool every_retraining_throws = false;
  std::vector<int> throwing_retrainings;
  int late_rows = 0;
  int reordered_rows = 0;
  bool doubled = false;
  bool no_outcomes = false;
};

// The loop itself, with versions whose errors are stated.
struct SimulationSpec {
  int rows = 0;       // answered
  int history = 504;  // rows before the first version
  int horizon = 5;
  double autoregression = 0;  // of every feature
  double age_per_year = 0;    // a version's squared error grows by this fraction every 252 rows after its training
  std::vector<std::string> recipes;
  std::vector<QualityChange> changes;
  Faults faults;
};

struct Scenario {
  std::string path;
  int seeds = 1;
  Policy policy;
  std::optional<SyntheticSpec> market;  // a replay of this market, or
  std::optional<double> sabotage;       // share of its bars after which one refresh is sabotaged
  SimulationSpec simulation;            // a simulation, where there is no market
  std::vector<Expectation> expectations;
};

// Errors (kInvalidArgument) name file and line.
Result<Scenario> ParseScenario(std::string_view text, const std::string& path);
Result<Scenario> ReadScenario(const std::string& path);

}  // namespace hone
