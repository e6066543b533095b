#include "models/assemble.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "models/ensemble/mean.h"
#include "models/linear/linear.h"
#include "models/projected.h"

namespace hone {
namespace {

ModelPointer Linear(double intercept, std::vector<double> weights) {
  return ReadLinear(WriteLinear(intercept, weights), "m").value();
}

ModelPiece Piece(std::vector<std::uint32_t> columns, int offset = -1) {
  return {"ridge", "linear", WriteLinear(1, std::vector<double>(columns.size(), 2.0)), std::move(columns), offset};
}

TEST(Projected, ReadsItsColumnsInItsOrderAndAddsTheOffset) {
  const ModelPointer inner = Linear(1, {10, 100});
  const std::vector<double> row = {1, 2, 3};
  EXPECT_EQ(MakeProjectedModel(inner, {2, 0}, -1, 3)->Predict(row), 1 + 30 + 100);
  EXPECT_EQ(MakeProjectedModel(inner, {2, 0}, 1, 3)->Predict(row), 1 + 30 + 100 + 2);
  EXPECT_EQ(MakeProjectedModel(inner, {2, 2}, 1, 3)->width(), 3U);
}

TEST(Projected, AMissingOffsetGivesNoAnswer) {
  const auto model = MakeProjectedModel(Linear(1, {1}), {0}, 1, 2);
  EXPECT_TRUE(std::isnan(model->Predict(std::vector<double>{1, std::nan("")})));
}

TEST(Projected, BatchesAnswerLikeSingleRows) {
  const auto model = MakeProjectedModel(Linear(1, {1, 3}), {1, 0}, 0, 2);
  const std::vector<double> rows = {1, 2, 3, 4, 5, 6};
  std::vector<double> out(3);
  model->PredictBatch(rows, out);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(out[i], model->Predict({rows.data() + 2 * i, 2}));
}

TEST(MeanEnsemble, AddsInOrderAndDivides) {
  // In this order the small member is lost; in another it would not be.
  const auto mean = MakeMeanEnsemble({Linear(1e16, {0}), Linear(1, {0}), Linear(-1e16, {0})});
  EXPECT_EQ(mean->Predict(std::vector<double>{0}), 0);
  const auto other = MakeMeanEnsemble({Linear(1e16, {0}), Linear(-1e16, {0}), Linear(1, {0})});
  EXPECT_EQ(other->Predict(std::vector<double>{0}), 1.0 / 3);
}

TEST(MeanEnsemble, OfOneIsThatModel) {
  const ModelPointer one = Linear(1, {2});
  EXPECT_EQ(MakeMeanEnsemble({one}), one);
}

TEST(AssembleModel, AveragesItsPieces) {
  const std::vector<ModelPiece> pieces = {Piece({0, 1}), Piece({2}, 0)};
  const auto model = AssembleModel(pieces, 3);
  ASSERT_TRUE(model.ok()) << model.error().ToString();
  EXPECT_EQ((*model)->Predict(std::vector<double>{1, 2, 3}), ((1 + 2 + 4) + (1 + 6 + 1)) / 2.0);
}

TEST(AssembleModel, EachMismatchIsCorruptAndNamesThePiece) {
  const auto refused = [](const std::vector<ModelPiece>& pieces) {
    const auto model = AssembleModel(pieces, 3);
    return !model.ok() && model.error().code == ErrorCode::kCorrupt &&
           (pieces.empty() || model.error().source == "ridge");
  };
  EXPECT_TRUE(refused({}));
  EXPECT_TRUE(refused({Piece({3})}));
  EXPECT_TRUE(refused({Piece({0}, 3)}));
  EXPECT_TRUE(refused({Piece({})}));
  EXPECT_TRUE(refused({Piece(std::vector<std::uint32_t>(257, 0))}));
  ModelPiece piece = Piece({0});
  piece.columns = {0, 1};
  EXPECT_TRUE(refused({piece}));
  piece = Piece({0});
  piece.format = "pickle";
  EXPECT_TRUE(refused({piece}));
  piece = Piece({0});
  piece.bytes.pop_back();
  piece.bytes.pop_back();
  EXPECT_TRUE(refused({piece}));
}

}  // namespace
}  // namespace hone
