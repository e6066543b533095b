#include "registry/ensemble_version.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <string>
#include <vector>

#include "base/random.h"
#include "models/ensemble/voting_ensemble.h"
#include "models/linear/linear.h"
#include "registry/model_artifacts.h"
#include "registry/model_file_version.h"
#include "registry/schema.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

using testing::HasSubstr;

// A LightGBM tree over two named features: `low` where the second is at most 0.5, else `high`.
std::string Stump(const std::string& names, const std::string& low, const std::string& high,
                  const std::string& objective = "regression") {
  return "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=1\nobjective=" + objective +
         "\nfeature_names=" + names +
         "\ntree_sizes=10\n\nTree=0\nnum_leaves=2\nnum_cat=0\nsplit_feature=1\nthreshold=0.5\ndecision_type=2\n"
         "left_child=-1\nright_child=-2\nleaf_value=" +
         low + " " + high + "\n\nend of trees\n";
}

class EnsembleVersions : public testing::Test {
 protected:
  EnsembleVersions()
      : database_(std::move(Database::Open(folder_ / "hone.db")).value()),
        versions_(*database_),
        artifacts_(folder_ / "artifacts") {
    EXPECT_TRUE(Migrate(*database_, RegistryMigrations(), "test").ok());
  }

  Result<VersionRecord> Register(const std::string& model, const std::string& bytes) {
    return RegisterModelFile(versions_, artifacts_, {model, bytes, model + ".file", std::nullopt, 7});
  }
  void Add(const std::string& model, const std::string& bytes, bool activate = true) {
    const auto record = Register(model, bytes);
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    if (!activate) return;
    ASSERT_TRUE(versions_.Activate(model, record->number.ToString()).ok());
  }
  void ExpectRefused(const std::string& file, const std::string& names) {
    const auto record = Register("both", file);
    ASSERT_FALSE(record.ok()) << file;
    EXPECT_EQ(record.error().code, ErrorCode::kInvalidData);
    EXPECT_THAT(record.error().ToString(), HasSubstr(names));
  }

  const TemporaryFolder folder_;
  const std::unique_ptr<Database> database_;
  VersionStore versions_;
  const ArtifactStore artifacts_;
};

