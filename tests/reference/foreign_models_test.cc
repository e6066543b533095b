// Models that other programs wrote, and what those answered: every one under HONE_DATA/models that has expected answers
// and a form hone reads. Answers agree to 2 units in the last place of the library's precision, those of ONNX's
// operators to the tolerance of their own tests.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "base/files.h"
#include "market/gzip.h"
#include "models/forest/forest.h"
#include "models/forest/lightgbm_reader.h"
#include "models/forest/onnx_reader.h"
#include "models/forest/xgboost_reader.h"
#include "models/model_file.h"
#include "models/onnx/wire.h"
#include "reference/onnx_cases.h"
#include "reference/table.h"

namespace hone {
namespace {

constexpr std::size_t kLargest = std::size_t{64} << 20;

struct Stored {
  const char* model;
  const char* table;
  char delimiter;
  const char* learned;  // the table whose categories the model knows; "" for its own
  const char* answers;
  std::size_t rounds = 0;  // answered by the first so many; 0: all that answer
  bool margins = false;
};

std::string ReadPlain(const std::string& folder, const std::string& name) {
  auto bytes = ReadFile(folder + "/models/" + name, kLargest);
  if (!bytes.ok()) bytes = ReadFile(folder + "/models/" + name + ".gz", kLargest);
  EXPECT_TRUE(bytes.ok()) << bytes.error().ToString();
  if (!bytes.ok() || !IsGzip(*bytes)) return bytes.ok() ? *bytes : "";
  return Gunzip(*bytes, name, kLargest).value();
}

Forest ReadForest(const std::string& bytes, const Stored& stored) {
  const std::string format = DetectModelFormat(bytes, stored.model).value();
  auto forest = format == "xgboost" ? ReadXgboostForest(bytes, stored.model) : ReadLightGbmForest(bytes, stored.model);
  EXPECT_TRUE(forest.ok()) << forest.error().ToString();
  if (!forest.ok()) return {};
  if (stored.rounds > 0) forest->trees.resize(stored.rounds * forest->outputs());
  return *std::move(forest);
}

// The numbers of a table of answers; a leading _target beside probabilities is the label, and so is the first of two
// probabilities beside a model of one output.
std::vector<double> ReadAnswers(const Table& table, std::size_t outputs) {
  std::vector<double> answers;
  for (const auto& row : table.cells) {
    for (std::size_t k = row.size() - outputs; k < row.size(); ++k) answers.push_back(std::stod(row[k]));
  }
  return answers;
}

template <typename Real, typename Bits>
double UlpsBetween(double a, double b) {
  const auto x = std::bit_cast<Bits>(static_cast<Real>(a)), y = std::bit_cast<Bits>(static_cast<Real>(b));
  return std::fabs(static_cast<double>(x) - static_cast<double>(y));
}

double Ulps(Dialect dialect, double a, double b) {
  return dialect == Dialect::kXgboost ? UlpsBetween<float, std::int32_t>(a, b)
                                      : UlpsBetween<double, std::int64_t>(a, b);
}

void ExpectSameAnswers(const std::string& folder, const Stored& stored) {
  const Forest forest = ReadForest(ReadPlain(folder, stored.model), stored);
  const auto model = MakeForestModel(forest);
  std::vector<std::string> names = forest.names;
  names.resize(forest.width);
  const Table table = ReadTable(ReadPlain(folder, stored.table), stored.delimiter, forest.width);
  const std::string learned = stored.learned;
  const Encoder encoder(learned.empty() ? table : ReadTable(ReadPlain(folder, learned), ',', 0));
  const std::vector<double> rows = encoder.Rows(table, names);
  const char delimiter = stored.delimiter == ',' ? ',' : '\t';
  const std::size_t outputs = stored.margins ? model->margins() : model->outputs();
  const std::vector<double> expected = ReadAnswers(ReadTable(ReadPlain(folder, stored.answers), delimiter, 0), outputs);
  ASSERT_EQ(expected.size(), table.cells.size() * outputs);
  double worst = 0;
  std::vector<double> answer(outputs);
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    const std::span<const double> row(rows.data() + i * forest.width, forest.width);
    stored.margins ? model->PredictMargins(row, answer) : model->PredictAll(row, answer);
    for (std::size_t k = 0; k < outputs; ++k) {
      worst = std::max(worst, Ulps(forest.dialect, answer[k], expected[i * outputs + k]));
    }
  }
  EXPECT_LE(worst, 2) << stored.model << " on " << stored.table;
}

#define XGB_ "jpmml-xgboost/xgboost/"
#define XGB_CSV_ "jpmml-xgboost/csv/"
#define LGB_ "jpmml-lightgbm/lgbm/"
#define LGB_CSV_ "jpmml-lightgbm/csv/"
#define XGB_PAIR_(name, table, answers, rounds)                                    \
  {XGB_ name ".json", XGB_CSV_ table, ',', "", XGB_CSV_ answers ".csv", rounds}, { \
    XGB_ name ".ubj", XGB_CSV_ table, ',', "", XGB_CSV_ answers ".csv", rounds     \
  }

const Stored kStored[] = {
    XGB_PAIR_("BinomialClassificationAudit", "Audit.csv", "BinomialClassificationAudit", 0),
    XGB_PAIR_("BinomialClassificationAudit", "Audit.csv", "BinomialClassificationAudit@31", 31),
    XGB_PAIR_("BinomialClassificationAuditNA", "AuditNA.csv", "BinomialClassificationAuditNA", 0),
    XGB_PAIR_("BinomialClassificationAuditNA", "AuditNA.csv", "BinomialClassificationAuditNA@31", 31),
    XGB_PAIR_("LinearRegressionAuto", "Auto.csv", "LinearRegressionAuto", 0),
    XGB_PAIR_("LinearRegressionAutoNA", "AutoNA.csv", "LinearRegressionAutoNA", 0),
    XGB_PAIR_("LogisticRegressionAudit", "Audit.csv", "LogisticRegressionAudit", 0),
    XGB_PAIR_("LogisticRegressionAuditNA", "AuditNA.csv", "LogisticRegressionAuditNA", 0),
    XGB_PAIR_("MultinomialClassificationAudit", "Audit.csv", "MultinomialClassificationAudit", 0),
    XGB_PAIR_("MultinomialClassificationAuditNA", "AuditNA.csv", "MultinomialClassificationAuditNA", 0),
    XGB_PAIR_("MultinomialClassificationIris", "Iris.csv", "MultinomialClassificationIris", 0),
    XGB_PAIR_("MultinomialClassificationIris", "Iris.csv", "MultinomialClassificationIris@11", 11),
    XGB_PAIR_("MultinomialClassificationIrisNA", "IrisNA.csv", "MultinomialClassificationIrisNA", 0),
    XGB_PAIR_("MultinomialClassificationIrisNA", "IrisNA.csv", "MultinomialClassificationIrisNA@11", 11),
    {LGB_ "ClassificationAudit.txt", LGB_CSV_ "Audit.csv", ',', "", LGB_CSV_ "ClassificationAudit.csv"},
    {LGB_ "ClassificationAudit.txt", LGB_CSV_ "Audit.csv", ',', "", LGB_CSV_ "ClassificationAudit@17.csv", 17},
    {LGB_ "ClassificationAudit.txt", LGB_CSV_ "AuditInvalid.csv", ',', LGB_CSV_ "Audit.csv",
     LGB_CSV_ "ClassificationAuditInvalid.csv"},
    {LGB_ "ClassificationAuditNA.txt", LGB_CSV_ "AuditNA.csv", ',', "", LGB_CSV_ "ClassificationAuditNA.csv"},
    {LGB_ "ClassificationAuditNA.txt", LGB_CSV_ "AuditNA.csv", ',', "", LGB_CSV_ "ClassificationAuditNA@17.csv", 17},
    {LGB_ "ClassificationAuditBin.txt", LGB_CSV_ "Audit.csv", ',', "", LGB_CSV_ "ClassificationAuditBin.csv"},
    {LGB_ "ClassificationAuditBinNA.txt", LGB_CSV_ "AuditNA.csv", ',', "", LGB_CSV_ "ClassificationAuditBinNA.csv"},
    {LGB_ "ClassificationIris.txt", LGB_CSV_ "Iris.csv", ',', "", LGB_CSV_ "ClassificationIris.csv"},
    {LGB_ "ClassificationIris.txt", LGB_CSV_ "Iris.csv", ',', "", LGB_CSV_ "ClassificationIris@7.csv", 7},
    {LGB_ "ClassificationIrisNA.txt", LGB_CSV_ "IrisNA.csv", ',', "", LGB_CSV_ "ClassificationIrisNA.csv"},
    {LGB_ "ClassificationIrisNA.txt", LGB_CSV_ "IrisNA.csv", ',', "", LGB_CSV_ "ClassificationIrisNA@7.csv", 7},
    {LGB_ "RegressionAuto.txt", LGB_CSV_ "Auto.csv", ',', "", LGB_CSV_ "RegressionAuto.csv"},
    {LGB_ "RegressionAuto.txt", LGB_CSV_ "Auto.csv", ',', "", LGB_CSV_ "RegressionAuto@17.csv", 17},
    {LGB_ "RegressionAutoNA.txt", LGB_CSV_ "AutoNA.csv", ',', "", LGB_CSV_ "RegressionAutoNA.csv"},
    {LGB_ "RegressionAutoNA.txt", LGB_CSV_ "AutoNA.csv", ',', "", LGB_CSV_ "RegressionAutoNA@17.csv", 17},
    {"leaves/lg_dart_breast_cancer.model", "leaves/breast_cancer_test.tsv", '\t', "",
     "leaves/lg_dart_breast_cancer_true_predictions.txt"},
    {"leaves/lg_kddcup99.model", "leaves/kddcup99_test.tsv", '\t', "", "leaves/lg_kddcup99_true_predictions.txt", 0,
     true},
    {"leaves/genlin_fmtp_gamma_AvgClaimAmount.model", "leaves/genlin_fmtp_gamma_AvgClaimAmount_features.tsv", '\t', "",
     "leaves/genlin_fmtp_gamma_AvgClaimAmount_true_predictions.txt"},
    {"leaves/genlin_fmtp_poisson_Frequency.model", "leaves/genlin_fmtp_poisson_Frequency_features.tsv", '\t', "",
     "leaves/genlin_fmtp_poisson_Frequency_true_predictions.txt"},
    {"leaves/genlin_fmtp_tweedie_PurePremium.model", "leaves/genlin_fmtp_tweedie_PurePremium_features.tsv", '\t', "",
     "leaves/genlin_fmtp_tweedie_PurePremium_true_predictions.txt"},
    {"leaves/lg_rf_iris.model", "leaves/iris_test.libsvm", ' ', "", "leaves/lg_rf_iris_true_predictions.txt"},
    {"leaves/lgmulticlass.model", "leaves/multiclass_test.tsv", '\t', "", "leaves/lgmulticlass_true_predictions.txt"},
    {"leaves/lgmulticlass.model", "leaves/multiclass_test.tsv", '\t', "",
     "leaves/lgmulticlass_true_raw_predictions.txt", 0, true},
};

// Forms that are refused, each with the way to convert it.
const char* const kRefused[] = {
    "leaves/xgagaricus.model",
    "leaves/xgdermatology.model",
    "leaves/xg_dart_agaricus.model",
    "leaves/xgblin_agaricus.model",
    "leaves/sk_iris.model",
    "leaves/sk_gradient_boosting_classifier.model",
    "leaves/lg_dart_breast_cancer.json",
    "treelite/mushroom/mushroom.model",
    "jpmml-xgboost/xgboost/legacy/BinomialClassificationAudit.model",
    "jpmml-xgboost/xgboost/legacy/LinearRegressionAuto.model",
    "jpmml-xgboost/xgboost/legacy/LogisticRegressionAudit.model",
    "vespa/models/lightgbm/cat_integers.json",
    "vespa/models/lightgbm/categorical.json",
    "vespa/models/lightgbm/classification.json",
    "vespa/models/lightgbm/regression.json",
};

// ONNX tree ensembles that come without answers; ONNX Runtime's lie in tests/reference/onnx_answers, behind each row.
struct OnnxModelFile {
  const char* model;
  const char* answers;
};
const OnnxModelFile kOnnx[] = {
    {"sklearn-onnx/treecl.onnx", "treecl.csv"},
    {"sklearn-onnx/treecl2.onnx", "treecl2.csv"},
    {"onnxruntime_go/sklearn_randomforest.onnx", "sklearn_randomforest.csv"},
};
const char* const kOnnxNodeTest = "onnx-node-tests/test_ai_onnx_ml_tree_ensemble_single_tree/";

std::shared_ptr<const ForestModel> ReadOnnxAt(const std::string& folder, const std::string& name) {
  auto forest = ReadOnnxForest(ReadPlain(folder, name), name);
  EXPECT_TRUE(forest.ok()) << forest.error().ToString();
  return forest.ok() ? MakeForestModel(*std::move(forest)) : nullptr;
}

void ExpectSameOnnxAnswers(const std::string& folder, const OnnxModelFile& stored) {
  const auto model = ReadOnnxAt(folder, stored.model);
  ASSERT_NE(model, nullptr);
  const std::string path = std::string(HONE_SOURCE_DIR) + "/tests/reference/onnx_answers/" + stored.answers;
  std::istringstream lines(ReadFile(path, kLargest).value());
  std::vector<double> answer(model->outputs());
  std::size_t rows = 0;
  for (std::string line; std::getline(lines, line); ++rows) {
    std::istringstream cells(line);
    std::vector<double> row;
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(std::stod(cell));
    ASSERT_EQ(row.size(), model->width() + answer.size()) << stored.model;
    model->PredictAll({row.data(), model->width()}, answer);
    for (std::size_t k = 0; k < answer.size(); ++k) {
      EXPECT_LE(Ulps(Dialect::kXgboost, answer[k], row[model->width() + k]), 2) << stored.model << " row " << rows;
    }
  }
  EXPECT_EQ(rows, 24U);
}

// The doubles of a stored TensorProto.
std::vector<double> ReadTensor(const std::string& folder, const std::string& name) {
  const std::string bytes = ReadPlain(folder, name);
  std::vector<double> numbers;
  WireReader reader(bytes);
  for (WireField field; reader.Next(field);) {
    const bool whole = field.number == 9    ? AppendRawDoubles(field.bytes, numbers)
                       : field.number == 10 ? AppendDoubles(field, numbers)
                                            : true;
    EXPECT_TRUE(whole);
  }
  return numbers;
}

void ExpectOnnxNodeTest(const std::string& folder) {
  const auto model = ReadOnnxAt(folder, std::string(kOnnxNodeTest) + "model.onnx");
  ASSERT_NE(model, nullptr);
  const std::vector<double> rows = ReadTensor(folder, std::string(kOnnxNodeTest) + "test_data_set_0/input_0.pb");
  const std::vector<double> expected = ReadTensor(folder, std::string(kOnnxNodeTest) + "test_data_set_0/output_0.pb");
  ASSERT_EQ(rows.size(), 3 * model->width());
  std::vector<double> answers(3 * model->outputs());
  model->PredictBatch(rows, answers);
  EXPECT_EQ(answers, expected);
}

// Every other ONNX file is told to be ONNX, and why it is no tree ensemble.
void ExpectOtherOnnx(const std::string& folder) {
  namespace fs = std::filesystem;
  std::size_t forests = 0, others = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder + "/models")) {
    if (entry.path().extension() != ".onnx") continue;
    const std::string bytes = ReadFile(entry.path().string(), kLargest).value();
    EXPECT_EQ(DetectModelFormat(bytes, entry.path().string()).value(), "onnx") << entry.path();
    const auto reading = ReadOnnx(bytes, entry.path().string());
    ASSERT_TRUE(reading.ok()) << reading.error().ToString();
    reading->forest ? ++forests : ++others;
    EXPECT_NE(reading->forest.has_value(), !reading->other.empty()) << entry.path();
  }
  EXPECT_EQ(forests, std::size(kOnnx) + 1);
  EXPECT_GT(others, 100U);
}

