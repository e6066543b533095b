#include "engine/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/bar_feed.h"
#include "engine/improvement_loop.h"
#include "engine/replay_training.h"
#include "engine/schedule.h"
#include "engine/synthetic_truth.h"
#include "features/build_dataset.h"
#include "stats/block_bootstrap.h"

namespace hone {
namespace {

constexpr int kQuarterRows = 63;
constexpr int kRollingRows = 1008;  // four years of days

// What the loop wrote, kept in memory for the result.
class ReplayJournal final : public LoopJournal {
 public:
  ReplayJournal(ReplayResult& result, const ImprovementLoop*& loop) : result_(result), loop_(loop) {}

  void OnDecision(const Decision& decision) override { result_.decisions.push_back(decision); }
  void OnDrift(const DriftEvent& event) override { result_.drift.push_back(event); }
  void OnShadow(const ShadowPrediction& prediction) override { result_.shadows.push_back(prediction); }
  void OnVersion(const TrainedVersion& version) override {
    VersionRecord record;
    record.model = loop_->model().name;
    record.number = version.number;
    record.change = version.change;
    record.parent = version.parent;
    record.recipe = loop_->recipes()[static_cast<std::size_t>(version.recipe)].name;
    record.train_begin = loop_->history().time[version.begin];
    record.train_end = loop_->history().label_time[version.end - 1];
    record.train_rows = static_cast<std::int64_t>(version.end - version.begin);
    record.seed = version.seed;
    record.created = version.created;
    result_.versions.push_back(std::move(record));
  }
  void OnStage(const TrainedVersion& version, Stage stage) override {
    for (auto record = result_.versions.rbegin(); record != result_.versions.rend(); ++record) {
      if (record->number != version.number) continue;
      record->stage = stage;
      record->validated = record->validated || stage == Stage::kActive;
      return;
    }
  }

 private:
  ReplayResult& result_;
  const ImprovementLoop*& loop_;
};

// Everything the policies of one replay share.
struct Ground {
  const BarSeries& series;
  const ReplayOptions& options;
  const Dataset& data;
  std::size_t initial_rows;
  std::size_t first;  // first row served
  FitCache& cache;
  std::optional<ReplayTraining::Sabotage> sabotage;
};

std::size_t PersistenceColumn(const ModelDefinition& model) {
  return static_cast<std::size_t>(std::find(model.features.begin(), model.features.end(), model.persistence) -
                                  model.features.begin());
}

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

// Drives one loop over the bars, exactly as serve would be driven by POST /market/bars.
class LoopRun {
 public:
  LoopRun(Ground& ground, LoopMode mode, ReplayResult& result)
      : ground_(ground),
        mode_(mode),
        result_(result),
        journal_(result, loop_pointer_),
        recipes_(CompetingRecipes(ground.options.model)),
        training_(recipes_, ground.cache, ground.sabotage),
        ids_(Random::Stream(ground.options.seed, "prediction ids").Next()),
        router_(Random::Stream(ground.options.seed, "router")) {
    ImprovementLoop::Services services{&training_, &journal_, nullptr};
    if (ground.options.truth != nullptr) {
      truth_.emplace(*ground.options.truth, ground.options.model);
      services.truth = &*truth_;
    }
    loop_.emplace(ground.options.model, ground.options.policy, ground.options.seed, services, mode);
    loop_pointer_ = &*loop_;
    loop_->set_initial_rows(ground.initial_rows);
    loop_->set_bar_size(ground.series.bar_size);
  }

  Status Run() {
    HONE_ASSIGN_OR_RETURN(BarFeed feed, BarFeed::Make(ground_.options.model, TraitsOf(ground_.series)));
    for (const Bar& bar : ground_.series.bars) {
      const BarFeed::Step step = feed.Update(bar);
      if (step.label) Mature(bar.known_at, *step.label);
      if (!loop_->serving()) loop_->MaybeBegin(bar.known_at);
      if (step.ready && asked_ < ground_.data.rows()) Ask(bar, step.features);
    }
    if (!loop_->serving()) return FirstVersionFailed();
    return OkStatus();
  }

  const ImprovementLoop& loop() const { return *loop_; }

 private:
  Error FirstVersionFailed() const {
    const std::string why = result_.decisions.empty() ? "" : ": " + result_.decisions.back().reason;
    return Error{ErrorCode::kInternal, "no recipe could be trained" + why, ground_.series.source};
  }

