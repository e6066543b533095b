#include <gtest/gtest.h>

#include "engine/improvement_loop.h"
#include "engine/testing/ridge_market.h"

namespace hone {
namespace {

// Ends its job when it is told to.
class HeldTraining final : public TrainingService {
 public:
  explicit HeldTraining(const std::vector<Recipe>& recipes) : recipes_(recipes) {}
  void Start(const TrainingJob& job, const Dataset& history) override {
    result_ = TrainingResult{job, {}};
    for (const JobFit& fit : job.fits) {
      const Recipe& recipe = recipes_[static_cast<std::size_t>(fit.recipe)];
      result_->fits.push_back(
          std::make_shared<const Result<FittedRecipe>>(FitRecipe(recipe, recipes_, history, 0, fit.end, job.seed)));
    }
  }
  std::optional<TrainingResult> TakeFinished() override {
    std::optional<TrainingResult> result;
    if (ended_) result.swap(result_);
    return result;
  }
  void End() { ended_ = true; }

 private:
  const std::vector<Recipe>& recipes_;
  std::optional<TrainingResult> result_;
  bool ended_ = false;
};

struct StageJournal final : LoopJournal {
  void OnDecision(const Decision& decision) override { kinds.push_back(decision.kind); }
  void OnDrift(const DriftEvent&) override {}
  void OnVersion(const TrainedVersion&) override {}
  void OnStage(const TrainedVersion& version, Stage stage) override {
    if (stage == Stage::kActive) active = version.name;
  }
  void OnShadow(const ShadowPrediction&) override {}

  std::vector<DecisionKind> kinds;
  std::string active;
};

TEST(ActivateByHand, AWordGivenWhileTheFirstJobRunsStands) {
  const ModelDefinition model = RidgeModel({0});
  const std::vector<Recipe> recipes = CompetingRecipes(model);
  const Dataset data = RowsOf(Market("calm", 500, 2).series(), model);
  const auto version = [&](int recipe, int patch) {
    auto made = std::make_shared<TrainedVersion>();
    made->number = {1, 0, patch};
    made->name = made->number.ToString();
    made->recipe = recipe;
    made->model = FitRecipe(recipes[static_cast<std::size_t>(recipe)], recipes, data, 0, data.rows(), 1)->model;
    made->end = data.rows();
    return VersionPointer(std::move(made));
  };
  for (const int recipe : {0, 1}) {  // the incumbent's own, and another
    HeldTraining training(recipes);
    StageJournal journal;
    ImprovementLoop loop(model, Policy(), 5, {&training, &journal, nullptr});
    for (std::size_t i = 0; i < data.rows(); ++i) {
      loop.AddHistory(data.time[i], data.label_time[i], data.row(i), data.y[i]);
    }
    loop.set_initial_rows(data.rows());
    const Time now = data.label_time.back();
    loop.MaybeBegin(now, version(0, 0));
    ASSERT_EQ(loop.routing().champion->name, "1.0.0");
    ASSERT_TRUE(loop.ActivateByHand(now, DecisionKind::kPromote, version(recipe, 1), "an operator's").ok());
    EXPECT_EQ(loop.routing().champion->name, "1.0.1");
    training.End();
    loop.Poll(now);
    EXPECT_EQ(loop.routing().champion->name, "1.0.1") << "recipe " << recipe;
    EXPECT_EQ(journal.active, "1.0.1");
    EXPECT_EQ(journal.kinds, std::vector<DecisionKind>{DecisionKind::kPromote});
    for (const Line& line : loop.lines()) EXPECT_TRUE(line.current) << "every line has its first version";
  }
}

}  // namespace
}  // namespace hone