// ONNX's own test cases by folder: how many are answered as stored, and why the others are not.
struct OnnxFolder {
  const char* name;
  std::size_t equal;
  std::map<std::string, const char*> others;  // by name, what the detail says
};

std::vector<OnnxFolder> OnnxFolders() {
  constexpr const char *kText = "takes a tensor of text", *kDivision = "is a quotient of integers";
  constexpr const char *kSequence = "answers no tensor of numbers", *kOld = "Could not find an implementation";
  return {{"onnx-node-tests",
           133,
           {// A forest, held by ExpectOnnxNodeTest.
            {"test_ai_onnx_ml_tree_ensemble_single_tree", "takes 2 and answers 2 numbers"},
            {"test_ai_onnx_ml_label_encoder_string_int", kText},
            {"test_ai_onnx_ml_label_encoder_string_int_no_default", kText},
            {"test_ai_onnx_ml_label_encoder_tensor_mapping", kText},
            {"test_ai_onnx_ml_label_encoder_tensor_value_only_mapping", kText},
            {"test_div_int16", kDivision},
            {"test_div_uint16", kDivision},
            {"test_div_uint32", kDivision},
            {"test_div_uint64", kDivision},
            {"test_gru_batchwise", "layout == 1"},
            {"test_lstm_batchwise", "layout == 1"},
            {"test_reshape_allowzero_reordered", "answers no number"},
            // ONNX Runtime's answer, which its own tests except.
            {"test_resize_downsample_scales_linear_align_corners", "answers 4, 3.142857"},
            {"test_split_to_sequence_2", kSequence},
            {"test_split_to_sequence_nokeepdims", kSequence}}},
          {"onnx-pytorch-converted",
           10,
           {{"test_GLU", kOld}, {"test_PReLU_1d", kOld}, {"test_PReLU_2d_multiparam", kOld}, {"test_PReLU_3d", kOld}}}};
}

