// Graphs of tests/reference/onnx_graphs: those that are answered, to 1e-5 of what scikit-learn and NumPy answer, and
// those that are refused.
#include "models/onnx_runtime/onnx_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/files.h"
#include "models/model_file.h"
#include "models/onnx_runtime/onnx_runtime_status.h"

namespace hone {
namespace {

using testing::Each;
using testing::HasSubstr;

const std::string kFolder = std::string(HONE_SOURCE_DIR) + "/tests/reference/onnx_graphs/";
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Result<ModelFile> ReadStored(const std::string& name) {
  HONE_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(kFolder + name + ".onnx", 1 << 20));
  return ReadModelFile(bytes, name + ".onnx");
}

#ifdef HONE_HAVE_ONNXRUNTIME

struct Rows {
  std::size_t width = 0, outputs = 0, count = 0;
  std::vector<double> rows, answers;
};

Rows ReadRows(const std::string& name) {
  std::istringstream text(ReadFile(kFolder + name + ".csv", 1 << 20).value());
  Rows table;
  std::string line, cell;
  std::getline(text, line);
  for (std::istringstream cells(line); std::getline(cells, cell, ',');)
    ++(cell[0] == 'x' ? table.width : table.outputs);
  for (; std::getline(text, line); ++table.count) {
    std::istringstream cells(line);
    for (std::size_t i = 0; std::getline(cells, cell, ','); ++i) {
      (i < table.width ? table.rows : table.answers).push_back(std::stod(cell));
    }
  }
  return table;
}

class Answered : public testing::TestWithParam<const char*> {};

TEST_P(Answered, AsByTheLibraryThatTrainedIt) {
  const auto file = ReadStored(GetParam());
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  EXPECT_EQ(file->format, "onnx");
  const Rows table = ReadRows(GetParam());
  ASSERT_EQ(file->model->width(), table.width);
  ASSERT_EQ(file->model->outputs(), table.outputs);
  std::vector<double> batch(table.answers.size()), answer(table.outputs);
  file->model->PredictBatch(table.rows, batch);
  for (std::size_t i = 0; i < table.count; ++i) {
    const std::span<const double> row(table.rows.data() + i * table.width, table.width);
    file->model->PredictAll(row, answer);
    EXPECT_EQ(file->model->Predict(row), answer.front());
    for (std::size_t k = 0; k < table.outputs; ++k) {
      const double expected = table.answers[i * table.outputs + k];
      EXPECT_NEAR(answer[k], expected, 1e-5 * (1 + std::abs(expected))) << "row " << i;
      EXPECT_NEAR(batch[i * table.outputs + k], answer[k], 1e-6 * (1 + std::abs(answer[k]))) << "row " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Graphs, Answered,
                         testing::Values("network", "ridge_double", "classes_zipmap", "columns", "one_row",
                                         "mixes_rows", "two_outputs", "integers", "division_by_constant"),
                         [](const auto& name) { return std::string(name.param); });

TEST(OnnxGraph, SeveralInputsOfOneNumberAreFeaturesByName) {
  const auto columns = ReadStored("columns");
  ASSERT_TRUE(columns.ok()) << columns.error().ToString();
  EXPECT_EQ(columns->features, (std::vector<std::string>{"spread", "volume", "side"}));
  EXPECT_TRUE(ReadStored("network")->features.empty());
}

TEST(OnnxGraph, ARowAnIntegerInputCannotHoldHasNoAnswer) {
  const auto file = ReadStored("integers");
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  EXPECT_EQ(file->model->Predict(std::vector<double>{2147483647, 0}), 2147483647);
  for (const double unfit : {kNan, 0.5, 2147483648.0, -2147483649.0, 1e300, HUGE_VAL}) {
    EXPECT_TRUE(std::isnan(file->model->Predict(std::vector<double>{1, unfit}))) << unfit;
  }
  std::vector<double> answers(3);
  file->model->PredictBatch(std::vector<double>{1, 2, 3, kNan, 5, 6}, answers);
  EXPECT_EQ(answers[0], 3);
  EXPECT_TRUE(std::isnan(answers[1]));
  EXPECT_EQ(answers[2], 11);
}

TEST(OnnxGraph, ARowThatFailsIsAloneWithoutAnswer) {
  const auto file = ReadStored("lookup");
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  std::vector<double> answers(4);
  file->model->PredictBatch(std::vector<double>{2, 7, 0, 1}, answers);
  EXPECT_EQ(answers[0], 30);
  EXPECT_TRUE(std::isnan(answers[1]));
  EXPECT_EQ(answers[2], 10);
  EXPECT_EQ(answers[3], 20);
}

TEST(OnnxGraph, LongBatchesAndManyThreadsAnswerAlike) {
  const auto file = ReadStored("network");
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  constexpr std::size_t kRows = 700;
  std::vector<double> rows(kRows * 4);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = std::sin(static_cast<double>(i));
  std::vector<double> once(kRows);
  file->model->PredictBatch(rows, once);
  std::vector<std::vector<double>> answers(4, std::vector<double>(kRows));
  std::vector<std::thread> threads;
  for (auto& answer : answers) threads.emplace_back([&] { file->model->PredictBatch(rows, answer); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(answers, Each(once));
}

TEST(OnnxGraph, OneThatLoopsWithoutEndIsRefusedInTime) {
  const std::string bytes = ReadFile(kFolder + "refused_endless.onnx", 1 << 20).value();
  const auto begun = std::chrono::steady_clock::now();
  const auto graph = ReadOnnxGraph(bytes, "refused_endless.onnx", 300 * kMillisecond);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20));
  ASSERT_FALSE(graph.ok());
  EXPECT_EQ(graph.error().code, ErrorCode::kInvalidData);
  EXPECT_EQ(graph.error().source, "refused_endless.onnx");
  EXPECT_THAT(graph.error().message, HasSubstr("zeros and ones, within 0.3 s: it is too slow to be served, or loops"));
}

struct Refusal {
  const char* name;
  const char* says;
};

class Refused : public testing::TestWithParam<Refusal> {};

TEST_P(Refused, NamingTheFileAndWhatWouldBeRight) {
  const auto file = ReadStored(GetParam().name);
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code, ErrorCode::kInvalidData);
  EXPECT_EQ(file.error().source, std::string(GetParam().name) + ".onnx");
  EXPECT_THAT(file.error().ToString(), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Graphs, Refused,
    testing::Values(Refusal{"refused_text", "x: takes a tensor of text"},
                    Refusal{"refused_half", "x: takes a tensor of float16"},
                    Refusal{"refused_open_width", "FloatTensorType([None, F])"},
                    Refusal{"refused_operator", "com.example:Forecast"}, Refusal{"refused_shapes", "Node (product)"},
                    Refusal{"refused_division", "ratio is a quotient of integers"},
                    Refusal{"refused_division_in_branch", "ratio is a quotient of integers"},
                    Refusal{"refused_other_file", "../weights.bin"},
                    Refusal{"classes_label_only", "only output_label (text); export it with an output of floats"}),
    [](const auto& name) { return std::string(name.param.name); });

TEST(OnnxGraph, BytesCutOrChangedAreRefusedOrRead) {
  const std::string bytes = ReadFile(kFolder + "columns.onnx", 1 << 20).value();
  for (std::size_t size = 0; size < bytes.size(); size += 7) {
    EXPECT_FALSE(ReadOnnxGraph(bytes.substr(0, size), "m.onnx").ok()) << size;
  }
  for (std::size_t i = 0; i < bytes.size(); i += 11) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x55);
    const auto graph = ReadOnnxGraph(changed, "m.onnx");
    EXPECT_TRUE(!graph.ok() || graph->model->width() <= 65536U) << i;
  }
}

TEST(OnnxRuntimeStatus, TellsWhoRunsTheGraphsAndWhyOthersDoNot) {
  const auto file = ReadStored("network");
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  const OnnxRuntimeStatus status = CurrentOnnxRuntime();
  EXPECT_EQ(status.state, OnnxRuntimeStatus::State::kOpen);
  EXPECT_THAT(status.version, HasSubstr("1."));
  ASSERT_EQ(status.providers.size(), 3U);
  std::size_t models = 0;
  for (const OnnxProviderStatus& provider : status.providers) {
    models += provider.models;
    if (provider.models > 0) break;  // those before it were passed over
    EXPECT_FALSE(provider.reason.empty()) << provider.name;
  }
  EXPECT_EQ(models, 1U);
}

#else

TEST(OnnxGraph, IsRefusedByABuildWithoutOnnxRuntime) {
  const auto file = ReadStored("network");
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(file.error().message, HasSubstr("tools/setup"));
}

#endif

}  // namespace
}  // namespace hone
