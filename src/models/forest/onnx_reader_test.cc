#include "models/forest/onnx_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "base/files.h"

namespace hone {
namespace {

using testing::HasSubstr;

const std::string kFolder = std::string(HONE_SOURCE_DIR) + "/tests/reference/onnx/";

std::string Bytes(const std::string& name) {
  const auto bytes = ReadFile(kFolder + name, std::size_t{1} << 20);
  EXPECT_TRUE(bytes.ok()) << bytes.error().ToString();
  return bytes.ok() ? *bytes : "";
}

// Names of the stored models, without their ending.
std::vector<std::string> Models() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".onnx") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Rows of a model with the answers behind them.
std::vector<std::vector<double>> Answered(const std::string& name) {
  std::vector<std::vector<double>> rows;
  std::istringstream lines(Bytes(name + ".csv"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells(line);
    std::vector<double>& row = rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(std::strtod(cell.c_str(), nullptr));
  }
  return rows;
}

// Floats between two, as they follow each other; NaNs are equal. Unequal numbers are at least 1 apart.
std::int64_t Steps(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return 0;
  const auto place = [](double value) {
    const auto bits = std::bit_cast<std::int32_t>(static_cast<float>(value));
    return static_cast<std::int64_t>(bits < 0 ? std::int32_t{INT32_MIN} - bits : bits);
  };
  return std::isnan(a) || std::isnan(b) ? INT64_MAX : std::max<std::int64_t>(1, std::abs(place(a) - place(b)));
}

class OnnxModels : public testing::TestWithParam<std::string> {};

TEST_P(OnnxModels, AnswerAsOnnxRuntime) {
  const std::string& name = GetParam();
  const bool exact = name.ends_with("_exact");
  auto forest = ReadOnnxForest(Bytes(name + ".onnx"), name);
  ASSERT_TRUE(forest.ok()) << forest.error().ToString();
  const std::size_t width = forest->width;
  const auto rows = Answered(name);
  ASSERT_GT(rows.size(), 5U);
  for (const auto kernel : {ForestKernel::kWalk, ForestKernel::kLockstep, BestForestKernel()}) {
    const auto model = MakeForestModel(*forest, kernel);
    ASSERT_EQ(rows.front().size(), width + model->outputs());
    std::vector<double> all, answers(rows.size() * model->outputs()), one(model->outputs());
    for (const auto& row : rows) all.insert(all.end(), row.begin(), row.begin() + static_cast<std::ptrdiff_t>(width));
    model->PredictBatch(all, answers);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::span<const double> row(all.data() + i * width, width);
      model->PredictAll(row, one);
      for (std::size_t k = 0; k < one.size(); ++k) {
        const double expected = rows[i][width + k], batch = answers[i * one.size() + k];
        EXPECT_LE(Steps(one[k], expected), exact ? 0 : 2) << "row " << i << " output " << k << " " << model->kernel();
        EXPECT_EQ(std::memcmp(&one[k], &batch, sizeof batch), 0) << "row " << i << " output " << k;
      }
      EXPECT_EQ(Steps(model->Predict(row), one.front()), 0);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Stored, OnnxModels, testing::ValuesIn(Models()), [](const auto& name) { return name.param; });

// The messages of an ONNX model, written in protobuf's wire format.
std::string Varint(std::uint64_t value) {
  std::string bytes;
  for (; value > 127; value >>= 7) bytes.push_back(static_cast<char>((value & 127) | 128));
  bytes.push_back(static_cast<char>(value));
  return bytes;
}
std::string Number(unsigned field, std::uint64_t value) { return Varint(field << 3) + Varint(value); }
std::string Part(unsigned field, const std::string& bytes) {
  return Varint(field << 3 | 2) + Varint(bytes.size()) + bytes;
}
std::string Integers(const std::string& name, const std::vector<std::int64_t>& values) {
  std::string packed;
  for (const std::int64_t value : values) packed += Varint(static_cast<std::uint64_t>(value));
  return Part(5, Part(1, name) + Part(8, packed) + Number(20, 7));
}
std::string Floats(const std::string& name, const std::vector<float>& values) {
  std::string packed(values.size() * sizeof(float), '\0');
  std::memcpy(packed.data(), values.data(), packed.size());
  return Part(5, Part(1, name) + Part(7, packed) + Number(20, 6));
}
std::string Texts(const std::string& name, const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) list += Part(9, value);
  return Part(5, Part(1, name) + list + Number(20, 8));
}
std::string Text(const std::string& name, const std::string& value) { return Part(5, Part(1, name) + Part(4, value)); }
std::string Node(const std::string& type, const std::string& in, const std::string& out, const std::string& rest = "",
                 const std::string& domain = "ai.onnx.ml") {
  return Part(1, Part(1, in) + Part(2, out) + Part(4, type) + Part(7, domain) + rest);
}
std::string Value(const std::string& name, std::uint64_t type = 1, std::uint64_t columns = 1) {
  const std::string shape = Part(1, "") + Part(1, Number(1, columns));
  return Part(1, name) + Part(2, Part(1, Number(1, type) + Part(2, shape)));
}
std::string Model(const std::string& nodes, std::uint64_t type = 1, const std::string& output = "y",
                  std::uint64_t version = 3) {
  const std::string graph = nodes + Part(11, Value("x", type)) + Part(12, Value(output));
  return Number(1, 8) + Part(7, graph) + Part(8, Part(1, "ai.onnx.ml") + Number(2, version));
}

// A tree x <= 0.5 ? 1 : 2, and what a test puts in the place of a part of it.
struct Stump {
  std::vector<std::int64_t> trees = {0, 0, 0}, ids = {0, 1, 2}, columns = {0, 0, 0}, on_true = {1, 0, 0},
                            on_false = {2, 0, 0}, targets = {0, 0}, target_ids = {1, 2};
  std::vector<std::string> modes = {"BRANCH_LEQ", "LEAF", "LEAF"};
  std::vector<float> values = {0.5F, 0, 0}, weights = {1, 2};
  std::int64_t outputs = 1;
  std::string rest;

  std::string Attributes() const {
    return Integers("nodes_treeids", trees) + Integers("nodes_nodeids", ids) + Integers("nodes_featureids", columns) +
           Integers("nodes_truenodeids", on_true) + Integers("nodes_falsenodeids", on_false) +
           Texts("nodes_modes", modes) + Floats("nodes_values", values) + Integers("target_ids", targets) +
           Integers("target_treeids", {0, 0}) + Integers("target_nodeids", target_ids) +
           Floats("target_weights", weights) +
           Part(5, Part(1, "n_targets") + Number(3, static_cast<std::uint64_t>(outputs))) + rest;
  }
  std::string Node() const { return hone::Node("TreeEnsembleRegressor", "x", "y", Attributes()); }
};

TEST(OnnxReader, AnswersByPositionAndRoundsToFloat) {
  const auto forest = ReadOnnxForest(Model(Stump().Node()), "m");
  ASSERT_TRUE(forest.ok()) << forest.error().ToString();
  EXPECT_EQ(forest->width, 1U);
  EXPECT_TRUE(forest->names.empty());
  const auto model = MakeForestModel(*forest);
  EXPECT_EQ(model->Predict(std::vector{0.5}), 1);
  EXPECT_EQ(model->Predict(std::vector{std::nextafter(0.5, 1)}), 1);  // as a float it is 0.5
  EXPECT_EQ(model->Predict(std::vector{0.50001}), 2);
  EXPECT_EQ(model->Predict(std::vector{std::nan("")}), 2);
}

std::string Core(const std::string& type, const std::string& in, const std::string& out, std::uint64_t to) {
  return Node(type, in, out, Part(5, Part(1, "to") + Number(3, to)), "");
}

TEST(OnnxReader, PassesOperatorsThatChangeNoNumber) {
  const std::string ensemble = Node("TreeEnsembleRegressor", "b", "c", Stump().Attributes());
  const auto forest = ReadOnnxForest(
      Model(Node("Identity", "x", "a", "", "") + Core("Cast", "a", "b", 1) + ensemble + Core("Cast", "c", "y", 11), 11),
      "m");
  ASSERT_TRUE(forest.ok()) << forest.error().ToString();
  EXPECT_EQ(forest->dialect, Dialect::kOnnxFloat);
}

struct Case {
  const char* name;
  std::string bytes;
  const char* says;
};

std::vector<Case> Others() {
  const std::string ensemble = Stump().Node();
  return {
      {"another_operator", Model(Node("Gemm", "x", "y", Part(3, "g"), "")), "its operator Gemm \"g\""},
      {"scores_changed", Model(Node("TreeEnsembleRegressor", "x", "s", Stump().Attributes()) + Node("Exp", "s", "y")),
       "its operator Exp"},
      {"input_changed", Model(Node("Scaler", "x", "a") + Node("TreeEnsembleRegressor", "a", "y", Stump().Attributes())),
       "its operator Scaler"},
      {"two_ensembles", Model(ensemble + Node("TreeEnsembleRegressor", "x", "z", Stump().Attributes())), "several"},
      {"truncating_cast",
       Model(Core("Cast", "x", "a", 7) + Node("TreeEnsembleRegressor", "a", "y", Stump().Attributes())),
       "its operator Cast"},
      {"rounded_before",
       Model(Core("Cast", "x", "a", 11) + Node("TreeEnsembleRegressor", "a", "y", Stump().Attributes())),
       "rounded to float"},
      {"circle_of_identities",
       Model(Node("Identity", "a", "b", "", "") + Node("Identity", "b", "a", "", "") +
             Node("TreeEnsembleRegressor", "a", "y", Stump().Attributes())),
       "its operator Identity"},
      {"unknown_input", Model(Node("TreeEnsembleRegressor", "q", "y", Stump().Attributes())), "the graph's one input"},
      {"half_floats", Model(ensemble, 10), "elements of type 10"},
      {"no_operator", Model(""), "no operator"},
  };
}

class NotAForest : public testing::TestWithParam<Case> {};

TEST_P(NotAForest, IsToldFromABrokenFile) {
  const auto reading = ReadOnnx(GetParam().bytes, "m");
  ASSERT_TRUE(reading.ok()) << reading.error().ToString();
  EXPECT_FALSE(reading->forest.has_value());
  EXPECT_THAT(reading->other, HasSubstr(GetParam().says));
  const auto forest = ReadOnnxForest(GetParam().bytes, "m");
  ASSERT_FALSE(forest.ok());
  EXPECT_EQ(forest.error().code, ErrorCode::kInvalidData);
}

INSTANTIATE_TEST_SUITE_P(All, NotAForest, testing::ValuesIn(Others()), [](const auto& c) { return c.param.name; });

template <typename Change>
std::string Changed(Change change) {
  Stump stump;
  change(stump);
  return Model(stump.Node());
}

std::vector<Case> Broken() {
  const float nan = std::nanf("");
  const std::string whole = Model(Stump().Node());
  return {
      {"cut", whole.substr(0, whole.size() / 2), "broken or cut"},
      {"no_graph", Number(1, 8) + Part(2, "writer"), "without a graph"},
      {"no_version", Model(Stump().Node(), 1, "y", 0), "version of ai.onnx.ml"},
      {"child_there_is_not", Changed([](Stump& s) { s.on_false[0] = 3; }), "goes on to node 3"},
      {"circle", Changed([](Stump& s) { s.on_true[0] = 0; }), "circles"},
      {"circle_of_equals", Changed([](Stump& s) { s.modes[0] = "BRANCH_EQ", s.on_false[0] = 0; }), "circles"},
      {"duplicate_id", Changed([](Stump& s) { s.ids[2] = 1; }), "node 1 of tree 0 is there twice"},
      {"id_out_of_range", Changed([](Stump& s) { s.ids[2] = 3; }), "must be from 0 to 2"},
      {"tree_in_pieces", Changed([](Stump& s) {
         s.trees = {0, 1, 0};
       }),
       "in one piece"},
      {"nan_threshold", Changed([nan](Stump& s) { s.values[0] = nan; }), "is NaN"},
      {"infinite_weight", Changed([](Stump& s) { s.weights[1] = INFINITY; }), "is not finite"},
      {"negative_column", Changed([](Stump& s) { s.columns[0] = -1; }), "must be from 0 to 65535"},
      {"column_beyond_input", Changed([](Stump& s) { s.columns[0] = 1; }), "the graph's input has 1 columns"},
      {"unknown_mode", Changed([](Stump& s) { s.modes[0] = "BRANCH_XOR"; }), "'BRANCH_XOR'"},
      {"short_list", Changed([](Stump& s) { s.values.pop_back(); }), "must have 3 entries, has 2"},
      {"weight_of_no_node", Changed([](Stump& s) { s.target_ids[0] = 9; }), "node 9 of tree 0"},
      {"target_beyond", Changed([](Stump& s) { s.outputs = 2, s.targets[0] = 2; }), "must be from 0 to 1, is 2"},
      {"too_many_targets", Changed([](Stump& s) { s.outputs = 1 << 20; }), "must be from 1 to 4096"},
      {"unknown_attribute", Changed([](Stump& s) { s.rest = Text("nodes_colour", "red"); }), "is no attribute"},
      {"attribute_twice", Changed([](Stump& s) { s.rest = Integers("nodes_treeids", {}); }), "is there twice"},
      {"unknown_transform", Changed([](Stump& s) { s.rest = Text("post_transform", "TANH"); }), "'TANH'"},
      {"unknown_aggregate", Changed([](Stump& s) { s.rest = Text("aggregate_function", "MEAN"); }), "'MEAN'"},
      {"doubles_for_floats", Changed([](Stump& s) {
         s.rest =
             Part(5, Part(1, "base_values_as_tensor") + Part(5, Number(1, 1) + Number(2, 11) + Part(9, "12345678")));
       }),
       "must be a tensor of float, is of type 11"},
      {"tensor_elsewhere", Changed([](Stump& s) {
         s.rest = Part(5, Part(1, "base_values_as_tensor") + Part(5, Number(1, 1) + Number(2, 1) + Number(14, 1)));
       }),
       "in another file"},
      {"tensor_of_old_version",
       Model(Node("TreeEnsembleRegressor", "x", "y", Stump().Attributes() + Part(5, Part(1, "base_values_as_tensor"))),
             1, "y", 1),
       "is no attribute of this operator in this version"},
  };
}

class BrokenOnnx : public testing::TestWithParam<Case> {};

TEST_P(BrokenOnnx, IsRefusedByOperatorAndAttribute) {
  const auto forest = ReadOnnxForest(GetParam().bytes, "m.onnx");
  ASSERT_FALSE(forest.ok());
  EXPECT_EQ(forest.error().code, ErrorCode::kCorrupt) << forest.error().ToString();
  EXPECT_EQ(forest.error().source, "m.onnx");
  EXPECT_THAT(forest.error().message, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(All, BrokenOnnx, testing::ValuesIn(Broken()), [](const auto& c) { return c.param.name; });

TEST(OnnxReader, NamesOperatorAndAttribute) {
  const auto forest = ReadOnnxForest(Changed([](Stump& s) { s.ids[2] = 1; }), "m.onnx");
  EXPECT_EQ(forest.error().key, "TreeEnsembleRegressor.nodes_nodeids");
}

TEST(OnnxReader, TakesNoTreeThatSharingMakesTooLarge) {
  // 40 levels, of which each has both branches lead to the next: 2^40 leaves.
  Stump stump;
  const std::int64_t levels = 40;
  stump.trees.assign(levels + 1, 0), stump.columns.assign(levels + 1, 0), stump.values.assign(levels + 1, 0);
  stump.modes.assign(levels, "BRANCH_LT"), stump.modes.push_back("LEAF");
  stump.ids.clear(), stump.on_true.clear();
  for (std::int64_t i = 0; i <= levels; ++i) {
    stump.ids.push_back(i);
    stump.on_true.push_back(std::min(i + 1, levels));
  }
  stump.on_false = stump.on_true;
  const auto forest = ReadOnnxForest(Model(stump.Node()), "m");
  ASSERT_FALSE(forest.ok());
  EXPECT_THAT(forest.error().message, HasSubstr("share"));
}

}  // namespace
}  // namespace hone
