#include "registry/manifest.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/random.h"
#include "base/sha256.h"
#include "models/linear/linear.h"
#include "registry/model_artifacts.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

Manifest Sample() {
  Manifest manifest;
  manifest.model = "volatility";
  manifest.recipe = "both";
  manifest.target = "volatility";
  for (const char* name : {"a", "b", "c"}) manifest.features.push_back({name, Sha256Hex(name)});
  return manifest;
}

ModelPiece LinearPiece(std::vector<double> weights, std::vector<std::uint32_t> columns, int offset_column) {
  return {"har", "linear", WriteLinear(0.5, weights), std::move(columns), offset_column};
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

class ManifestTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  ArtifactStore artifacts_{folder_ / "artifacts"};
};

TEST_F(ManifestTest, AStoredModelAnswersTheSame) {
  const std::vector<ModelPiece> pieces = {LinearPiece({1, 10}, {2, 0}, -1), LinearPiece({100}, {1}, 0)};
  const auto address = StoreModel(artifacts_, Sample(), pieces);
  ASSERT_TRUE(address.ok()) << address.error().ToString();
  VersionRecord record;
  record.model = "volatility";
  record.artifact = *address;
  const auto model = LoadVersion(artifacts_, record);
  ASSERT_TRUE(model.ok()) << model.error().ToString();
  EXPECT_EQ((*model)->width(), 3U);
  const std::vector<double> row = {1, 2, 3};
  // First: 0.5 + 1*c + 10*a = 13.5; second: 0.5 + 100*b + a = 201.5.
  EXPECT_DOUBLE_EQ((*model)->Predict(row), (13.5 + 201.5) / 2);
  EXPECT_EQ(*StoreModel(artifacts_, Sample(), pieces), *address);
  const Manifest manifest = *LoadManifest(artifacts_, *address);
  EXPECT_EQ(*ReadManifest(WriteManifest(manifest), "x"), manifest);
  EXPECT_EQ(manifest.pieces[1].relative_to, "a");
}

TEST_F(ManifestTest, TellsWhichRegisteredFeaturesAFeatureIsMadeOf) {
  Manifest manifest = Sample();
  manifest.features[1].registered = {"swing@3", "trend@2"};
  const auto address = StoreModel(artifacts_, manifest, std::vector{LinearPiece({1}, {0}, -1)});
  const Manifest stored = *LoadManifest(artifacts_, *address);
  EXPECT_EQ(stored.features, manifest.features);
  const std::string text = WriteManifest(stored);
  const auto wrong = ReadManifest(Replaced(text, "\"registered\": [", "\"registered\": [1, "), "x");
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().key, "features[1].registered");
  EXPECT_EQ(ReadManifest(Replaced(text, "registered", "registerd"), "x").error().key, "features[1].registerd");
}

TEST_F(ManifestTest, DamageAndMismatchNameTheFile) {
  const std::string address = *StoreModel(artifacts_, Sample(), std::vector{LinearPiece({1}, {0}, -1)});
  VersionRecord record;
  record.model = "other";
  record.artifact = address;
  EXPECT_EQ(LoadVersion(artifacts_, record).error().code, ErrorCode::kInvalidData);
  const std::string file = LoadManifest(artifacts_, address)->pieces[0].file;
  std::ofstream(artifacts_.PathOf(file)) << "{}";
  const auto damaged = LoadModel(artifacts_, address);
  EXPECT_EQ(damaged.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(damaged.error().source, artifacts_.PathOf(file).string());
  const auto junk = StoreModel(artifacts_, Sample(), std::vector{ModelPiece{"r", "linear", "junk", {0}, -1}});
  EXPECT_FALSE(LoadModel(artifacts_, *junk).ok());
}

TEST_F(ManifestTest, RefusesToStoreWhatCannotBeRead) {
  EXPECT_FALSE(StoreModel(artifacts_, Sample(), {}).ok());
  EXPECT_EQ(StoreModel(artifacts_, Sample(), std::vector{LinearPiece({1}, {3}, -1)}).error().key, "columns");
  EXPECT_FALSE(StoreModel(artifacts_, Sample(), std::vector{LinearPiece({1}, {0}, 3)}).ok());
}

TEST_F(ManifestTest, NamesTheKeyAtFault) {
  const std::string address = *StoreModel(artifacts_, Sample(), std::vector{LinearPiece({1}, {0}, 1)});
  const std::string text = *artifacts_.Get(address);
  const auto key = [](const std::string& manifest) {
    const auto read = ReadManifest(manifest, "manifest.json");
    return read.ok() ? "" : read.error().key;
  };
  EXPECT_EQ(key(text), "");
  EXPECT_EQ(key(Replaced(text, "\"target\"", "\"tarqet\"")), "tarqet");
  EXPECT_EQ(key(Replaced(text, "\"version\": 1", "\"version\": 2")), "version");
  EXPECT_EQ(key(Replaced(text, "\"name\": \"b\"", "\"name\": \"a\"")), "features[1].name");
  EXPECT_EQ(key(Replaced(text, "\"relative_to\": \"b\"", "\"relative_to\": \"z\"")), "pieces[0].relative_to");
  EXPECT_EQ(key(Replaced(text, "\"relative_to\": \"b\"", "\"relative_to\": 3")), "pieces[0].relative_to");
  EXPECT_EQ(key(Replaced(text, Sha256Hex("a"), "../../x")), "features[0].definition");
  EXPECT_EQ(ReadManifest("{", "m.json").error().source, "m.json");
  EXPECT_FALSE(ReadManifest("[]", "m.json").ok());
  EXPECT_FALSE(ReadManifest(std::string(5 << 20, ' '), "m.json").ok());
  EXPECT_FALSE(ReadManifest(std::string(1 << 20, '['), "m.json").ok());
}

TEST_F(ManifestTest, RandomDamageNeverCrashes) {
  const std::string text = *artifacts_.Get(*StoreModel(artifacts_, Sample(), std::vector{LinearPiece({1}, {0}, 1)}));
  Random random(4);
  int refused = 0;
  for (int i = 0; i < 5'000; ++i) {
    std::string damaged = text;
    for (int j = 0; j < 3; ++j) damaged[random.Below(damaged.size())] = static_cast<char>(random.Next());
    refused += ReadManifest(damaged, "x").ok() ? 0 : 1;
  }
  EXPECT_GT(refused, 4'000);
}

}  // namespace
}  // namespace hone
