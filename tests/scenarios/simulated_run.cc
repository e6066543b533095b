#include "simulated_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "engine/improvement_loop.h"
#include "stated_models.h"

namespace hone {
namespace {

using Who = QualityChange::Who;
using From = QualityChange::From;

// Makes stated models as the scenario says. Keeps them by address, so that the journal can change them.
class ScriptedTraining final : public TrainingService {
 public:
  ScriptedTraining(const World& world, std::size_t service) : world_(world), service_(service) {}

  void Start(const TrainingJob& job, const Dataset&) override {
    const int retraining = job.trigger.kind == TriggerKind::kInitial ? 0 : ++retrainings_;
    TrainingResult result{job, {}};
    for (const JobFit& fit : job.fits) result.fits.push_back(Guarded(fit, retraining));
    finished_ = std::move(result);
  }

  std::optional<TrainingResult> TakeFinished() override {
    std::optional<TrainingResult> result;
    result.swap(finished_);
    return result;
  }

  StatedModel* Find(const Model* model) const {
    const auto found = models_.find(model);
    return found == models_.end() ? nullptr : found->second.get();
  }

 private:
  // A learner may throw; a service answers with the error.
  FitPointer Guarded(const JobFit& fit, int retraining) {
    try {
      return std::make_shared<const Result<FittedRecipe>>(Learn(fit, retraining));
    } catch (const std::exception& thrown) {
      return std::make_shared<const Result<FittedRecipe>>(Error{ErrorCode::kInternal, thrown.what(), "learner"});
    }
  }

  FittedRecipe Learn(const JobFit& fit, int retraining) {
    const Faults& faults = world_.spec().faults;
    const auto& throwing = faults.throwing_retrainings;
    const bool listed = std::find(throwing.begin(), throwing.end(), retraining) != throwing.end();
    if (retraining > 0 && (faults.every_retraining_throws || listed)) throw std::runtime_error("the learner threw");
    auto model = std::make_shared<StatedModel>(world_, fit.recipe, retraining, fit.end);
    for (const QualityChange& change : world_.spec().changes) Apply(change, fit, retraining, *model);
    models_[model.get()] = model;
    return {model, {}, fit.end};
  }

  void Apply(const QualityChange& change, const JobFit& fit, int retraining, StatedModel& model) const {
    const std::string& recipe = world_.spec().recipes[static_cast<std::size_t>(fit.recipe)];
    std::size_t from = 0;
    if (change.from == From::kService) from = service_;
    if (change.from == From::kRow) from = service_ + static_cast<std::size_t>(change.row);
    if (change.who == Who::kRecipe && change.recipe == recipe) model.Change(from, change.factor);
    if (change.who == Who::kRefresh && change.refresh == retraining) model.Change(from, change.factor);
    if (change.who == Who::kEachRefresh) model.Change(from, std::pow(change.factor, retraining));
  }

  const World& world_;
  std::size_t service_;
  int retrainings_ = 0;
  std::optional<TrainingResult> finished_;
  std::map<const Model*, std::shared_ptr<StatedModel>> models_;
};

// Keeps what the loop did, and changes challengers when their moment comes.
class ScriptedJournal final : public LoopJournal {
 public:
  ScriptedJournal(const World& world, const ScriptedTraining& training, Facts& facts)
      : world_(world), training_(training), facts_(facts) {}

  void set_row(std::size_t row) { row_ = row; }

  void OnDecision(const Decision& decision) override {
    facts_.decisions.push_back(decision);
    if (decision.kind == DecisionKind::kPromote) ChangeChallenger(decision.version, From::kPromotion);
    if (decision.kind == DecisionKind::kAdvance && nlohmann::json::parse(decision.evidence).at("step") == 1) {
      ChangeChallenger(decision.version, From::kCanary);
    }
  }
  void OnDrift(const DriftEvent& event) override { facts_.drift.push_back(event); }
  void OnVersion(const TrainedVersion& version) override {
    facts_.recipe_of[version.name] = world_.spec().recipes[static_cast<std::size_t>(version.recipe)];
    models_[version.name] = training_.Find(version.model.get());
  }
  void OnStage(const TrainedVersion&, Stage) override {}
  void OnShadow(const ShadowPrediction&) override {}