  // The label of the oldest row without one.
  void Mature(Time now, double label) {
    const std::size_t row = matured_++;
    if (row < ground_.first) {
      loop_->AddHistory(ground_.data.time[row], now, ground_.data.row(row), label);
      return;
    }
    const Outcome outcome{result_.predictions[row - ground_.first].id, label, now};
    result_.outcomes.push_back(outcome);
    result_.rows[row - ground_.first].outcome = label;
    loop_->OnOutcome(outcome);
    loop_->Poll(now);
  }

  void Ask(const Bar& bar, std::span<const double> features) {
    const std::size_t row = asked_++;
    if (row < ground_.first) return;
    result_.predictions.push_back(Answer(bar.known_at, features));
    const Prediction& answered = result_.predictions.back();
    result_.rows.push_back({bar.known_at, bar.close, answered.value, 0, answered.version});
    loop_->OnServed(answered);
    loop_->Poll(bar.known_at);
    if (mode_ == LoopMode::kChecked && ground_.options.progress) {
      ground_.options.progress(result_.predictions.size(), ground_.data.rows() - ground_.first, result_.decisions);
    }
  }

  Prediction Answer(Time now, std::span<const double> features) {
    const ImprovementLoop::Routing routing = loop_->routing();
    Prediction prediction;
    prediction.id = ids_.Next(now);
    prediction.time = now;
    prediction.model = ground_.options.model.name;
    prediction.features.assign(features.begin(), features.end());
    const bool canary = routing.challenger && router_.Uniform() < routing.share;
    const TrainedVersion& version = canary ? *routing.challenger : *routing.champion;
    prediction.version = version.name;
    prediction.role = canary ? Role::kCanary : routing.frozen ? Role::kFallback : Role::kChampion;
    prediction.propensity = !routing.challenger ? 1 : canary ? routing.share : 1 - routing.share;
    if (prediction.role == Role::kFallback) {
      prediction.version = "persistence";
      prediction.value = features[PersistenceColumn(ground_.options.model)];
    } else {
      prediction.value = version.model->Predict(features);
    }
    return prediction;
  }

  Ground& ground_;
  LoopMode mode_;
  ReplayResult& result_;
  const ImprovementLoop* loop_pointer_ = nullptr;
  ReplayJournal journal_;
  std::vector<Recipe> recipes_;
  ReplayTraining training_;
  std::optional<SyntheticTruth> truth_;
  std::optional<ImprovementLoop> loop_;
  IdGenerator ids_;
  Random router_;
  std::size_t asked_ = 0, matured_ = 0;
};

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
                                  Ground& ground) {
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

Status AddSchedules(Ground& ground, ReplayResult& result) {
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
void PrefetchSchedules(Ground& ground) {
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

PolicyResult PersistencePolicy(const Ground& ground) {
  PolicyResult policy;
  policy.name = "persistence";
  policy.squared_errors = RunPersistence(ground.data, PersistenceColumn(ground.options.model), ground.first).losses;
  return policy;
}

}  // namespace

Result<ReplayResult> Replay(const BarSeries& series, const ReplayOptions& options, Executor& executor) {
  const ModelDefinition& model = options.model;
  HONE_ASSIGN_OR_RETURN(const Dataset data, BuildDataset(series, model.features, model.target, model.horizon));
  HONE_ASSIGN_OR_RETURN(const std::size_t initial, InitialRows(series, options, data));
  const std::vector<Recipe> recipes = AllRecipes(model);
  HONE_RETURN_IF_ERROR(CheckRecipes(recipes, model.features));
  FitCache cache(data, recipes, executor);
  Ground ground{series, options, data, initial, FirstServedRow(data, initial), cache, std::nullopt};
  if (options.sabotage) {
    ground.sabotage =
        ReplayTraining::Sabotage{*options.sabotage, std::make_shared<const Dataset>(ShuffleLabels(data, options.seed))};
  }
  PrefetchSchedules(ground);

  ReplayResult result;
  result.data = series.source;
  result.model = model.name;
  result.seed = options.seed;
  result.sabotage = options.sabotage;
  LoopRun checked(ground, LoopMode::kChecked, result);
  HONE_RETURN_IF_ERROR(checked.Run());
  result.policies.push_back(ResultOfLoop("hone", checked.loop(), result));
  HONE_RETURN_IF_ERROR(AddSchedules(ground, result));
  result.policies.push_back(PersistencePolicy(ground));

  ReplayResult unchecked;
  LoopRun control(ground, LoopMode::kUnchecked, unchecked);
  HONE_RETURN_IF_ERROR(control.Run());
  result.policies.push_back(ResultOfLoop("unchecked", control.loop(), unchecked));
  result.unchecked_decisions = std::move(unchecked.decisions);
  AddIntervals(result, options);
  return result;
}

}  // namespace hone
