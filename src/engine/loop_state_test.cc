// A loop that is stopped and restored goes on as if nothing had happened: the same decisions, drift events and shadow
// answers to the byte.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <variant>

#include "engine/improvement_loop.h"
#include "engine/testing/ridge_market.h"

namespace hone {
namespace {

// Fits at once, on the loop's own rows.
class DirectTraining final : public TrainingService {
 public:
  explicit DirectTraining(const std::vector<Recipe>& recipes) : recipes_(recipes) {}
  void Start(const TrainingJob& job, const Dataset& history) override {
    finished_ = TrainingResult{job, {}};
    for (const JobFit& fit : job.fits) {
      const Recipe& recipe = recipes_[static_cast<std::size_t>(fit.recipe)];
      finished_->fits.push_back(
          std::make_shared<const Result<FittedRecipe>>(FitRecipe(recipe, recipes_, history, 0, fit.end, job.seed)));
    }
  }
  std::optional<TrainingResult> TakeFinished() override {
    std::optional<TrainingResult> result;
    result.swap(finished_);
    return result;
  }
  bool busy() const { return finished_.has_value(); }

 private:
  const std::vector<Recipe>& recipes_;
  std::optional<TrainingResult> finished_;
};

struct Journal final : LoopJournal {
  void OnDecision(const Decision& decision) override { decisions.push_back(decision); }
  void OnDrift(const DriftEvent& event) override { drift.push_back(event); }
  void OnVersion(const TrainedVersion& version) override { models[version.name] = version.model; }
  void OnStage(const TrainedVersion& version, Stage stage) override {
    stages.push_back(version.name + " " + StageName(stage));
  }
  void OnShadow(const ShadowPrediction& shadow) override {
    shadows.push_back(shadow.prediction_id.ToString() + " " + shadow.version + " " + std::to_string(shadow.value));
  }

  std::vector<Decision> decisions;
  std::vector<DriftEvent> drift;
  std::map<std::string, ModelPointer> models;
  std::vector<std::string> stages, shadows;
};

struct Stops {
  int every = 0;             // rows between restarts; 0: none
  bool before_poll = false;  // while a job runs, where there is one
};

// An A/B test of the champion and one of the lines' versions, begun in row `from` or as soon as it may be.
struct Split {
  std::size_t from = 0, until = 0;
  double share = 0.5;  // of the other version
};

// What the states were in which the loop was stopped.
struct Seen {
  int stops = 0, in_shadow = 0, in_canary = 0, with_job = 0, frozen = 0;
};

class Driver {
 public:
  Driver(const ModelDefinition& model, const Policy& policy, Dataset data, Stops stops, Split split)
      : model_(model),
        policy_(policy),
        data_(std::move(data)),
        stops_(stops),
        split_(split),
        recipes_(CompetingRecipes(model_)),
        ids_(11),
        router_(12) {
    MakeLoop();
  }

  void Run() {
    constexpr std::size_t kInitial = 300;
    std::size_t matured = 0;
    for (std::size_t i = 0; i < data_.rows(); ++i) {
      for (; matured < i && data_.label_time[matured] <= data_.time[i]; ++matured) {
        if (outcomes_.empty() && loop_->history().rows() < kInitial) {
          loop_->AddHistory(data_.time[matured], data_.label_time[matured], data_.row(matured), data_.y[matured]);
          if (loop_->history().rows() == kInitial) loop_->MaybeBegin(data_.time[i]);
        }
      }
      DeliverDue(data_.time[i]);
      StepSplit(i);
      if (loop_->serving() && data_.time[i] >= loop_->history().label_time[kInitial - 1]) Ask(i);
      if (stops_.every > 0 && i % static_cast<std::size_t>(stops_.every) == 0) Restart();
    }
  }

  const Journal& journal() const { return journal_; }
  const ImprovementLoop& loop() const { return *loop_; }
  const Seen& seen() const { return seen_; }
  // The decisions while the traffic was split; the other version.
  std::span<const Decision> DecisionsInSplit() const {
    return std::span(journal_.decisions).subspan(split_begin_, split_end_ - split_begin_);
  }
  const std::string& arm() const { return arm_; }