void ExpectOnnxAnswers(const std::string& folder, const OnnxFolder& stored) {
  std::size_t equal = 0, others = 0;
  for (const OnnxCase& one : RunOnnxCases(folder + "/models/" + stored.name)) {
    equal += one.outcome == OnnxCase::Outcome::kEqual ? 1 : 0;
    if (one.outcome == OnnxCase::Outcome::kEqual) continue;
    ++others;
    const auto known = stored.others.find(one.name);
    ASSERT_NE(known, stored.others.end()) << one.name << ": " << one.detail;
    EXPECT_NE(one.detail.find(known->second), std::string::npos) << one.name << ": " << one.detail;
  }
  EXPECT_EQ(equal, stored.equal) << stored.name;
  EXPECT_EQ(others, stored.others.size()) << stored.name;
}

TEST(ForeignModels, AnswerAsTheirLibrariesDid) {
  const char* const folder = std::getenv("HONE_DATA");
  if (folder == nullptr) GTEST_SKIP() << "HONE_DATA is not set: no models of other programs";
  for (const Stored& stored : kStored) ExpectSameAnswers(folder, stored);
  for (const OnnxModelFile& stored : kOnnx) ExpectSameOnnxAnswers(folder, stored);
  ExpectOnnxNodeTest(folder);
  ExpectOtherOnnx(folder);
  for (const char* const name : kRefused) {
    const auto read = ReadModelFile(ReadPlain(folder, name), name);
    ASSERT_FALSE(read.ok()) << name;
    EXPECT_EQ(read.error().code, ErrorCode::kInvalidData) << name;
    EXPECT_NE(read.error().message.find("save"), std::string::npos) << read.error().ToString();
  }
#ifdef HONE_HAVE_ONNXRUNTIME
  for (const OnnxFolder& stored : OnnxFolders()) ExpectOnnxAnswers(folder, stored);
#endif
}

}  // namespace
}  // namespace hone
