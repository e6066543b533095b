#include "models/forest/xgboost_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/formats/json_document.h"

namespace hone {
namespace {

using Json = nlohmann::json;

// f0 < 0.5 (missing left) ? (f1 < -1.25, missing right) : the leaf 4. Leaves 1, 2 and 4; node 5 is deleted.
Json Tree0() {
  return Json::parse(R"({"left_children":[1,3,-1,-1,-1,-1],"right_children":[2,4,-1,-1,-1,-1],
    "default_left":[1,0,0,0,0,0],"split_indices":[0,1,0,0,0,0],"split_conditions":[0.5,-1.25,4,1,2,9],
    "split_type":[0,0,0,0,0,0],"categories":[],"categories_nodes":[],"categories_segments":[],"categories_sizes":[],
    "tree_param":{"num_nodes":"6","num_deleted":"1","size_leaf_vector":"1"}})");
}

Json Leaf(double value) {
  return {{"left_children", {-1}}, {"right_children", {-1}},      {"default_left", {0}},
          {"split_indices", {0}},  {"split_conditions", {value}}, {"tree_param", {{"size_leaf_vector", "1"}}}};
}

Json Model() {
  return {{"version", {3, 2, 0}},
          {"learner",
           {{"attributes", Json::object()},
            {"feature_names", {"a", "b"}},
            {"learner_model_param",
             {{"num_feature", "2"}, {"num_class", "0"}, {"num_target", "1"}, {"base_score", "[5E-1]"}}},
            {"objective", {{"name", "reg:squarederror"}}},
            {"gradient_booster",
             {{"name", "gbtree"},
              {"model",
               {{"gbtree_model_param", {{"num_parallel_tree", "1"}, {"num_trees", "2"}}},
                {"iteration_indptr", {0, 1, 2}},
                {"tree_info", {0, 0}},
                {"trees", {Tree0(), Leaf(0.25)}}}}}}}}};
}

std::string Ubjson(const Json& model) {
  const std::vector<std::uint8_t> bytes = Json::to_ubjson(model, true, true);
  return {bytes.begin(), bytes.end()};
}

Json& At(Json& model, const char* pointer) { return model[Json::json_pointer(pointer)]; }

// From JSON; UBJSON must say the same.
std::vector<double> Answers(const Json& model, const std::vector<double>& row, bool margins) {
  std::vector<double> out[2];
  const std::string forms[] = {model.dump(), Ubjson(model)};
  for (int form = 0; form < 2; ++form) {
    const auto read = ReadXgboost(forms[form], "m");
    EXPECT_TRUE(read.ok()) << read.error().ToString();
    if (!read.ok()) return {};
    out[form].resize(margins ? (*read)->margins() : (*read)->outputs());
    margins ? (*read)->PredictMargins(row, out[form]) : (*read)->PredictAll(row, out[form]);
  }
  EXPECT_EQ(out[0], out[1]);
  return out[0];
}

double Margin(const Json& model, const std::vector<double>& row) { return Answers(model, row, true).at(0); }

const std::vector<double> kRow = {0.4, -2};  // leaf 1 of tree 0

TEST(XgboostReader, WalksTreesAndStartsFromTheBaseScore) {
  const Json model = Model();
  EXPECT_EQ(Margin(model, kRow), 1.75);
  EXPECT_EQ(Margin(model, {0.4, -1.25}), 2.75);
  EXPECT_EQ(Margin(model, {0.5, -2}), 4.75);
  EXPECT_EQ(Margin(model, {std::nan(""), std::nan("")}), 2.75);
  EXPECT_EQ(ReadXgboostForest(model.dump(), "m")->names, (std::vector<std::string>{"a", "b"}));
}

TEST(XgboostReader, BaseScoreInAllItsForms) {
  Json model = Model();
  for (const Json& form : {Json(0.5), Json("5E-1"), Json("0.500000"), Json("[5E-1]"), Json::array({0.5})}) {
    At(model, "/learner/learner_model_param/base_score") = form;
    EXPECT_EQ(Margin(model, kRow), 1.75) << form;
  }
}

TEST(XgboostReader, ObjectivesOfTheLibrary) {
  struct Case {
    const char* name;
    float start;
    std::function<double(double)> link;
  };
  const auto same = [](double m) { return m; };
  const auto sigmoid = [](double m) { return static_cast<double>(1 / (1 + std::exp(-static_cast<float>(m)))); };
  const auto exp = [](double m) { return static_cast<double>(std::exp(static_cast<float>(m))); };
  const float p = 0.25F, logit = -std::log(1 / p - 1), log = std::log(p);
  const Case cases[] = {
      {"reg:squarederror", p, same},
      {"reg:linear", p, same},
      {"reg:squaredlogerror", p, same},
      {"reg:pseudohubererror", p, same},
      {"reg:absoluteerror", p, same},
      {"reg:quantileerror", p, same},
      {"rank:pairwise", p, same},
      {"rank:ndcg", p, same},
      {"rank:map", p, same},
      {"binary:logitraw", p, same},
      {"reg:logistic", logit, sigmoid},
      {"binary:logistic", logit, sigmoid},
      {"count:poisson", log, exp},
      {"reg:gamma", log, exp},
      {"reg:tweedie", log, exp},
      {"survival:cox", log, exp},
      {"survival:aft", log, exp},
      {"binary:hinge", p, [](double m) { return m > 0 ? 1.0 : 0.0; }},
  };
  Json model = Model();
  At(model, "/learner/learner_model_param/base_score") = "[2.5E-1]";
  for (const Case& tested : cases) {
    At(model, "/learner/objective/name") = tested.name;
    const double margin = Margin(model, kRow);
    EXPECT_EQ(margin, static_cast<double>(tested.start + 1.0F + 0.25F)) << tested.name;
    EXPECT_NEAR(Answers(model, kRow, false).at(0), tested.link(margin), 1e-7) << tested.name;
  }
}

TEST(XgboostReader, VersionsDiffer) {
  Json model = Model();
  At(model, "/learner/learner_model_param/base_score") = 1e-7;
  // 1e8 + 1 is 1e8 in float: what the sum starts from shows.
  At(model, "/learner/gradient_booster/model/trees/0/split_conditions/3") = 1e8;
  At(model, "/learner/gradient_booster/model/trees/1/split_conditions/0") = -1e8;
  EXPECT_EQ(Margin(model, kRow), 0);
  At(model, "/version") = {1, 2, 1};
  EXPECT_EQ(Margin(model, kRow), static_cast<double>(1e-7F)) << "leaves first";
  At(model, "/version") = {1, 3, 3};
  EXPECT_EQ(Margin(model, kRow), 0);
  Json& booster = At(model, "/learner/gradient_booster");
  booster = {{"name", "dart"}, {"weight_drop", {1, 1}}, {"gbtree", booster}};
  EXPECT_EQ(Margin(model, kRow), static_cast<double>(1e-7F)) << "leaves first";
  At(model, "/version") = {1, 4, 0};
  EXPECT_EQ(Margin(model, kRow), 0);

  model = Model();
  At(model, "/learner/objective/name") = "binary:logitraw";
  At(model, "/learner/learner_model_param/base_score") = 0.25;
  EXPECT_EQ(Margin(model, kRow), 1.5);
  At(model, "/version") = {1, 2, 1};
  EXPECT_EQ(Margin(model, kRow), static_cast<double>(1.25F - std::log(1 / 0.25F - 1)));

  At(model, "/learner/objective/name") = "binary:logistic";
  At(model, "/learner/learner_model_param/base_score") = 1e-9;
  At(model, "/version") = {3, 2, 0};
  EXPECT_EQ(Margin(model, kRow), static_cast<double>(-std::log(1 / 1e-6F - 1) + 1.0F + 0.25F));
  At(model, "/version") = {3, 1, 0};
  EXPECT_EQ(Margin(model, kRow), static_cast<double>(-std::log(1 / 1e-9F - 1) + 1.0F + 0.25F));
}

TEST(XgboostReader, StopsAtTheBestIteration) {
  Json model = Model();
  At(model, "/learner/attributes/best_iteration") = "0";
  EXPECT_EQ(Margin(model, kRow), 1.5);
  At(model, "/learner/attributes/best_iteration") = "1";
  EXPECT_EQ(Margin(model, kRow), 1.75);
  At(model, "/learner/attributes/best_iteration") = "7";
  EXPECT_EQ(Margin(model, kRow), 1.75) << "a sliced model keeps the attribute";
  At(model, "/learner/gradient_booster/model").erase("iteration_indptr");
  At(model, "/learner/attributes/best_iteration") = "0";
  EXPECT_EQ(Margin(model, kRow), 1.5);
  At(model, "/learner/gradient_booster/model/gbtree_model_param/num_parallel_tree") = "2";
  EXPECT_EQ(Margin(model, kRow), 1.75);
  At(model, "/learner/gradient_booster/model/gbtree_model_param").erase("num_parallel_tree");
  At(model, "/learner/attributes/best_ntree_limit") = "1";
  EXPECT_EQ(Margin(model, kRow), 1.5);
}

TEST(XgboostReader, DartWeighsTrees) {
  Json model = Model();
  Json& booster = At(model, "/learner/gradient_booster");
  booster = {{"name", "dart"}, {"weight_drop", {0.1, 2}}, {"gbtree", booster}};
  EXPECT_EQ(Margin(model, kRow), static_cast<double>(0.5F + 1.0F * 0.1F + 0.25F * 2.0F));
}

TEST(XgboostReader, DartIsAGbtreeWithWeightsSince33) {
  for (const char* place : {"/learner/gradient_booster/weight_drop", "/learner/gradient_booster/model/weight_drop"}) {
    Json model = Model();
    At(model, place) = {0.1, 2};
    EXPECT_EQ(Margin(model, kRow), static_cast<double>(0.5F + 1.0F * 0.1F + 0.25F * 2.0F)) << place;
    At(model, place) = {0.1};
    EXPECT_FALSE(ReadXgboost(model.dump(), "m").ok()) << place;
  }
}

TEST(XgboostReader, QuantilesAndExpectilesDoNotCross) {
  Json model = Model();
  At(model, "/learner/learner_model_param/num_target") = "2";
  At(model, "/learner/learner_model_param/base_score") = "[1E0,2E0]";
  At(model, "/learner/gradient_booster/model/tree_info") = {0, 1};
  At(model, "/learner/objective/name") = "reg:quantileerror";
  const std::vector<double> row = {1, 0};  // 4 and 0.25
  EXPECT_EQ(Answers(model, row, false), (std::vector<double>{5, 2.25})) << "as they are until 3.3";
  At(model, "/version") = {3, 4, 0};
  EXPECT_EQ(Answers(model, row, true), (std::vector<double>{5, 2.25}));
  EXPECT_EQ(Answers(model, row, false), (std::vector<double>{2.25, 5}));

  At(model, "/learner/objective/name") = "reg:expectileerror";
  const std::vector<double> margins = Answers(model, row, true), answers = Answers(model, row, false);
  EXPECT_EQ(margins[0], 5);
  EXPECT_NEAR(margins[1], 0.25 + std::log(std::expm1(1.0)), 2e-6);
  EXPECT_EQ(answers[0], 5);
  EXPECT_NEAR(answers[1], 5 + std::log1p(std::exp(margins[1])), 2e-6);
}

TEST(XgboostReader, ClassesAndTargets) {
  Json model = Model();
  At(model, "/learner/learner_model_param/num_class") = "2";
  At(model, "/learner/learner_model_param/base_score") = "[5E-1,1E0]";
  At(model, "/learner/gradient_booster/model/tree_info") = {1, 0};
  At(model, "/learner/objective/name") = "multi:softprob";
  EXPECT_EQ(Answers(model, kRow, true), (std::vector<double>{0.75, 2}));
  const std::vector<double> shares = Answers(model, kRow, false);
  ASSERT_EQ(shares.size(), 2U);
  EXPECT_NEAR(shares[1], 1 / (1 + std::exp(-1.25)), 1e-7);
  At(model, "/learner/objective/name") = "multi:softmax";
  EXPECT_EQ(Answers(model, kRow, false), std::vector<double>{1});
  At(model, "/learner/learner_model_param/num_class") = "0";
  At(model, "/learner/learner_model_param/num_target") = "2";
  At(model, "/learner/objective/name") = "reg:squarederror";
  EXPECT_EQ(Answers(model, kRow, false), (std::vector<double>{0.75, 2}));
}

TEST(XgboostReader, VectorLeavesOfOldAndNewFiles) {
  Json model = Model();
  At(model, "/learner/learner_model_param/num_target") = "2";
  At(model, "/learner/gradient_booster/model/trees/1/tree_param/size_leaf_vector") = "2";
  At(model, "/learner/gradient_booster/model/trees/1/base_weights") = {10, 20};
  Json& tree = At(model, "/learner/gradient_booster/model/trees/0");
  tree["tree_param"]["size_leaf_vector"] = "2";
  tree["base_weights"] = {0, 0, 0, 0, 5, 6, 1, 2, 3, 4, 0, 0};
  EXPECT_EQ(Answers(model, kRow, true), (std::vector<double>{11.5, 22.5}));
  EXPECT_EQ(Answers(model, {1, 0}, true), (std::vector<double>{15.5, 26.5}));
  tree["leaf_weights"] = {5, 6, 1, 2, 3, 4};
  tree["right_children"] = {2, 4, 0, 1, 2, 0};
  EXPECT_EQ(Answers(model, kRow, true), (std::vector<double>{11.5, 22.5}));
  EXPECT_EQ(Answers(model, {0, 0}, true), (std::vector<double>{13.5, 24.5}));
}

Json Categorical() {
  Json model = Model();
  Json& tree = At(model, "/learner/gradient_booster/model/trees/0");
  tree["split_type"] = {0, 1, 0, 0, 0, 0};
  tree["categories"] = {1, 40};
  tree["categories_nodes"] = {1};
  tree["categories_segments"] = {0};
  tree["categories_sizes"] = {2};
  return model;
}

TEST(XgboostReader, CategoriesOfTheSetGoRight) {
  const Json model = Categorical();
  for (const double in_set : {1.0, 40.0}) EXPECT_EQ(Margin(model, {0, in_set}), 2.75) << in_set;
  for (const double other : {0.0, 39.0, 41.0, -1.0, 1e9}) EXPECT_EQ(Margin(model, {0, other}), 1.75) << other;
  EXPECT_EQ(Margin(model, {0, std::nan("")}), 2.75);
}

TEST(XgboostReader, CategoriesBeyondTheSetTookTheDefaultSideIn16) {
  Json model = Categorical();
  At(model, "/version") = {1, 6, 2};
  for (const double right : {1.0, 40.0, 64.0, 1e9, -1.0}) EXPECT_EQ(Margin(model, {0, right}), 2.75) << right;
  for (const double left : {0.0, 39.0, 63.0}) EXPECT_EQ(Margin(model, {0, left}), 1.75) << left;
}

// XGBoost writes NaN where a categorical split has no threshold.
TEST(XgboostReader, NumbersThatAreNoneMayStandWhereTheyDoNotMatter) {
  std::string text = Categorical().dump();
  const std::size_t at = text.find("-1.25");
  ASSERT_NE(at, std::string::npos);
  EXPECT_TRUE(ReadXgboost(text.replace(at, 5, "NaN"), "m").ok());
  text = Model().dump();
  EXPECT_FALSE(ReadXgboost(text.replace(text.find("-1.25"), 5, "NaN"), "m").ok());
}

struct BrokenField {
  const char* pointer;
  const char* value;  // JSON; null erases
  const char* key;
};

class XgboostBroken : public testing::TestWithParam<BrokenField> {};

TEST_P(XgboostBroken, IsCorruptWithItsPath) {
  const auto& [pointer, value, key] = GetParam();
  Json model = Categorical();
  const Json::json_pointer place(pointer);
  if (value == nullptr) {
    model[place.parent_pointer()].erase(place.back());
  } else {
    model[place] = Json::parse(value);
  }
  for (const std::string& bytes : {model.dump(), Ubjson(model)}) {
    const auto read = ReadXgboost(bytes, "m.json");
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(read.error().source, "m.json");
    EXPECT_EQ(read.error().key, key) << read.error().ToString();
  }
}

#define MODEL_ "/learner/gradient_booster/model/"
#define TREE_ MODEL_ "trees/0/"
#define MODEL_KEY_ "learner.gradient_booster.model."
#define TREE_KEY_ MODEL_KEY_ "trees[0]"

const BrokenField kBrokenFields[] = {
    {"/learner", nullptr, ""},
    {"/learner/objective", nullptr, "learner"},
    {"/learner/objective/name", R"("reg:astrology")", "learner.objective.name"},
    {"/learner/objective/name", "7", "learner.objective.name"},
    {"/learner/gradient_booster/name", R"("gblinear")", "learner.gradient_booster.name"},
    {"/learner/gradient_booster/name", R"("dart")", "learner.gradient_booster"},
    {"/learner/feature_names", R"(["a"])", "learner.feature_names"},
    {"/learner/feature_names", R"([1,2])", "learner.feature_names"},
    {"/learner/learner_model_param/num_feature", R"("0")", "learner.learner_model_param.num_feature"},
    {"/learner/learner_model_param/num_feature", R"("1e9")", "learner.learner_model_param.num_feature"},
    {"/learner/learner_model_param/num_class", R"("100000")", "learner.learner_model_param.num_class"},
    {"/learner/learner_model_param/base_score", R"("x")", "learner.learner_model_param.base_score"},
    {"/learner/learner_model_param/base_score", R"("[1,2]")", "learner.learner_model_param.base_score"},
    {"/learner/learner_model_param/base_score", R"("NaN")", "learner.learner_model_param.base_score"},
    {"/learner/learner_model_param/base_score", "null", "learner.learner_model_param.base_score"},
    {"/learner/attributes/best_iteration", R"("-1")", "learner.attributes.best_iteration"},
    {"/learner/attributes/best_iteration", R"("many")", "learner.attributes.best_iteration"},
    {"/version", "[3]", "version"},
    {"/version", R"("3")", "version"},
    {MODEL_ "tree_info", "[0]", MODEL_KEY_ "tree_info"},
    {MODEL_ "tree_info", "[0,1]", MODEL_KEY_ "tree_info"},
    {MODEL_ "trees", "[1,2]", MODEL_KEY_ "trees"},
    {MODEL_ "trees/0", "{}", TREE_KEY_},
    {TREE_ "left_children", "[]", TREE_KEY_ ".left_children"},
    {TREE_ "left_children", "[6,3,-1,-1,-1,-1]", TREE_KEY_ ".left_children"},
    {TREE_ "left_children", "[0,3,-1,-1,-1,-1]", TREE_KEY_},
    {TREE_ "left_children", "[1,2,-1,-1,-1,-1]", TREE_KEY_},
    {TREE_ "left_children", "[1,3,-1,-1]", TREE_KEY_ ".right_children"},
    {TREE_ "right_children", "[6,4,-1,-1,-1,-1]", TREE_KEY_},
    {TREE_ "right_children", "[-1,4,-1,-1,-1,-1]", TREE_KEY_},
    {TREE_ "right_children", "[1,4,-1,-1,-1,-1]", TREE_KEY_},
    {TREE_ "default_left", "[2,0,0,0,0,0]", TREE_KEY_ ".default_left"},
    {TREE_ "default_left", "[1]", TREE_KEY_ ".default_left"},
    {TREE_ "split_indices", "[2,1,0,0,0,0]", TREE_KEY_},
    {TREE_ "split_indices", "[-1,1,0,0,0,0]", TREE_KEY_ ".split_indices"},
    {TREE_ "split_conditions", "[0.5,1,2,3,4]", TREE_KEY_ ".split_conditions"},
    {TREE_ "split_conditions", R"([0.5,"x",2,3,4,5])", TREE_KEY_ ".split_conditions"},
    {TREE_ "split_conditions", "[0.5,1,2,1e99,4,5]", TREE_KEY_},
    {TREE_ "split_type", "[2,0,0,0,0,0]", TREE_KEY_ ".split_type"},
    {TREE_ "split_type", "[1,1,0,0,0,0]", TREE_KEY_},
    {TREE_ "categories", "[-1,40]", TREE_KEY_ ".categories"},
    {TREE_ "categories", "[1,16777216]", TREE_KEY_ ".categories"},
    {TREE_ "categories", nullptr, TREE_KEY_},
    {TREE_ "categories_nodes", "[6]", TREE_KEY_ ".categories_nodes"},
    {TREE_ "categories_segments", "[1]", TREE_KEY_ ".categories"},
    {TREE_ "categories_sizes", "[3]", TREE_KEY_ ".categories_sizes"},
    {TREE_ "categories_sizes", "[1,1]", TREE_KEY_ ".categories_sizes"},
    {TREE_ "tree_param/size_leaf_vector", R"("3")", TREE_KEY_ ".tree_param.size_leaf_vector"},
};

INSTANTIATE_TEST_SUITE_P(Cases, XgboostBroken, testing::ValuesIn(kBrokenFields));

TEST(XgboostReader, VectorLeavesThatAreMissingAreRefused) {
  Json model = Model();
  At(model, "/learner/learner_model_param/num_target") = "2";
  At(model, "/learner/gradient_booster/model/trees/1/tree_param/size_leaf_vector") = "2";
  At(model, "/learner/gradient_booster/model/trees/1/base_weights") = {10};
  EXPECT_FALSE(ReadXgboost(model.dump(), "m").ok());
}

TEST(XgboostReader, EveryTruncationIsRefused) {
  for (const std::string& bytes : {Model().dump(), Ubjson(Model())}) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(ReadXgboost(bytes.substr(0, size), "m").ok()) << size;
    }
  }
}

}  // namespace
}  // namespace hone
