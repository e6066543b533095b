#include "engine/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/answer.h"
#include "engine/replay_run.h"
#include "engine/schedule.h"
#include "features/build_dataset.h"
#include "stats/block_bootstrap.h"

namespace hone {
namespace {

constexpr int kQuarterRows = 63;
constexpr int kRollingRows = 1008;  // four years of days

double Rmse(const std::vector<double>& squared_errors) {
  return std::sqrt(std::accumulate(squared_errors.begin(), squared_errors.end(), 0.0) /
                   static_cast<double>(squared_errors.size()));
}

// The dataset's rows before `data.rows()` with their labels permuted.
Dataset ShuffleLabels(const Dataset& data, std::uint64_t seed) {
  Dataset shuffled = data;
  Random random = Random::Stream(seed, "sabotage");
  Shuffle(shuffled.y, random);
  return shuffled;
}

PolicyResult ResultOfLoop(const std::string& name, const ImprovementLoop& loop, const ReplayResult& run) {
  PolicyResult policy;
  policy.name = name;
  policy.retrains = loop.counts().retrains;
  policy.fits = loop.counts().fits;
  policy.promotions = loop.counts().promotions;
  policy.rollbacks = loop.counts().rollbacks;
  policy.rejections = loop.counts().rejections;
  for (const ReplayRow& row : run.rows) {
    policy.squared_errors.push_back((row.served - row.outcome) * (row.served - row.outcome));
  }
  return policy;
}

// A schedule as its best recipe in hindsight.
Result<PolicyResult> BestSchedule(const std::string& name, const std::vector<Recipe>& recipes, int every,
                                  ReplayGround& ground) {
  PolicyResult policy;
  policy.name = name;
  double best = 0;
  for (const Recipe& recipe : recipes) {
    HONE_ASSIGN_OR_RETURN(ScheduleResult run,
                          RunSchedule(ground.data, recipe, ground.first, every, ground.options.seed, ground.cache));
    const double loss = Rmse(run.losses);
    policy.recipes.push_back({recipe.name, loss});
    policy.fits += run.fits;
    policy.retrains = run.fits;
    if (policy.squared_errors.empty() || loss < best) {
      best = loss;
      policy.squared_errors = std::move(run.losses);
    }
  }
  return policy;
}

Status AddSchedules(ReplayGround& ground, ReplayResult& result) {
  const std::vector<Recipe> expanding = RecipesOfWindow(ground.options.model, 0);
  const std::vector<Recipe> rolling = RecipesOfWindow(ground.options.model, kRollingRows);
  const auto add = [&](const char* name, const std::vector<Recipe>& recipes, int every) -> Status {
    HONE_ASSIGN_OR_RETURN(PolicyResult policy, BestSchedule(name, recipes, every, ground));
    result.policies.push_back(std::move(policy));
    return OkStatus();
  };
  HONE_RETURN_IF_ERROR(add("never", expanding, 0));
  HONE_RETURN_IF_ERROR(add("quarterly", expanding, kQuarterRows));
  return add("rolling", rolling, kQuarterRows);
}

// All fits the schedules will ask for, onto the executor at once.
void PrefetchSchedules(ReplayGround& ground) {
  std::vector<FitRequest> requests;
  for (std::size_t row = ground.first; row < ground.data.rows(); row += kQuarterRows) {
    for (const int window : {0, kRollingRows}) {
      for (const Recipe& recipe : RecipesOfWindow(ground.options.model, window)) {
        requests.push_back({recipe.name, 0, MaturedRows(ground.data, row), ground.options.seed, nullptr});
      }
    }
  }
  ground.cache.Prefetch(requests);
}

void AddIntervals(ReplayResult& result, const ReplayOptions& options) {
  const int block = std::max(22, 4 * options.model.horizon);
  const int resamples = options.policy.performance.resamples;
  const double level = options.policy.performance.level;
  const std::vector<double> own = result.policies.front().squared_errors;
  for (PolicyResult& policy : result.policies) {
    Random random = Random::Stream(options.seed, "interval");
    policy.loss = Rmse(policy.squared_errors);
    policy.interval = BlockBootstrapRmse(policy.squared_errors, block, resamples, level, random);
    if (&policy == &result.policies.front()) continue;
    policy.difference = BlockBootstrapRmseDifference(own, policy.squared_errors, block, resamples, level, random);
  }
}

Result<std::size_t> InitialRows(const BarSeries& series, const ReplayOptions& options, const Dataset& data) {
  constexpr std::size_t kLeast = 120;
  const std::size_t initial =
      std::min(static_cast<std::size_t>(options.policy.retraining.initial_rows), data.rows() / 3);
  if (initial >= kLeast) return initial;
  return Error{ErrorCode::kInvalidData,
               fmt::format("{} bars give {} rows with an outcome; a replay needs at least {}", series.bars.size(),
                           data.rows(), 3 * kLeast),
               series.source};
}

// Every recipe any policy asks for, once.
std::vector<Recipe> AllRecipes(const ModelDefinition& model) {
  std::vector<Recipe> all = CompetingRecipes(model);
  for (const int window : {0, kRollingRows}) {
    if (std::find(model.windows.begin(), model.windows.end(), window) != model.windows.end()) continue;
    const std::vector<Recipe> recipes = RecipesOfWindow(model, window);
    all.insert(all.end(), recipes.begin(), recipes.end());
  }
  return all;
}

PolicyResult PersistencePolicy(const ReplayGround& ground) {
  PolicyResult policy;
  policy.name = "persistence";
  policy.squared_errors = RunPersistence(ground.data, PersistenceColumn(ground.options.model), ground.first).losses;
  return policy;
}

Status AddComparisons(ReplayGround& ground, ReplayResult& result) {
  HONE_RETURN_IF_ERROR(AddSchedules(ground, result));
  result.policies.push_back(PersistencePolicy(ground));
  ReplayResult unchecked;
  ReplayRun control(ground, LoopMode::kUnchecked, unchecked);
  HONE_RETURN_IF_ERROR(control.Run());
  result.policies.push_back(ResultOfLoop("unchecked", control.loop(), unchecked));
  result.unchecked_decisions = std::move(unchecked.decisions);
  return OkStatus();
}

}  // namespace

Result<ReplayResult> Replay(const BarSeries& series, const ReplayOptions& options, Executor& executor) {
  const ModelDefinition& model = options.model;
  if (AnswersClasses(model)) {
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("{} answers classes; replay weighs one number against one outcome, so its recipes must have "
                    "objective regression or binary. hone train validates a model of classes",
                    model.name),
        "", 0, "objective"};
  }
  HONE_ASSIGN_OR_RETURN(const Dataset data,
                        BuildDataset(series, model.features, model.target, model.horizon, model.pinned.definitions()));
  HONE_ASSIGN_OR_RETURN(const std::size_t initial, InitialRows(series, options, data));
  const std::vector<Recipe> recipes = AllRecipes(model);
  HONE_RETURN_IF_ERROR(CheckRecipes(recipes, model.features));
  FitCache cache(data, recipes, executor);
  ReplayGround ground{series, options, data, initial, FirstServedRow(data, initial), cache, std::nullopt};
  if (options.sabotage) {
    ground.sabotage =
        ReplayTraining::Sabotage{*options.sabotage, std::make_shared<const Dataset>(ShuffleLabels(data, options.seed))};
  }
  if (options.compare) PrefetchSchedules(ground);

  ReplayResult result;
  result.data = series.source;
  result.model = model.name;
  result.seed = options.seed;
  result.sabotage = options.sabotage;
  ReplayRun checked(ground, LoopMode::kChecked, result);
  HONE_RETURN_IF_ERROR(checked.Run());
  result.policies.push_back(ResultOfLoop("hone", checked.loop(), result));
  if (options.compare) HONE_RETURN_IF_ERROR(AddComparisons(ground, result));
  AddIntervals(result, options);
  return result;
}

}  // namespace hone