 private:
  void ChangeChallenger(const std::string& version, From moment) {
    for (const QualityChange& change : world_.spec().changes) {
      if (change.who == Who::kChallenger && change.from == moment) models_.at(version)->Change(row_ + 1, change.factor);
    }
  }

  const World& world_;
  const ScriptedTraining& training_;
  Facts& facts_;
  std::size_t row_ = 0;
  std::map<std::string, StatedModel*> models_;
};

// Delivers outcomes as the scenario's faults say. Bars go on until the last one has come.
class Delivery {
 public:
  Delivery(const Faults& faults, std::uint64_t seed) : faults_(faults), random_(Random::Stream(seed, "delivery")) {}

  // An outcome that is known at bar `bar`.
  void Known(const Outcome& outcome, std::size_t bar) {
    if (faults_.no_outcomes) return;
    block_.push_back(outcome);
    if (static_cast<int>(block_.size()) >= std::max(1, faults_.reordered_rows)) Release(bar);
  }
  // What is left of an unfinished block.
  void Finish(std::size_t bar) {
    if (!block_.empty()) Release(bar);
  }
  // Outcomes that arrive by bar `bar`, in the order of arrival.
  std::vector<Outcome> Arrived(std::size_t bar) {
    std::vector<Outcome> arrived;
    while (!coming_.empty() && coming_.front().first <= bar) {
      arrived.push_back(coming_.front().second);
      coming_.pop_front();
    }
    return arrived;
  }
  bool empty() const { return coming_.empty() && block_.empty(); }

 private:
  void Release(std::size_t bar) {
    if (faults_.reordered_rows > 0) Shuffle(block_, random_);
    for (const Outcome& outcome : block_) {
      coming_.emplace_back(bar + static_cast<std::size_t>(faults_.late_rows), outcome);
      if (!faults_.doubled) continue;
      Outcome second = outcome;
      second.value += 1;  // the first outcome stands
      coming_.emplace_back(bar + static_cast<std::size_t>(faults_.late_rows), second);
    }
    block_.clear();
  }

  Faults faults_;
  Random random_;
  std::vector<Outcome> block_;
  std::deque<std::pair<std::size_t, Outcome>> coming_;
};

ModelDefinition StatedDefinition(const World& world) {
  ModelDefinition model;
  model.name = "stated";
  model.features = world.names();
  model.horizon = world.spec().horizon;
  model.persistence = "naive";
  model.windows = {0};
  for (const std::string& name : world.spec().recipes) {
    Recipe recipe;
    recipe.name = name;
    recipe.learner = "ridge";
    recipe.features = world.names();
    model.recipes.push_back(recipe);
  }
  return model;
}

class SimulatedRun {
 public:
  SimulatedRun(const Scenario& scenario, std::uint64_t seed)
      : spec_(scenario.simulation),
        world_(spec_, seed),
        service_(static_cast<std::size_t>(spec_.history + spec_.horizon)),
        training_(world_, service_),
        journal_(world_, training_, facts_),
        delivery_(spec_.faults, seed),
        ids_(Random::Stream(seed, "prediction ids").Next()),
        router_(Random::Stream(seed, "router")),
        loop_(StatedDefinition(world_), scenario.policy, seed, {&training_, &journal_, nullptr}) {
    loop_.set_initial_rows(static_cast<std::size_t>(spec_.history));
  }

