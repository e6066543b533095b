// Predicting allocates nothing.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/testing/allocation_count.h"
#include "models/ensemble/mean.h"
#include "models/ensemble/voting_ensemble.h"
#include "models/forest/forest.h"
#include "models/linear/linear.h"
#include "models/projected.h"

namespace hone {
namespace {

Forest MakeForest(bool categorical) {
  Forest forest;
  forest.width = 3;
  for (int i = 0; i < 20; ++i) {
    Tree tree;
    tree.splits = {{.threshold = 0.1 * i, .feature = 0, .left = 1, .right = ~2},
                   {.threshold = 0.5, .feature = 1, .left = ~0, .right = ~1, .missing = Missing::kNan}};
    if (categorical) tree.splits[1].categorical = true, tree.splits[1].bits_end = 1, tree.bits = {5};
    tree.leaves = {1.0, 2.0, 3.0};
    forest.trees.push_back(tree);
  }
  return forest;
}

Forest MakeClasses(bool categorical) {
  Forest forest = MakeForest(categorical);
  forest.dialect = Dialect::kXgboost;
  forest.start = {0.5, 0.5};
  forest.link = Link::kSoftmax;
  for (std::size_t i = 0; i < forest.trees.size(); ++i) forest.trees[i].output = i % 2;
  return forest;
}

// Trees of 13 levels, which go on in further blocks.
Forest MakeChains() {
  Forest forest;
  forest.width = 3;
  for (int i = 0; i < 100; ++i) {
    Tree tree;
    for (int j = 0; j < 13; ++j) {
      tree.splits.push_back(
          {.threshold = 0.01 * i * j, .feature = static_cast<std::uint32_t>(j % 3), .left = j + 1, .right = ~j});
    }
    tree.splits.back().left = ~13;
    tree.leaves.assign(14, 1.0);
    forest.trees.push_back(tree);
  }
  return forest;
}

TEST(NoAllocation, InAnyKernelOfForests) {
  const std::vector<double> rows(3 * 200, 0.25);
  std::vector<double> out(200);
  for (int kernel = 0; kernel <= static_cast<int>(BestForestKernel()); ++kernel) {
    const auto model = MakeForestModel(MakeChains(), static_cast<ForestKernel>(kernel));
    const std::int64_t before = AllocationCount();
    EXPECT_EQ(model->Predict({rows.data(), 3}), 100);
    model->PredictBatch(rows, out);
    EXPECT_EQ(AllocationCount(), before);
    EXPECT_EQ(out.back(), 100);
  }
}

TEST(NoAllocation, InModelsOfSeveralOutputs) {
  const std::vector<double> rows = {0.3, 0.7, std::nan(""), 1, 2, 3};
  std::vector<double> out(4);
  Forest choice = MakeClasses(false);
  choice.link = Link::kClass;
  for (const ModelPointer& model :
       {ModelPointer(MakeForestModel(MakeClasses(false))), ModelPointer(MakeForestModel(MakeClasses(true))),
        ModelPointer(MakeForestModel(choice))}) {
    const std::int64_t before = AllocationCount();
    model->PredictAll({rows.data(), 3}, {out.data(), model->outputs()});
    model->PredictMargins({rows.data(), 3}, {out.data(), 2});
    model->PredictBatch(rows, {out.data(), 2 * model->outputs()});
    EXPECT_EQ(AllocationCount(), before);
    EXPECT_TRUE(std::isfinite(out[0] + out[1]));
  }
}

TEST(NoAllocation, InPredictAndPredictBatchOfEveryModel) {
  const ModelPointer trees = MakeForestModel(MakeForest(false));
  const ModelPointer walked = MakeForestModel(MakeForest(true));
  const ModelPointer linear =
      ReadLinear(WriteLinear(1, std::vector<double>{1, 2, 3}, std::vector<double>{0, 0, 0}), "linear").value();
  const ModelPointer projected = MakeProjectedModel(linear, {2, 1, 0}, 1, 3);
  const ModelPointer mean = MakeMeanEnsemble({trees, walked, linear, projected});
  const ModelPointer votes =
      VotingEnsemble::Make(EnsembleRule::kWeighted, std::nullopt, {{"a", "1.0.0", 1, trees}, {"b", "1.0.0", 2, mean}})
          .value();
  const std::vector<double> rows = {0.3, 0.7, std::nan(""), 1, 2, 3, -1, -2, -3};
  std::vector<double> out(3);
  for (const ModelPointer& model : {trees, walked, linear, projected, mean, votes}) {
    const std::int64_t before = AllocationCount();
    double sum = 0;
    for (int i = 0; i < 100; ++i) sum += model->Predict({rows.data(), 3});
    model->PredictBatch(rows, out);
    EXPECT_EQ(AllocationCount(), before);
    EXPECT_TRUE(std::isfinite(out[1])) << sum;
  }
  const std::int64_t before = AllocationCount();
  ::operator delete(::operator new(8));  // called by name, so that it is not optimised away
  EXPECT_EQ(AllocationCount(), before + 1) << "the counter counts";
}

}  // namespace
}  // namespace hone