 private:
  using Event = std::variant<Prediction, Outcome>;

  void MakeLoop() {
    training_ = std::make_unique<DirectTraining>(recipes_);
    loop_ = std::make_unique<ImprovementLoop>(model_, policy_, 5,
                                              ImprovementLoop::Services{training_.get(), &journal_, nullptr});
    loop_->set_initial_rows(300);
  }

  void StepSplit(std::size_t i) {
    if (i == split_.until && !arm_.empty()) {
      ASSERT_TRUE(loop_->SetArms({}).ok());
      split_end_ = journal_.decisions.size();
    }
    if (i < split_.from || i >= split_.until || !arm_.empty()) return;
    for (const Line& line : loop_->lines()) {
      if (!line.current || line.current == loop_->routing().champion) continue;
      if (!loop_->SetArms({line.current}).ok()) return;  // a version is on release
      arm_ = line.current->name;
      split_begin_ = journal_.decisions.size();
      return;
    }
  }

  void Ask(std::size_t i) {
    const ImprovementLoop::Routing routing = loop_->routing();
    Prediction prediction;
    prediction.id = ids_.Next(data_.time[i]);
    prediction.time = data_.time[i];
    prediction.features.assign(data_.row(i).begin(), data_.row(i).end());
    const bool canary = routing.challenger && router_.Uniform() < routing.share;
    const bool by_arm = !loop_->arms().empty() && router_.Uniform() < split_.share;
    const TrainedVersion& version = by_arm ? *loop_->arms().front() : canary ? *routing.challenger : *routing.champion;
    prediction.version = routing.frozen ? "persistence" : version.name;
    prediction.value = routing.frozen ? prediction.features[2] : version.model->Predict(prediction.features);
    // Some outcomes come three days late, some never.
    const Duration late = i % 17 == 0 ? 3 * kDay : 0;
    if (i % 97 != 0) {
      outcomes_.emplace(data_.label_time[i] + late, Outcome{prediction.id, data_.y[i], data_.label_time[i] + late});
    }
    asked_ = true;
    Deliver(prediction);
    loop_->OnServed(prediction);
    Settle(prediction.time);
  }

  void DeliverDue(Time now) {
    while (asked_ && !outcomes_.empty() && outcomes_.begin()->first <= now) {
      const Outcome outcome = outcomes_.extract(outcomes_.begin()).mapped();
      Deliver(outcome);
      loop_->OnOutcome(outcome);
      Settle(now);
    }
  }

  void Deliver(Event event) { events_.push_back(std::move(event)); }

  void Settle(Time now) {
    if (stops_.before_poll && training_->busy()) Restart();
    loop_->Poll(now);
  }

  void Restart() {
    const std::string state = loop_->SaveState();
    ++seen_.stops;
    const ImprovementLoop::Routing routing = loop_->routing();
    if (routing.challenger) ++(routing.share > 0 ? seen_.in_canary : seen_.in_shadow);
    if (routing.frozen) ++seen_.frozen;
    if (training_->busy()) ++seen_.with_job;
    const Dataset history = loop_->history();
    const std::vector<VersionPointer> arms = loop_->arms();
    MakeLoop();
    for (std::size_t i = 0; i < history.rows(); ++i) {
      loop_->AddHistory(history.time[i], history.label_time[i], history.row(i), history.y[i]);
    }
    const Status restored = loop_->RestoreState(
        state, [this](const std::string& version) -> Result<ModelPointer> { return journal_.models.at(version); });
    ASSERT_TRUE(restored.ok()) << restored.error().ToString();
    ASSERT_TRUE(loop_->SetArms(arms).ok());
    for (const Event& event : events_) {
      if (const auto* prediction = std::get_if<Prediction>(&event)) {
        if (prediction->id > loop_->last_consumed()) loop_->OnServed(*prediction);
      } else if (const auto& outcome = std::get<Outcome>(event); outcome.prediction_id > loop_->last_consumed()) {
        loop_->OnOutcome(outcome);
      }
    }
    EXPECT_TRUE(loop_->SaveState() == state) << "a restored loop saves what it was restored from";
  }

