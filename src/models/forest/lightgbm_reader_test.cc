#include "models/forest/lightgbm_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace hone {
namespace {

// Tree 0: f0 <= 0.5 (missing none) ? (f1 <= -1.25, NaN right) : (f2 in {1, 2, 32}); tree 1 is the constant 0.5.
const char* const kHeader =
    "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx=2\nobjective=regression\n"
    "feature_names=a b c\nfeature_infos=x y z\ntree_sizes=300 100\n\n";
const char* const kTree0 =
    "Tree=0\nnum_leaves=4\nnum_cat=1\nsplit_feature=0 1 2\nthreshold=0.5 -1.25 0\ndecision_type=2 8 1\n"
    "left_child=1 -1 -3\nright_child=2 -2 -4\nleaf_value=1 2 4 8\ncat_boundaries=0 2\ncat_threshold=6 1\n"
    "is_linear=0\nshrinkage=1\n\n\n";
const char* const kTree1 = "Tree=1\nnum_leaves=1\nnum_cat=0\nleaf_value=0.5\nis_linear=0\nshrinkage=0.1\n\n\n";
const char* const kEnd = "end of trees\n\nfeature_importances:\na=1\n";

std::string WholeFile() { return std::string(kHeader) + kTree0 + kTree1 + kEnd; }

std::string Replace(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

double Answer(const std::string& text, std::vector<double> row) {
  const auto model = ReadLightGbm(text, "m.txt");
  EXPECT_TRUE(model.ok()) << model.error().ToString();
  return model.ok() ? (*model)->Predict(row) : NAN;
}

TEST(LightGbmReader, ReadsNumbersCategoriesAndConstants) {
  EXPECT_EQ(Answer(WholeFile(), {0.5, -1.25, 0}), 1.5);
  EXPECT_EQ(Answer(WholeFile(), {0.5, -1.0, 0}), 2.5);
  EXPECT_EQ(Answer(WholeFile(), {std::nan(""), std::nan(""), 0}), 2.5);
  EXPECT_EQ(Answer(WholeFile(), {0.6, 0, 1}), 4.5);
  EXPECT_EQ(Answer(WholeFile(), {0.6, 0, 32.9}), 4.5);
  for (const double other : {0.0, 3.0, 33.0, 64.0, -1.0, 1e300, std::nan("")}) {
    EXPECT_EQ(Answer(WholeFile(), {0.6, 0, other}), 8.5) << other;
  }
}

TEST(LightGbmReader, WindowsLineEndsAreRead) {
  std::string text;
  for (const char c : WholeFile()) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(Answer(text, {0.6, 0, 1}), 4.5);
}

TEST(LightGbmReader, LinksAndAverageAreApplied) {
  const auto with = [](const char* objective) { return Replace(WholeFile(), "objective=regression", objective); };
  const std::vector<double> row = {0.5, -1.25, 0};
  EXPECT_EQ(Answer(with("objective=regression sqrt"), row), 2.25);
  EXPECT_EQ(Answer(with("objective=poisson"), row), std::exp(1.5));
  EXPECT_EQ(Answer(with("objective=binary sigmoid:2"), row), 1 / (1 + std::exp(-3.0)));
  EXPECT_EQ(Answer(with("objective=cross_entropy_lambda"), row), std::log1p(std::exp(1.5)));
  EXPECT_EQ(Answer(with("objective=custom"), row), 1.5);
  EXPECT_EQ(Answer(with("average_output"), row), 0.75);
}

TEST(LightGbmReader, SeveralOutputsTakeTheTreesInTurn) {
  const char* const one = "num_class=1\nnum_tree_per_iteration=1";
  const char* const two = "num_class=2\nnum_tree_per_iteration=2";
  const std::vector<double> row = {0.5, -1.25, 0};  // leaf 1 of tree 0, tree 1 is 0.5
  const auto answer = [&](const char* objective) {
    const auto model =
        ReadLightGbm(Replace(Replace(WholeFile(), one, two), "objective=regression", objective), "m.txt");
    EXPECT_TRUE(model.ok()) << model.error().ToString();
    std::vector<double> out(model.ok() ? (*model)->outputs() : 0);
    if (model.ok()) (*model)->PredictAll(row, out);
    return out;
  };
  EXPECT_EQ(answer("objective=custom"), (std::vector<double>{1, 0.5}));
  const double low = std::exp(0.5 - 1.0);
  EXPECT_EQ(answer("objective=multiclass num_class:2"), (std::vector<double>{1 / (1 + low), low / (1 + low)}));
  EXPECT_EQ(answer("objective=multiclassova num_class:2 sigmoid:2"),
            (std::vector<double>{1 / (1 + std::exp(-2.0)), 1 / (1 + std::exp(-1.0))}));
}

TEST(LightGbmReader, LinearLeavesAndOlderVersions) {
  const std::string linear = Replace(Replace(WholeFile(), "is_linear=0",
                                             "is_linear=1\nleaf_const=0.5 0 0 0\nnum_features=2 0 0 0\n"
                                             "leaf_features=0 1       \nleaf_coeff=2 4       "),
                                     "version=v4", "version=v2");
  EXPECT_EQ(Answer(linear, {0.5, -1.25, 0}), 0.5 + (0.5 + 2 * 0.5 + 4 * -1.25));
  EXPECT_EQ(Answer(linear, {0.6, 0, 1}), 0.5);

  const std::string binary = Replace(WholeFile(), "objective=regression", "objective=binary sigmoid:1\naverage_output");
  EXPECT_EQ(Answer(binary, {0.5, -1.25, 0}), 1 / (1 + std::exp(-0.75)));
  EXPECT_EQ(Answer(Replace(binary, "version=v4", "version=v2"), {0.5, -1.25, 0}), 0.75);
}

TEST(LightGbmReader, ColumnNamesAreKeptUnlessLightGbmMadeThem) {
  EXPECT_EQ(ReadLightGbmForest(WholeFile(), "m.txt")->names, (std::vector<std::string>{"a", "b", "c"}));
  const std::string unnamed = Replace(WholeFile(), "feature_names=a b c", "feature_names=Column_0 Column_1 Column_2");
  EXPECT_TRUE(ReadLightGbmForest(unnamed, "m.txt")->names.empty());
}

struct BrokenText {
  const char* from;
  const char* to;
  const char* key;
  int line;
};

class LightGbmBroken : public testing::TestWithParam<BrokenText> {};

TEST_P(LightGbmBroken, IsCorruptWithLineAndKey) {
  const auto model = ReadLightGbm(Replace(WholeFile(), GetParam().from, GetParam().to), "m.txt");
  ASSERT_FALSE(model.ok());
  EXPECT_EQ(model.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(model.error().source, "m.txt");
  EXPECT_EQ(model.error().key, GetParam().key) << model.error().ToString();
  EXPECT_EQ(model.error().line, GetParam().line) << model.error().ToString();
}

const BrokenText kBrokenTexts[] = {
    {"tree\n", "forest\n", "", 1},
    {"version=v4", "version=v9", "version", 2},
    {"num_class=1", "num_class=3", "num_tree_per_iteration", 4},
    {"num_class=1", "num_class=5000", "num_class", 3},
    {"num_class=1\nnum_tree_per_iteration=1", "num_class=2\nnum_tree_per_iteration=2", "objective", 7},
    {"num_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx=2\nobjective=regression",
     "num_class=3\nnum_tree_per_iteration=3\nlabel_index=0\nmax_feature_idx=2\nobjective=multiclass num_class:3",
     "tree_sizes", 10},
    {"objective=regression", "objective=multiclassova num_class:1", "objective", 7},
    {"num_class=1", "num_class=one", "num_class", 3},
    {"num_tree_per_iteration=1\n", "", "num_tree_per_iteration", 1},
    {"max_feature_idx=2", "max_feature_idx=-1", "max_feature_idx", 6},
    {"max_feature_idx=2", "max_feature_idx=99999999999999999999", "max_feature_idx", 6},
    {"max_feature_idx=2", "max_feature_idx=70000", "max_feature_idx", 6},
    {"feature_names=a b c", "feature_names=a b", "feature_names", 8},
    {"objective=regression", "objective=astrology", "objective", 7},
    {"objective=regression", "objective=binary", "objective", 7},
    {"objective=regression", "objective=binary sigmoid:-1", "objective", 7},
    {"tree_sizes=300 100", "tree_sizes=300", "tree_sizes", 35},
    {"tree_sizes=300 100", "tree_sizes=", "tree_sizes", 10},
    {"version=v4", "version=v4\nversion=v4", "version", 3},
    {"Tree=1", "Tree=7", "Tree", 27},
    {"num_leaves=4", "num_leaves=0", "num_leaves", 13},
    {"num_leaves=4", "num_leaves=5", "leaf_value", 20},
    {"num_leaves=4", "num_leaves=2000000000", "num_leaves", 13},
    {"split_feature=0 1 2", "split_feature=0 1 3", "split_feature", 15},
    {"split_feature=0 1 2\n", "", "split_feature", 12},
    {"threshold=0.5 -1.25 0", "threshold=nan -1.25 0", "threshold", 16},
    {"threshold=0.5 -1.25 0", "threshold=0.5 -1.25", "threshold", 16},
    {"threshold=0.5 -1.25 0", "threshold=0.5 -1.25 1", "threshold", 16},
    {"threshold=0.5 -1.25 0", "threshold=0.5 x 0", "threshold", 16},
    {"decision_type=2 8 1", "decision_type=14 8 1", "decision_type", 17},
    {"decision_type=2 8 1", "decision_type=-1 8 1", "decision_type", 17},
    {"left_child=1 -1 -3", "left_child=0 -1 -3", "left_child", 18},
    {"left_child=1 -1 -3", "left_child=2 -1 -3", "right_child", 19},
    {"left_child=1 -1 -3", "left_child=1 1 -3", "left_child", 18},
    {"left_child=1 -1 -3", "left_child=3 -1 -3", "left_child", 18},
    {"right_child=2 -2 -4", "right_child=2 -2 -5", "right_child", 19},
    {"right_child=2 -2 -4", "right_child=-2 -2 -4", "right_child", 19},
    {"leaf_value=1 2 4 8", "leaf_value=1 2 inf 8", "leaf_value", 20},
    {"leaf_value=1 2 4 8", "leaf_value=1 2 4 8 16", "leaf_value", 20},
    {"leaf_value=0.5", "leaf_value=", "leaf_value", 30},
    {"cat_boundaries=0 2", "cat_boundaries=2 0", "cat_boundaries", 21},
    {"cat_boundaries=0 2", "cat_boundaries=0 3", "cat_threshold", 22},
    {"cat_threshold=6 1", "cat_threshold=6 4294967296", "cat_threshold", 22},
    {"num_cat=1", "num_cat=-1", "num_cat", 14},
    {"is_linear=0", "is_linear=2", "is_linear", 23},
    {"is_linear=0", "is_linear=1", "leaf_const", 12},
    {"is_linear=0", "is_linear=1\nleaf_const=1 2 3 nan", "leaf_const", 24},
    {"is_linear=0", "is_linear=1\nleaf_const=1 2 3 4\nnum_features=0 0 0 4", "num_features", 25},
    {"is_linear=0", "is_linear=1\nleaf_const=1 2 3 4\nnum_features=0 0 0 1\nleaf_features=3", "leaf_features", 26},
    {"is_linear=0", "is_linear=1\nleaf_const=1 2 3 4\nnum_features=0 0 0 1\nleaf_features=2\nleaf_coeff=1 2",
     "leaf_coeff", 27},
    {"end of trees", "Tree=2", "num_leaves", 35},
};

INSTANTIATE_TEST_SUITE_P(Cases, LightGbmBroken, testing::ValuesIn(kBrokenTexts));

TEST(LightGbmReader, SplitsThatTheRootDoesNotReachAreRefused) {
  // Split 1 is its own left child, and leaf 0 hangs on nothing but it.
  const std::string text = Replace(Replace(WholeFile(), "left_child=1 -1 -3", "left_child=-1 1 -3"),
                                   "right_child=2 -2 -4", "right_child=2 -2 -4");
  EXPECT_FALSE(ReadLightGbm(text, "m.txt").ok());
}

TEST(LightGbmReader, EveryTruncationIsRefused) {
  const std::string text = WholeFile();
  const std::size_t whole = text.find(kEnd) + std::string("end of trees").size();
  for (std::size_t length = 0; length < whole; ++length) {
    EXPECT_FALSE(ReadLightGbm(text.substr(0, length), "m.txt").ok()) << length;
  }
}

}  // namespace
}  // namespace hone
