#include "models/model_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/files.h"
#include "models/assemble.h"
#include "models/linear/linear.h"

namespace hone {
namespace {

using testing::HasSubstr;

const char* const kXgboost =
    R"({"learner":{"feature_names":["a"],"gradient_booster":{"name":"gbtree","model":{"tree_info":[],"trees":[]}},)"
    R"("learner_model_param":{"base_score":"5E-1","num_feature":"1"},"objective":{"name":"reg:squarederror"}}})";
const char* const kLightGbm =
    "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=0\nobjective=regression\n"
    "feature_names=b\ntree_sizes=10\n\nTree=0\nnum_leaves=1\nleaf_value=2\n\nend of trees\n";

TEST(ModelFile, IsToldByItsContent) {
  using std::string_literals::operator""s;
  const auto xgboost = ReadModelFile(kXgboost, "m.txt");
  ASSERT_TRUE(xgboost.ok()) << xgboost.error().ToString();
  EXPECT_EQ(xgboost->format, "xgboost");
  EXPECT_EQ(xgboost->features, std::vector<std::string>{"a"});
  EXPECT_EQ(xgboost->model->Predict(std::vector<double>{0}), 0.5);

  const auto light = ReadModelFile(kLightGbm, "m.json");
  ASSERT_TRUE(light.ok()) << light.error().ToString();
  EXPECT_EQ(light->format, "lightgbm");
  EXPECT_EQ(light->features, std::vector<std::string>{"b"});
  EXPECT_EQ(light->model->Predict(std::vector<double>{0}), 2);

  const auto linear = ReadModelFile(WriteLinear(1, std::vector<double>{3}), "m");
  ASSERT_TRUE(linear.ok()) << linear.error().ToString();
  EXPECT_EQ(linear->format, "linear");
  EXPECT_TRUE(linear->features.empty());
  EXPECT_EQ(DetectModelFormat("{L\0\0\0\0\0\0\0\7learner{"s, "m").value(), "xgboost");
  EXPECT_EQ(DetectModelFormat(" \n{ \"learner\"", "m").value(), "xgboost");
}

TEST(ModelFile, ReadsOnnx) {
  const auto bytes = ReadFile(std::string(HONE_SOURCE_DIR) + "/tests/reference/onnx/xgboost_classes.onnx", 1 << 20);
  ASSERT_TRUE(bytes.ok());
  const auto file = ReadModelFile(*bytes, "m.txt");
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  EXPECT_EQ(file->format, "onnx");
  EXPECT_TRUE(file->features.empty());
  EXPECT_EQ(file->model->width(), 4U);
  EXPECT_EQ(file->model->outputs(), 3U);
  const auto again = ReadModel("onnx", *bytes, "m");
  ASSERT_TRUE(again.ok()) << again.error().ToString();
  const std::vector<double> row = {1, 2, 3, 4};
  EXPECT_EQ((*again)->Predict(row), file->model->Predict(row));
  // Cut, it is still told to be ONNX.
  EXPECT_EQ(DetectModelFormat(bytes->substr(0, 3), "m").value(), "onnx");
  EXPECT_EQ(ReadModelFile(bytes->substr(0, 500), "m").error().code, ErrorCode::kCorrupt);
}

struct Refusal {
  std::string bytes;
  const char* says;
};

class OtherFiles : public testing::TestWithParam<Refusal> {};

TEST_P(OtherFiles, AreRefusedWithTheWayToConvert) {
  const auto file = ReadModelFile(GetParam().bytes, "m.bin");
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code, ErrorCode::kInvalidData);
  EXPECT_EQ(file.error().source, "m.bin");
  EXPECT_THAT(file.error().message, HasSubstr(GetParam().says));
}

std::vector<Refusal> Refusals() {
  using std::string_literals::operator""s;
  return {
      {"", "not a model that hone reads"},
      {"[1, 2]", "not a model that hone reads"},
      {"{\"a\": 1}", "not a model that hone reads"},
      {"a,b\n1,2\n", "not a model that hone reads"},
      {"binf\0\0\0\x3f"s, "save_model('NEW.json')"},
      {"\0\0\0\x3f\1\0\0\0"s + std::string(120, '\0') + "\x0f\0\0\0\0\0\0\0binary:logistic\6\0\0\0\0\0\0\0gbtree"s,
       "old binary format"},
      {std::string(100, '\0') + "\x4\0\0\0\0\0\0\0dart"s, "old binary format"},
      {"\x80\x04\x95\0"s, "pickle"},
      {"ccopy_reg\n_reconstructor\np0\n", "get_booster().save_model"},
      {"\x1f\x8b\x08\0"s, "gunzip"},
      {R"({"name":"tree","version":"v4","feature_names":["a"],"tree_info":[{}]})", "LightGBM's JSON dump"},
      {R"([{"nodeid": 0, "leaf": 1}])", "dump of XGBoost's trees"},
      {"booster[0]:\n0:[f29<2.0] yes=1,no=2,missing=1\n", "dump of XGBoost's trees"},
  };
}

INSTANTIATE_TEST_SUITE_P(Kinds, OtherFiles, testing::ValuesIn(Refusals()));

}  // namespace
}  // namespace hone