  Facts Run() {
    const auto horizon = static_cast<std::size_t>(spec_.horizon);
    std::size_t bar = 0;
    for (; bar < world_.rows(); ++bar) {
      if (bar >= horizon) Mature(bar - horizon, bar);
      Deliver(bar);
      if (!loop_.serving()) loop_.MaybeBegin(TimeOf(bar));
      if (bar >= service_ && loop_.serving()) Ask(bar);
    }
    for (std::size_t row = world_.rows() - horizon; row < world_.rows(); ++row, ++bar) Mature(row, bar);
    delivery_.Finish(bar);
    for (; !delivery_.empty(); ++bar) Deliver(bar);
    return Finish();
  }

 private:
  static Time TimeOf(std::size_t bar) { return static_cast<Time>(bar + 1) * kDay; }

  void Mature(std::size_t row, std::size_t bar) {
    if (row < service_) {
      loop_.AddHistory(TimeOf(row), TimeOf(bar), world_.features(row), world_.outcome(row));
    } else {
      delivery_.Known({predictions_[row - service_].id, world_.outcome(row), TimeOf(bar)}, bar);
    }
  }

  void Deliver(std::size_t bar) {
    for (const Outcome& outcome : delivery_.Arrived(bar)) {
      loop_.OnOutcome(outcome);
      loop_.Poll(TimeOf(bar));
    }
  }

  void Ask(std::size_t bar) {
    journal_.set_row(bar);
    const ImprovementLoop::Routing routing = loop_.routing();
    const bool canary = routing.challenger && router_.Uniform() < routing.share;
    const TrainedVersion& version = canary ? *routing.challenger : *routing.champion;
    Prediction prediction;
    prediction.id = ids_.Next(TimeOf(bar));
    prediction.time = TimeOf(bar);
    prediction.model = "stated";
    prediction.version = routing.frozen && !canary ? "persistence" : version.name;
    prediction.role = canary ? Role::kCanary : routing.frozen ? Role::kFallback : Role::kChampion;
    const auto features = world_.features(bar);
    prediction.features.assign(features.begin(), features.end());
    prediction.value = prediction.role == Role::kFallback ? features[1] : version.model->Predict(features);
    predictions_.push_back(prediction);
    loop_.OnServed(prediction);
    loop_.Poll(TimeOf(bar));
  }

  Facts Finish() {
    if (!loop_.serving()) facts_.failure = "the loop never began to serve";
    if (predictions_.empty()) return facts_;
    facts_.retrainings = loop_.counts().retrains;
    facts_.promotions = loop_.counts().promotions;
    facts_.rollbacks = loop_.counts().rollbacks;
    facts_.rejections = loop_.counts().rejections;
    facts_.first_version = predictions_.front().version;
    facts_.last_version = loop_.routing().champion->name;
    const std::string state = loop_.SaveState();
    const auto parsed = nlohmann::json::parse(state);
    for (const auto& line : parsed.at("championship").at("running").at(0).at("lines")) {
      facts_.evidence_rows = std::max(facts_.evidence_rows, line.at("rows").get<std::int64_t>());
    }
    facts_.metrics = fmt::format("{} {}", ServedLoss(), state);
    for (const DriftEvent& event : facts_.drift) facts_.metrics += fmt::format(" {}", event.statistic);
    return facts_;
  }

  double ServedLoss() const {
    double sum = 0;
    for (std::size_t i = 0; i < predictions_.size(); ++i) {
      const double error = predictions_[i].value - world_.outcome(service_ + i);
      sum += error * error;
    }
    return sum;
  }

  SimulationSpec spec_;
  World world_;
  std::size_t service_;
  Facts facts_;
  ScriptedTraining training_;
  ScriptedJournal journal_;
  Delivery delivery_;
  IdGenerator ids_;
  Random router_;
  ImprovementLoop loop_;
  std::vector<Prediction> predictions_;
};

}  // namespace

Facts RunSimulation(const Scenario& scenario, std::uint64_t seed) { return SimulatedRun(scenario, seed).Run(); }

}  // namespace hone