TEST_F(EnsembleVersions, AnswerWhatTheirMembersAnswerPutTogether) {
  Add("trend", Stump("a b", "0.1", "0.7"));
  Add("reversal", Stump("b c", "-0.3", "0.2"));
  const auto record = Register("both", "ensemble: weighted\nmembers: [{model: trend@1.0.0}, {model: reversal}]\n");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_TRUE(record->validated);
  EXPECT_EQ(record->recipe, kFileRecipe);
  EXPECT_THAT(record->parameters, HasSubstr(R"("rule":"weighted","members":[{"model":"trend","version":"1.0.0")"));
  const Manifest manifest = LoadManifest(artifacts_, record->artifact).value();
  EXPECT_EQ(ReadManifest(WriteManifest(manifest), "m").value(), manifest);
  ASSERT_EQ(manifest.features.size(), 3U) << "a, b, c";
  const ModelPointer ensemble = LoadVersion(artifacts_, *record).value();
  const ModelPointer trend = LoadVersion(artifacts_, versions_.Active("trend").value().value()).value();
  const ModelPointer reversal = LoadVersion(artifacts_, versions_.Active("reversal").value().value()).value();
  Random random(5);
  for (int i = 0; i < 100; ++i) {
    const std::vector<double> row = {random.Normal(), random.Normal(), random.Normal()};
    const double first = trend->Predict(std::vector<double>{row[0], row[1]});
    const double second = reversal->Predict(std::vector<double>{row[1], row[2]});
    const double expected = 0.6 / (0.6 + 0.4) * first + 0.4 / (0.6 + 0.4) * second;
    EXPECT_EQ(std::bit_cast<std::uint64_t>(ensemble->Predict(row)), std::bit_cast<std::uint64_t>(expected));
  }
  const auto file = LoadModelFile(artifacts_, *record);
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  EXPECT_EQ(file->features, (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(EnsembleVersions, MembersStayWhatTheyWere) {
  Add("trend", Stump("a b", "1", "1"));
  Add("reversal", Stump("a b", "2", "2"));
  const auto record = Register("both", "ensemble: majority\nmembers: [{model: trend}, {model: reversal}]");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  Add("trend", Stump("a b", "100", "100"));
  const ModelPointer ensemble = LoadVersion(artifacts_, *record).value();
  EXPECT_EQ(ensemble->Predict(std::vector<double>{0, 0}), 1.5);
  EXPECT_EQ(ensemble->ensemble()->members()[0].version, "1.0.0");
  const auto again = Register("both", "ensemble: majority\nmembers: [{model: trend}, {model: reversal}]");
  EXPECT_EQ(again->number.ToString(), "1.1.0") << "the same columns";
  EXPECT_EQ(LoadVersion(artifacts_, *again).value()->Predict(std::vector<double>{0, 0}), 51);
}

TEST_F(EnsembleVersions, UnanimousMayAbstainFromARowOfZeros) {
  Add("up", Stump("a b", "1", "1"));
  Add("down", Stump("a b", "-2", "-2"));
  EXPECT_TRUE(Register("both", "ensemble: unanimous\nmembers: [{model: up}, {model: down}]").ok());
}

TEST_F(EnsembleVersions, ColumnsByPositionMustBeTheSame) {
  Add("named", Stump("a b", "1", "1"));
  Add("two", WriteLinear(1, std::vector<double>{1, 2}));
  Add("too", WriteLinear(3, std::vector<double>{0, 0}));
  ExpectRefused("ensemble: weighted\nmembers: [{model: named}, {model: two}]", "without names");
  const auto record = Register("both", "ensemble: weighted\nmembers: [{model: two}, {model: too}]");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_TRUE(LoadModelFile(artifacts_, *record)->features.empty());
  EXPECT_EQ(LoadVersion(artifacts_, *record).value()->Predict(std::vector<double>{1, 1}), 0.6 * 4 + 0.4 * 3);
}

TEST_F(EnsembleVersions, AnEnsembleVotesInAnother) {
  Add("low", Stump("a b", "1", "1"));
  Add("high", Stump("b c", "5", "5"));
  Add("third", Stump("c d", "-2", "-2"));
  Add("inner", "ensemble: majority\nmembers: [{model: low}, {model: high}]");
  const auto record =
      Register("outer", "ensemble: weighted\nmembers: [{model: inner, weight: 3}, {model: third, weight: 1}]");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_THAT(record->parameters, HasSubstr(R"("members":[{"model":"inner","version":"1.0.0")"));
  const ModelPointer outer = LoadVersion(artifacts_, *record).value();
  EXPECT_EQ(outer->width(), 4U) << "a, b, c, d";
  EXPECT_EQ(outer->Predict(std::vector<double>{0, 0, 0, 0}), 0.75 * 3 + 0.25 * -2);
  ASSERT_EQ(outer->ensemble()->members().size(), 2U) << "votes are those of its own members";
  Add("low", Stump("a b", "100", "100"));
  Add("inner", "ensemble: majority\nmembers: [{model: low}, {model: high}]");
  EXPECT_EQ(LoadVersion(artifacts_, *record).value()->Predict(std::vector<double>{0, 0, 0, 0}), 1.75) << "pinned";
}

TEST_F(EnsembleVersions, LevelsAndModelsAreBounded) {
  Add("one", Stump("a b", "1", "1"));
  const auto of = [](const std::string& member) {
    return "ensemble: majority\nmembers: [{model: one}, {model: " + member + "}]";
  };
  Add("level1", of("one"));
  Add("level2", of("level1"));
  Add("level3", of("level2"));
  const auto deepest = Register("both", of("level3"));
  ASSERT_FALSE(deepest.ok());
  EXPECT_EQ(deepest.error().code, ErrorCode::kInvalidData);
  EXPECT_THAT(deepest.error().message, HasSubstr("level1 1.0.0: is an ensemble 3 levels below the first"));
  std::string wide = "ensemble: majority\nmembers: [";
  for (int i = 0; i < 16; ++i) wide += std::string(i > 0 ? ", " : "") + "{model: one}";
  Add("wide", wide + "]");
  const std::string four = "ensemble: majority\nmembers: [{model: wide}, {model: wide}, {model: wide}, {model: wide}";
  const auto most = Register("four", four + "]");
  EXPECT_TRUE(most.ok()) << most.error().ToString();
  ExpectRefused(four + ", {model: one}]", "64 models below an ensemble");
}

TEST_F(EnsembleVersions, WhatCannotVoteIsNamed) {
  Add("one", Stump("a b", "1", "1"));
  Add("waiting", Stump("a b", "1", "1"), false);
  Add("chance", Stump("a b", "1", "1", "binary sigmoid:1"));
  const auto with = [](const std::string& other) {
    return "ensemble: weighted\nmembers: [{model: one}, {model: " + other + "}]";
  };
  ExpectRefused(with("nobody"), "both.file: members[1].model: there is no model nobody");
  ExpectRefused(with("one@7.0.0"), "one has no version 7.0.0");
  ExpectRefused(with("waiting"), "no version of waiting is active; name one: waiting@1.0.0");
  ExpectRefused(with("chance"), "answers probabilities");
  ASSERT_TRUE(versions_.SetStage("waiting", "1.0.0", Stage::kRejected).ok());
  ExpectRefused(with("waiting@1.0.0"), "waiting 1.0.0 is rejected and cannot vote");
  EXPECT_TRUE(versions_.List("both")->empty());
}

}  // namespace
}  // namespace hone
