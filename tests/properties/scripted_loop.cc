#include "scripted_loop.h"

#include <algorithm>
#include <cmath>

#include "engine/answer.h"
#include "engine/replay_tail.h"
#include "registry/stages.h"

namespace hone::properties {
namespace {

constexpr std::size_t kSignal = 0, kFirstMeaningless = 2, kWidth = 6;
constexpr Duration kHorizonTime = ScriptedLoop::kHorizon * kDay;

// The last feature tells a model the day, in digits too small to be noticed: eighths, and the day in millionths.
double WithDay(double value, Time now) {
  const std::int64_t day = now / kDay;
  return std::round(value * 8) / 8 + 1e-6 * static_cast<double>(day);
}
std::int64_t DayOf(double value) { return std::llround(1e6 * (value - std::floor(value * 8 + 1e-9) / 8)); }

class StatedError final : public Model {
 public:
  StatedError(double error, std::size_t column, std::int64_t last_good_day)
      : error_(error), column_(column), last_good_day_(last_good_day) {}
  std::size_t width() const override { return kWidth; }
  double Predict(std::span<const double> row) const noexcept override {
    return row[kSignal] + (DayOf(row[kWidth - 1]) > last_good_day_ ? kBad : error_) * row[column_];
  }

 private:
  double error_;
  std::size_t column_;
  std::int64_t last_good_day_;
};

ModelDefinition TwoRecipes() {
  ModelDefinition model;
  model.name = "scripted";
  model.features = {"signal", "naive", "a", "b", "c", "d"};
  model.horizon = ScriptedLoop::kHorizon;
  model.persistence = "naive";
  model.windows = {0};
  for (const char* name : {"first", "second"}) {
    Recipe recipe;
    recipe.name = name;
    recipe.learner = "ridge";
    recipe.features = model.features;
    model.recipes.push_back(recipe);
  }
  return model;
}

double NoisyOutcome(const std::vector<double>& features, Random& world) {
  return features[kSignal] + 0.3 * world.Normal();
}

}  // namespace

ScriptedLoop::ScriptedLoop(Policy policy, std::uint64_t seed)
    : model_(TwoRecipes()),
      policy_(std::move(policy)),
      seed_(seed),
      world_(Random::Stream(seed, "world")),
      router_(Random::Stream(seed, "router")),
      ids_(Random::Stream(seed, "ids").Next()) {
  stored_.rows.names = model_.features;
  MakeLoop();
  for (std::size_t i = 0; i < kInitialRows; ++i) {
    now_ += kDay;
    const std::vector<double> features = NextFeatures();
    loop_->AddHistory(now_ - kHorizonTime, now_, features, NoisyOutcome(features, world_));
  }
  loop_->MaybeBegin(now_);
  EndTurn();
}

void ScriptedLoop::MakeLoop() {
  job_.reset();
  loop_ = std::make_unique<ImprovementLoop>(model_, policy_, seed_, ImprovementLoop::Services{this, this, nullptr});
  loop_->set_initial_rows(kInitialRows);
}

std::vector<double> ScriptedLoop::NextFeatures() {
  std::vector<double> features(kWidth);
  for (double& value : features) value = world_.Normal();
  features.back() = WithDay(features.back(), now_);
  return features;
}

void ScriptedLoop::Serve() {
  now_ += kDay;
  const std::vector<double> features = NextFeatures();
  const Prediction prediction = AnswerRow(*loop_, now_, features, ids_, router_);
  stored_.requests.push_back({prediction, std::nullopt, {}});
  loop_->OnServed(prediction);
  EndTurn();
}

void ScriptedLoop::Tell(std::size_t request, double shift) {
  now_ += kSecond;  // what comes at one instant has no order
  JoinedPrediction& row = stored_.requests[request];
  const double value = NoisyOutcome(row.prediction.features, world_) + shift;
  if (row.outcome && row.prediction.time + kHorizonTime > now_) return;  // the store keeps it from the loop
  if (row.outcome) {
    const std::string before = loop_->SaveState();
    loop_->OnOutcome({row.prediction.id, value + 1, now_});
    if (loop_->SaveState() != before) broken_.push_back("a doubled outcome changed the loop");
  } else {
    row.outcome = Outcome{row.prediction.id, value, std::max(now_, row.prediction.time)};
    early_.emplace(std::max(row.outcome->time, row.prediction.time + kHorizonTime), *row.outcome);
  }
  EndTurn();
}

Status ScriptedLoop::Act(RolloutAct act) {
  Status done = loop_->ActOnRollout(now_, act, {"tester", "to see"});
  EndTurn();
  return done;
}

void ScriptedLoop::Hold() {
  loop_->HoldRollout(now_, "requests are not shared out as the split says", R"({"by":"policy"})");
  EndTurn();
}

void ScriptedLoop::BreakGuardrail(const std::string& version) {
  loop_->BreakGuardrail(now_, version, "answers late", R"({"guardrail":"latency"})");
  EndTurn();
}

Status ScriptedLoop::ActivateByHand(DecisionKind kind, const std::string& version) {
  // As the live engine checks it, and loads it from the registry anew.
  const Stage stage = stored_.stages.at(version);
  const bool may =
      kind == DecisionKind::kRollBack ? stage == Stage::kRetired : stored_.validated[version] && !IsFinished(stage);
  if (!may) return Error{ErrorCode::kConflict, version + " cannot be activated"};
  Status done = loop_->ActivateByHand(now_, kind, std::make_shared<const TrainedVersion>(*stored_.versions.at(version)),
                                      "a test's");
  EndTurn();
  return done;
}

void ScriptedLoop::RequestRetraining() {
  loop_->RequestRetraining();
  EndTurn(true);  // no decision yet, and acknowledged
}

void ScriptedLoop::Start(const TrainingJob& job, const Dataset&) { job_ = job; }

std::optional<TrainingResult> ScriptedLoop::TakeFinished() {
  if (!job_ || next.held) return std::nullopt;
  TrainingResult result{*job_, {}};
  job_.reset();
  for (const JobFit& fit : result.job.fits) {
    if (next.throw_errors && result.job.trigger.kind != TriggerKind::kInitial) {
      result.fits.push_back(
          std::make_shared<const Result<FittedRecipe>>(Error{ErrorCode::kInternal, "the learner threw", "learner"}));
      continue;
    }
    const auto recipe = static_cast<std::size_t>(fit.recipe);
    const std::size_t column = kFirstMeaningless + static_cast<std::size_t>(++fits_) % (kWidth - kFirstMeaningless);
    const std::int64_t last = next.good_for == 0 ? INT64_MAX : now_ / kDay + next.good_for;
    FittedRecipe fitted{std::make_shared<StatedError>(next.error[recipe], column, last), {}, fit.end};
    result.fits.push_back(std::make_shared<const Result<FittedRecipe>>(std::move(fitted)));
  }
  return result;
}

void ScriptedLoop::OnVersion(const TrainedVersion& version) {
  if (!stored_.stages.emplace(version.name, Stage::kStaging).second) {
    broken_.push_back("version " + version.name + " was made twice");
  }
  stored_.versions[version.name] = std::make_shared<const TrainedVersion>(version);
}

// LiveJournal::Move and VersionStore, without a database.
void ScriptedLoop::OnStage(const TrainedVersion& version, Stage stage) {
  const auto found = stored_.stages.find(version.name);
  if (found == stored_.stages.end()) return broken_.push_back("version " + version.name + " was never made");
  if (found->second == stage) return;
  if (stage == Stage::kActive) return Activate(version.name);
  if (found->second == Stage::kActive) {
    stored_.demoted = stage;
    return;
  }
  if (!IsAllowedTransition(found->second, stage)) {
    broken_.push_back(version.name + " went from " + StageName(found->second) + " to " + StageName(stage));
  }
  if (stage == Stage::kShadow) stored_.validated[version.name] = true;
  found->second = stage;
}

void ScriptedLoop::Activate(const std::string& version) {
  Stage& own = stored_.stages.at(version);
  const bool taken_back = stored_.demoted && own == Stage::kRetired;
  const Stage left = taken_back ? *stored_.demoted : Stage::kRetired;
  if (stored_.demoted == Stage::kRejected && !taken_back) {
    broken_.push_back("a rejected version is kept as retired, for " + version + " was " + StageName(own));
  }
  stored_.demoted.reset();
  if (!IsAllowedTransition(own, Stage::kActive)) {
    broken_.push_back(version + " became active, was " + StageName(own));
  }
  if (!stored_.validated[version]) broken_.push_back(version + " became active and was never validated");
  for (auto& [name, stage] : stored_.stages) {
    if (stage != Stage::kActive) continue;
    if (!IsAllowedTransition(Stage::kActive, left)) broken_.push_back(name + " went from active to " + StageName(left));
    stage = left;
  }
  own = Stage::kActive;
}

void ScriptedLoop::DeliverMature() {
  while (!early_.empty() && early_.begin()->first <= now_) {
    loop_->OnOutcome(early_.extract(early_.begin()).mapped());
  }
}

// The rows the loop learned from are stored; those of before a restart must be the same.
void ScriptedLoop::StoreRows() {
  const Dataset& learned = loop_->history();
  Dataset& rows = stored_.rows;
  if (learned.rows() < rows.rows()) broken_.push_back("rows that were learned from are gone");
  for (std::size_t i = rows.rows(); i < learned.rows(); ++i) {
    rows.time.push_back(learned.time[i]);
    rows.label_time.push_back(learned.label_time[i]);
    rows.x.insert(rows.x.end(), learned.row(i).begin(), learned.row(i).end());
    rows.y.push_back(learned.y[i]);
  }
  if (rows.y != learned.y) broken_.push_back("other rows were learned from than are stored");
}

void ScriptedLoop::EndTurn(bool checkpoint) {
  DeliverMature();
  loop_->Poll(now_);
  StoreRows();
  const bool decided = drift_ || stored_.decisions.size() != saved_decisions_;
  if (checkpoint || decided || loop_->routing_number() != saved_routing_) {
    stored_.checkpoint = loop_->SaveState();
    saved_decisions_ = stored_.decisions.size();
    saved_routing_ = loop_->routing_number();
    drift_ = false;
  }
}

void ScriptedLoop::Kill() {
  MakeLoop();
  const auto saved = static_cast<std::size_t>(
      std::stoul(stored_.checkpoint.substr(stored_.checkpoint.find("\"history_rows\":") + 15)));
  for (std::size_t i = 0; i < saved; ++i) {
    loop_->AddHistory(stored_.rows.time[i], stored_.rows.label_time[i], stored_.rows.row(i), stored_.rows.y[i]);
  }
  const Status restored = loop_->RestoreState(stored_.checkpoint, [this](const std::string& version) {
    return Result<ModelPointer>(stored_.versions.at(version)->model);
  });
  if (!restored.ok()) broken_.push_back(restored.error().ToString());
  early_ = ReplayTail(*loop_, stored_.requests, kHorizonTime);
  saved_decisions_ = stored_.decisions.size();
  EndTurn(true);
}

}  // namespace hone::properties
