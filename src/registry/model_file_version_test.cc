#include "registry/model_file_version.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "models/linear/linear.h"
#include "registry/model_artifacts.h"
#include "registry/schema.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

const char* const kTwoTargets =
    R"({"learner":{"feature_names":["a"],"gradient_booster":{"name":"gbtree","model":{"tree_info":[],"trees":[]}},)"
    R"("learner_model_param":{"base_score":"[5E-1,1E0]","num_feature":"1","num_target":"2"},)"
    R"("objective":{"name":"reg:squarederror"}},"version":[3,2,0]})";

std::string LightGbm(const std::string& names, const char* leaf) {
  const std::size_t last = names.size() / 2;
  return "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=" + std::to_string(last) +
         "\nobjective=poisson\nfeature_names=" + names + "\ntree_sizes=10\n\nTree=0\nnum_leaves=1\nleaf_value=" + leaf +
         "\n\nend of trees\n";
}

class ModelFileVersions : public testing::Test {
 protected:
  ModelFileVersions()
      : database_(std::move(Database::Open(folder_ / "hone.db")).value()), artifacts_(folder_ / "artifacts") {
    EXPECT_TRUE(Migrate(*database_, RegistryMigrations(), "test").ok());
  }

  Result<VersionRecord> Register(const std::string& bytes, std::optional<VersionNumber> number = std::nullopt,
                                 const std::string& model = "mine") {
    VersionStore versions(*database_);
    return RegisterModelFile(versions, artifacts_, {model, bytes, "m.file", number, 7});
  }

  const TemporaryFolder folder_;
  const std::unique_ptr<Database> database_;
  const ArtifactStore artifacts_;
};

TEST_F(ModelFileVersions, AreStoredValidatedAndReadBack) {
  const auto record = Register(LightGbm("x y", "2"));
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->number.ToString(), "1.0.0");
  EXPECT_EQ(record->stage, Stage::kStaging);
  EXPECT_TRUE(record->validated);
  EXPECT_EQ(record->recipe, kFileRecipe);
  EXPECT_EQ(record->created, 7);
  EXPECT_EQ(LoadVersion(artifacts_, *record).value()->Predict(std::vector<double>{0, 0}), std::exp(2.0));
  const auto file = LoadModelFile(artifacts_, *record);
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  EXPECT_EQ(file->features, (std::vector<std::string>{"x", "y"}));
}

TEST_F(ModelFileVersions, AreNumberedByTheirColumns) {
  ASSERT_TRUE(Register(LightGbm("x y", "2")).ok());
  EXPECT_EQ(Register(LightGbm("x y", "3"))->number.ToString(), "1.1.0");
  EXPECT_EQ(Register(LightGbm("x z", "3"))->number.ToString(), "2.0.0");
  EXPECT_EQ(Register(LightGbm("x z", "4"), VersionNumber{7, 1, 2})->number.ToString(), "7.1.2");
  const auto taken = Register(LightGbm("x z", "4"), VersionNumber{7, 1, 2});
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().code, ErrorCode::kConflict);
}

TEST_F(ModelFileVersions, ColumnsWithoutNamesAreNumberedAndSeveralOutputsKept) {
  const auto linear = Register(WriteLinear(1, std::vector<double>{1, 2}), std::nullopt, "linear");
  ASSERT_TRUE(linear.ok()) << linear.error().ToString();
  const Manifest manifest = LoadManifest(artifacts_, linear->artifact).value();
  ASSERT_EQ(manifest.features.size(), 2U);
  EXPECT_EQ(manifest.features[1].name, "column_1");
  EXPECT_TRUE(LoadModelFile(artifacts_, *linear)->features.empty());

  const auto targets = Register(kTwoTargets, std::nullopt, "targets");
  ASSERT_TRUE(targets.ok()) << targets.error().ToString();
  std::vector<double> answer(2);
  LoadVersion(artifacts_, *targets).value()->PredictAll(std::vector<double>{0}, answer);
  EXPECT_EQ(answer, (std::vector<double>{0.5, 1}));
}

TEST_F(ModelFileVersions, WhatDoesNotFitIsRefused) {
  EXPECT_EQ(Register("binf").error().code, ErrorCode::kInvalidData);
  EXPECT_EQ(Register(LightGbm("x y", "2"), std::nullopt, "No Name").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Register(LightGbm("x y", "1e300")).error().code, ErrorCode::kInvalidData) << "exp of it is no number";
  ASSERT_TRUE(Register(LightGbm("a", "2"), std::nullopt, "one").ok());
  EXPECT_EQ(Register(kTwoTargets, std::nullopt, "one").error().code, ErrorCode::kConflict);
  VersionStore versions(*database_);
  VersionRecord trained;
  trained.model = "trained";
  trained.recipe = "ridge";
  trained.artifact = std::string(64, 'a');
  trained.parameters = trained.metrics = "{}";
  ASSERT_TRUE(versions.Register(trained).ok());
  EXPECT_EQ(Register(LightGbm("x y", "2"), std::nullopt, "trained").error().code, ErrorCode::kConflict);
}

}  // namespace
}  // namespace hone