  ModelDefinition model_;
  Policy policy_;
  Dataset data_;
  Stops stops_;
  Split split_;
  std::string arm_;
  std::size_t split_begin_ = 0, split_end_ = 0;
  std::vector<Recipe> recipes_;
  IdGenerator ids_;
  Random router_;
  Journal journal_;
  std::unique_ptr<DirectTraining> training_;
  std::unique_ptr<ImprovementLoop> loop_;
  std::multimap<Time, Outcome> outcomes_;  // not yet known, by the time they will be
  std::vector<Event> events_;
  bool asked_ = false;
  Seen seen_;
};

// Rollouts of both kinds within a few hundred rows.
Policy EagerPolicy() {
  Policy policy;
  policy.retraining.growth = 0.1;
  policy.retraining.cooldown_rows = 20;
  policy.rollout.practice_margin = 0.1;
  policy.rollout.alpha = 0.2;
  policy.rollout.watch_rows = 60;
  policy.drift.window = 100;
  policy.drift.loss_alpha = 0.2;
  return policy;
}

std::unique_ptr<Driver> Drive(const std::string& kind, std::uint64_t seed, Stops stops, Split split = {}) {
  const ModelDefinition model = RidgeModel();
  auto driver =
      std::make_unique<Driver>(model, EagerPolicy(), RowsOf(Market(kind, 1100, seed).series(), model), stops, split);
  driver->Run();
  return driver;
}

std::vector<std::string> Told(const Journal& journal) {
  std::vector<std::string> lines;
  for (const Decision& decision : journal.decisions) {
    lines.push_back(decision.id.ToString() + " " + FormatTime(decision.time) + " " + DecisionKindName(decision.kind) +
                    " " + decision.version + " " + decision.reason + " " + decision.evidence);
  }
  for (const DriftEvent& event : journal.drift) {
    lines.push_back(event.id.ToString() + " " + event.version + " " + event.method + " " + event.subject + " " +
                    std::to_string(event.statistic) + " " + std::to_string(event.effect));
  }
  lines.insert(lines.end(), journal.stages.begin(), journal.stages.end());
  return lines;
}

std::set<DecisionKind> Kinds(const Journal& journal) {
  std::set<DecisionKind> kinds;
  for (const Decision& decision : journal.decisions) kinds.insert(decision.kind);
  return kinds;
}

TEST(LoopState, ARunWithRestartsDecidesLikeOneWithout) {
  Seen seen;
  std::set<DecisionKind> kinds;
  for (const char* kind : {"break", "flicker"}) {
    const auto whole = Drive(kind, 3, {});
    const std::set<DecisionKind> some = Kinds(whole->journal());
    kinds.insert(some.begin(), some.end());
    for (const Stops stops : {Stops{7, false}, Stops{31, true}, Stops{200, false}}) {
      SCOPED_TRACE(std::string(kind) + ", a restart every " + std::to_string(stops.every) + " rows");
      const auto stopped = Drive(kind, 3, stops);
      EXPECT_EQ(Told(stopped->journal()), Told(whole->journal()));
      EXPECT_EQ(stopped->journal().shadows, whole->journal().shadows);
      EXPECT_TRUE(stopped->loop().SaveState() == whole->loop().SaveState());
      seen.stops += stopped->seen().stops;
      seen.in_shadow += stopped->seen().in_shadow;
      seen.in_canary += stopped->seen().in_canary;
      seen.with_job += stopped->seen().with_job;
    }
  }
  // The runs held what a restart could spoil.
  for (const DecisionKind kind : {DecisionKind::kActivate, DecisionKind::kRetrain, DecisionKind::kShadow,
                                  DecisionKind::kAdvance, DecisionKind::kPromote}) {
    EXPECT_TRUE(kinds.count(kind)) << DecisionKindName(kind);
  }
  EXPECT_GT(seen.stops, 200);
  EXPECT_GT(seen.in_shadow, 0);
  EXPECT_GT(seen.in_canary, 0);
  EXPECT_GT(seen.with_job, 0);
}

constexpr Split kSplit{450, 800};

TEST(LoopState, WhileAPersonSplitsTheTrafficTheLoopTrainsAndReleasesNothing) {
  const auto whole = Drive("break", 3, {}, kSplit);
  ASSERT_NE(whole->arm(), "");
  std::set<DecisionKind> during;
  for (const Decision& decision : whole->DecisionsInSplit()) during.insert(decision.kind);
  EXPECT_TRUE(during.count(DecisionKind::kRetrain));
  for (const DecisionKind kind :
       {DecisionKind::kShadow, DecisionKind::kAdvance, DecisionKind::kPromote, DecisionKind::kFreeze}) {
    EXPECT_FALSE(during.count(kind)) << DecisionKindName(kind);
  }
  EXPECT_TRUE(Kinds(whole->journal()).count(DecisionKind::kPromote)) << "before or afterwards it does";
  const auto free = Drive("break", 3, {});
  EXPECT_NE(Told(free->journal()), Told(whole->journal())) << "the split kept nothing back";
  for (const Stops stops : {Stops{7, false}, Stops{31, true}}) {
    const auto stopped = Drive("break", 3, stops, kSplit);
    EXPECT_EQ(Told(stopped->journal()), Told(whole->journal()));
    EXPECT_EQ(stopped->journal().shadows, whole->journal().shadows);
    EXPECT_TRUE(stopped->loop().SaveState() == whole->loop().SaveState());
  }
}

TEST(LoopState, WhatAnArmAnswersIsNoEvidence) {
  const auto half = Drive("break", 3, {}, kSplit);
  const auto none = Drive("break", 3, {}, {kSplit.from, kSplit.until, 0});
  ASSERT_EQ(half->arm(), none->arm());
  EXPECT_EQ(Told(half->journal()), Told(none->journal()));
  EXPECT_TRUE(half->loop().SaveState() == none->loop().SaveState());
  EXPECT_NE(half->journal().shadows, none->journal().shadows) << "who answers is not told as a shadow";
}

TEST(LoopState, ASecondRunGivesTheSameBytes) {
  EXPECT_EQ(Told(Drive("break", 4, {})->journal()), Told(Drive("break", 4, {})->journal()));
}

class LoopStateErrors : public testing::Test {
 protected:
  static Status Restore(const std::string& state, std::size_t rows, const ImprovementLoop::ModelLoader& load) {
    const ModelDefinition model = RidgeModel();
    const std::vector<Recipe> recipes = CompetingRecipes(model);
    DirectTraining training(recipes);
    Journal journal;
    ImprovementLoop loop(model, EagerPolicy(), 5, {&training, &journal, nullptr});
    const std::vector<double> features(model.features.size(), 0.0);
    for (std::size_t i = 0; i < rows; ++i) {
      loop.AddHistory(static_cast<Time>(i) * kDay, static_cast<Time>(i + 5) * kDay, features, 0);
    }
    return loop.RestoreState(state, load);
  }
  static Result<ModelPointer> NoModel(const std::string& version) {
    return Error{ErrorCode::kCorrupt, "artifact of " + version + " is damaged"};
  }
};

TEST_F(LoopStateErrors, ADamagedCheckpointIsRefusedByName) {
  const auto whole = Drive("calm", 3, {});
  const std::string state = whole->loop().SaveState();
  const std::size_t rows = whole->loop().history().rows();
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string("[1,2"), state.substr(0, state.size() / 2)}) {
    const Status status = Restore(text, rows, NoModel);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::kCorrupt);
    EXPECT_NE(status.error().ToString().find("checkpoint of model ridges"), std::string::npos);
  }
  const Status missing_rows = Restore(state, rows - 1, NoModel);
  ASSERT_FALSE(missing_rows.ok());
  EXPECT_NE(missing_rows.error().ToString().find("rows are not all there"), std::string::npos);
  const Status missing_model = Restore(state, rows, NoModel);
  ASSERT_FALSE(missing_model.ok());
  EXPECT_NE(missing_model.error().ToString().find("artifact of"), std::string::npos);
}

}  // namespace
}  // namespace hone
