// libraries: learning peers
// Forests against the C APIs of the libraries that trained them, one thread, on the same models and rows: one row (p50
// and p99 of single calls, ns), many rows (ns a row and tree), the ratio to the library, and whether every margin has
// the same bits. LightGBM answers one row by its fastest call (SingleRowFast), XGBoost by XGBoosterPredictFromDense
// with the array's description made beforehand. Each of hone's kernels that this processor runs is measured, taking
// turns with the peers; figures are medians over the turns, of batches in processor time.
//
// XGBoost's models are also answered by ONNX Runtime (C API, tensors made beforehand) and compiled to C by TL2cgen,
// unless the compiler would take too long. They add floats in another order, in which each of n trees may cost half a
// unit in the last place: their margins are checked within n 2^-24 of XGBoost's, and 1e-5 where n is small, relative to
// the margin where that is beyond 1.
//
// Forests with categorical splits or linear leaves, which hone walks node by node, come last.
//
//   forest_bench          a part of the grid below, in under three minutes
//   forest_bench --grid   {50, 100, 500, 1000} trees x depth {4, 6, 8, 10} x {10, 30, 100} features x {0, 20 %} missing
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.h"
#include "models/forest/forest.h"
#include "peers/onnx_forest.h"
#include "peers/tl2cgen_forest.h"
#ifdef HONE_HAVE_LIGHTGBM
#include <dlfcn.h>

#include "learning/lightgbm_library.h"
#include "models/forest/lightgbm_reader.h"
#endif
#ifdef HONE_HAVE_XGBOOST
#include "learning/xgboost_library.h"
#include "models/forest/xgboost_reader.h"
#endif

namespace {

constexpr std::size_t kTrainRows = 4000;
constexpr std::size_t kRows = 2048;
constexpr int kTurns = 9;

double FloatSumTolerance(int trees) { return std::max(1e-5, trees * 0x1p-24); }

enum class Kind { kNumerical, kCategorical, kLinear };

struct Shape {
  int trees, depth, width;
  bool missing;
  bool tl2cgen = false;  // whether it is compiled to C, which takes seconds to minutes
  Kind kind = Kind::kNumerical;

  // The first columns: codes of kCategories categories.
  int categorical() const { return kind == Kind::kCategorical ? width / 3 : 0; }
};
constexpr int kCategories = 24;

// Floats, so that both libraries see the same numbers.
std::vector<double> MakeRows(std::size_t count, const Shape& shape, std::uint64_t seed) {
  hone::Random random(seed);
  std::vector<double> rows(count * static_cast<std::size_t>(shape.width));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<int>(i % static_cast<std::size_t>(shape.width)) < shape.categorical()) {
      rows[i] = static_cast<double>(random.Below(kCategories));
    } else {
      rows[i] = shape.missing && random.Below(5) == 0 ? std::nan("") : static_cast<float>(random.Normal());
    }
  }
  return rows;
}

struct TrainingSet {
  std::vector<double> rows;
  std::vector<float> labels;
};

TrainingSet MakeTrainingSet(const Shape& shape) {
  TrainingSet set{MakeRows(kTrainRows, shape, 1), {}};
  hone::Random random(3);
  for (std::size_t i = 0; i < kTrainRows; ++i) {
    double y = random.Normal();
    for (int j = 0; j < shape.width; ++j) {
      const double value = set.rows[i * static_cast<std::size_t>(shape.width) + static_cast<std::size_t>(j)];
      y += std::isnan(value) ? 1 : std::sin(2 * value) / (j + 1);
    }
    set.labels.push_back(static_cast<float>(y));
  }
  return set;
}

// One way to answer the rows of a model.
struct Contender {
  std::string name;
  std::function<double(std::size_t row)> one;
  std::function<void(std::vector<double>& margins)> many;
  std::vector<double> ones, latencies, batches;  // ones: margins
  std::vector<double> margins = std::vector<double>(kRows);
  double tolerance = 0;  // 0: the same bits
};

double Now() {
  return static_cast<double>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
          .count());
}

// Of this thread, which does all the work: the machine may be shared.
double ProcessorNanoseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

double Quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

// What reading the clock adds to a measured call.
double ClockNanoseconds() {
  std::vector<double> empty;
  for (int i = 0; i < 1000; ++i) {
    const double begin = Now();
    empty.push_back(Now() - begin);
  }
  return Quantile(empty, 0.5);
}

void TakeTurn(Contender& contender, double clock) {
  contender.ones.clear();
  for (std::size_t i = 0; i < kRows; ++i) {
    const double begin = Now();
    const double margin = contender.one(i);
    contender.latencies.push_back(std::max(0.0, Now() - begin - clock));
    contender.ones.push_back(margin);
  }
  const double begin = ProcessorNanoseconds();
  contender.many(contender.margins);
  contender.batches.push_back(ProcessorNanoseconds() - begin);
}

bool Differ(double a, double b, double tolerance) {
  if (tolerance > 0) return !(std::abs(a - b) <= tolerance * std::max(1.0, std::abs(b)));
  return std::bit_cast<std::uint64_t>(a) != std::bit_cast<std::uint64_t>(b);
}

std::size_t Different(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += Differ(a[i], b[i], tolerance);
  return count;
}

void AddModel(std::string name, std::shared_ptr<const hone::ForestModel> model, const std::vector<double>& rows,
              std::vector<Contender>& contenders) {
  const std::size_t width = model->width();
  contenders.push_back({std::move(name),
                        [model, width, &rows](std::size_t row) {
                          return model->PredictMargin({rows.data() + row * width, width});
                        },
                        [model, &rows](std::vector<double>& margins) { model->PredictBatch(rows, margins); },
                        {},
                        {},
                        {}});
}

// Each kernel that can take the forest, and `hone`: the one that is chosen for the forest's shape.
void AddKernels(const Shape& shape, const hone::Forest& forest, const std::vector<double>& rows,
                std::vector<Contender>& contenders) {
  for (int i = static_cast<int>(hone::ForestKernel::kLockstep);
       shape.kind == Kind::kNumerical && i <= static_cast<int>(hone::BestForestKernel()); ++i) {
    const auto kernel = static_cast<hone::ForestKernel>(i);
    AddModel(std::string(hone::NameOf(kernel)), hone::MakeForestModel(forest, kernel), rows, contenders);
  }
  AddModel("hone", hone::MakeForestModel(forest), rows, contenders);
}

// The first contender is the peer.
bool Compare(const Shape& shape, std::vector<Contender> contenders) {
  const double clock = ClockNanoseconds();
  for (int turn = 0; turn < kTurns; ++turn) {
    for (Contender& contender : contenders) TakeTurn(contender, clock);
  }
  fmt::print("{} trees, depth {}, {} features{}{}\n", shape.trees, shape.depth, shape.width,
             shape.missing ? ", 20 % missing" : "",
             shape.kind == Kind::kNumerical ? ""
             : shape.kind == Kind::kLinear  ? ", linear leaves"
                                            : ", a third categorical");
  const Contender& peer = contenders.front();
  const double peer_one = Quantile(peer.latencies, 0.5), peer_batch = Quantile(peer.batches, 0.5);
  bool equal = true;
  for (const Contender& contender : contenders) {
    const double one = Quantile(contender.latencies, 0.5), batch = Quantile(contender.batches, 0.5);
    const std::size_t different = Different(contender.ones, peer.ones, contender.tolerance) +
                                  Different(contender.margins, peer.margins, contender.tolerance);
    equal = equal && different == 0;
    fmt::print("  {:12} one row p50 {:7.0f} p99 {:7.0f} ns {:6.1f}x | batch {:6.2f} ns/row/tree {:6.1f}x | {} differ\n",
               contender.name, one, Quantile(contender.latencies, 0.99), peer_one / one,
               batch / static_cast<double>(kRows) / shape.trees, peer_batch / batch, different);
  }
  return equal;
}

void Require(bool ok, const char* what) {
  if (ok) return;
  fmt::print(stderr, "forest_bench: {} failed\n", what);
  std::exit(1);
}

#ifdef HONE_HAVE_LIGHTGBM

struct FastCalls {
  decltype(&LGBM_BoosterPredictForMatSingleRowFastInit) init = nullptr;
  decltype(&LGBM_BoosterPredictForMatSingleRowFast) predict = nullptr;
  decltype(&LGBM_FastConfigFree) free = nullptr;
};

FastCalls OpenFastCalls(const std::string& path) {
  void* const handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  FastCalls calls;
  calls.init = reinterpret_cast<decltype(calls.init)>(dlsym(handle, "LGBM_BoosterPredictForMatSingleRowFastInit"));
  calls.predict = reinterpret_cast<decltype(calls.predict)>(dlsym(handle, "LGBM_BoosterPredictForMatSingleRowFast"));
  calls.free = reinterpret_cast<decltype(calls.free)>(dlsym(handle, "LGBM_FastConfigFree"));
  return calls;
}

BoosterHandle TrainLightGbm(const hone::LightGbmLibrary& library, const Shape& shape) {
  const TrainingSet set = MakeTrainingSet(shape);
  std::string parameters = fmt::format(
      "objective=regression num_leaves={} max_depth={} min_data_in_leaf=1 min_sum_hessian_in_leaf=0 num_threads=1 "
      "deterministic=true force_row_wise=true verbosity=-1",
      1 << shape.depth, shape.depth);
  if (shape.kind == Kind::kLinear) parameters += " linear_tree=true";
  for (int j = 0; j < shape.categorical(); ++j)
    parameters += fmt::format("{}{}", j == 0 ? " categorical_feature=" : ",", j);
  DatasetHandle dataset = nullptr;
  BoosterHandle booster = nullptr;
  int finished = 0;
  bool ok = library.dataset_create(set.rows.data(), C_API_DTYPE_FLOAT64, kTrainRows, shape.width, 1, parameters.c_str(),
                                   nullptr, &dataset) == 0 &&
            library.dataset_set_field(dataset, "label", set.labels.data(), kTrainRows, C_API_DTYPE_FLOAT32) == 0 &&
            library.booster_create(dataset, parameters.c_str(), &booster) == 0;
  for (int i = 0; ok && i < shape.trees; ++i) ok = library.update(booster, &finished) == 0;
  Require(ok, "training with LightGBM");
  return booster;
}

std::string TextOf(const hone::LightGbmLibrary& library, BoosterHandle booster) {
  std::string text(std::size_t{512} << 20, '\0');
  std::int64_t length = 0;
  Require(library.save(booster, 0, -1, 0, static_cast<std::int64_t>(text.size()), &length, text.data()) == 0 &&
              length <= static_cast<std::int64_t>(text.size()),
          "saving a LightGBM model");
  text.resize(static_cast<std::size_t>(length) - 1);
  return text;
}

bool CompareWithLightGbm(const hone::LightGbmLibrary& library, const Shape& shape) {
  const FastCalls fast = OpenFastCalls(library.path);
  BoosterHandle booster = TrainLightGbm(library, shape);
  const std::vector<double> rows = MakeRows(kRows, shape, 2);
  const char* const options = "num_threads=1 verbosity=-1";
  FastConfigHandle config = nullptr;
  Require(fast.init(booster, C_API_PREDICT_RAW_SCORE, 0, -1, C_API_DTYPE_FLOAT64, shape.width, options, &config) == 0,
          "LightGBM's fast call");
  std::vector<Contender> contenders = {
      {"LightGBM",
       [&](std::size_t row) {
         std::int64_t length = 0;
         double margin = 0;
         fast.predict(config, rows.data() + row * static_cast<std::size_t>(shape.width), &length, &margin);
         return margin;
       },
       [&](std::vector<double>& margins) {
         std::int64_t length = 0;
         library.predict(booster, rows.data(), C_API_DTYPE_FLOAT64, kRows, shape.width, 1, C_API_PREDICT_RAW_SCORE, 0,
                         -1, options, &length, margins.data());
       },
       {},
       {},
       {}}};
  AddKernels(shape, hone::ReadLightGbmForest(TextOf(library, booster), "bench").value(), rows, contenders);
  const bool equal = Compare(shape, std::move(contenders));
  fast.free(config);
  library.booster_free(booster);
  return equal;
}

#endif
#ifdef HONE_HAVE_XGBOOST

// Tells which columns are categorical.
bool SetKinds(const hone::XgboostLibrary& library, DMatrixHandle matrix, const Shape& shape) {
  std::vector<const char*> kinds;
  for (int j = 0; j < shape.width; ++j) kinds.push_back(j < shape.categorical() ? "c" : "float");
  return library.matrix_set_features(matrix, "feature_type", kinds.data(), kinds.size()) == 0;
}

BoosterHandle TrainXgboost(const hone::XgboostLibrary& library, const Shape& shape) {
  const TrainingSet set = MakeTrainingSet(shape);
  DMatrixHandle matrix = nullptr;
  BoosterHandle booster = nullptr;
  const std::string data = hone::ArrayInterface(set.rows, static_cast<std::size_t>(shape.width));
  bool ok =
      library.matrix_create(data.c_str(), R"({"missing":NaN,"nthread":1})", &matrix) == 0 &&
      library.matrix_set(matrix, "label", hone::ArrayInterface(std::span<const float>(set.labels)).c_str()) == 0 &&
      SetKinds(library, matrix, shape) && library.booster_create(&matrix, 1, &booster) == 0;
  const std::pair<const char*, std::string> parameters[] = {
      {"max_depth", std::to_string(shape.depth)}, {"nthread", "1"}, {"tree_method", "hist"}, {"min_child_weight", "0"}};
  for (const auto& [name, value] : parameters) ok = ok && library.set_parameter(booster, name, value.c_str()) == 0;
  for (int i = 0; ok && i < shape.trees; ++i) ok = library.update(booster, i, matrix) == 0;
  Require(ok, "training with XGBoost");
  library.matrix_free(matrix);
  return booster;
}

// One row or many, which `array` describes.
void PredictXgboost(const hone::XgboostLibrary& library, BoosterHandle booster, const std::string& array,
                    double* margins) {
  const char* const config =
      R"({"type":1,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false,"missing":NaN})";
  const bst_ulong* dimensions = nullptr;
  bst_ulong count = 0;
  const float* values = nullptr;
  Require(library.predict(booster, array.c_str(), config, nullptr, &dimensions, &count, &values) == 0,
          "predicting with XGBoost");
  std::copy_n(values, dimensions[0], margins);
}

// Answers by ONNX Runtime, where it is here.
void AddOnnxRuntime([[maybe_unused]] const Shape& shape, [[maybe_unused]] const hone::Forest& forest,
                    [[maybe_unused]] const std::vector<double>& rows,
                    [[maybe_unused]] std::vector<Contender>& contenders) {
#ifdef HONE_HAVE_ONNXRUNTIME
  auto opened = hone::bench::OnnxForest::Open(forest, rows);
  Require(opened.ok(), "opening the model in ONNX Runtime");
  const std::shared_ptr<const hone::bench::OnnxForest> onnx = *std::move(opened);
  contenders.push_back({"ONNX Runtime",
                        [onnx](std::size_t row) { return onnx->PredictOne(row); },
                        [onnx](std::vector<double>& margins) { onnx->PredictAll(margins); },
                        {},
                        {},
                        {}});
  contenders.back().tolerance = FloatSumTolerance(shape.trees);
#endif
}

// Answers by TL2cgen, where it is here and the shape is compiled.
void AddTl2cgen(const Shape& shape, std::string_view model, const std::vector<double>& rows,
                std::vector<Contender>& contenders) {
  if (!shape.tl2cgen) return;
  auto opened = hone::bench::Tl2cgenForest::Open(HONE_ROOT, model, rows, static_cast<std::size_t>(shape.width));
  if (!opened.ok()) {
    fmt::print("{}\n", opened.error().ToString());
    return;
  }
  const std::shared_ptr<hone::bench::Tl2cgenForest> compiled = *std::move(opened);
  contenders.push_back({"TL2cgen",
                        [compiled](std::size_t row) { return compiled->PredictOne(row); },
                        [compiled](std::vector<double>& margins) { compiled->PredictAll(margins); },
                        {},
                        {},
                        {}});
  contenders.back().tolerance = FloatSumTolerance(shape.trees);
}

bool CompareWithXgboost(const hone::XgboostLibrary& library, const Shape& shape) {
  BoosterHandle booster = TrainXgboost(library, shape);
  const std::vector<double> rows = MakeRows(kRows, shape, 2);
  const auto width = static_cast<std::size_t>(shape.width);
  std::vector<std::string> arrays;
  for (std::size_t i = 0; i < kRows; ++i) {
    arrays.push_back(hone::ArrayInterface(std::span<const double>(rows).subspan(i * width, width), width));
  }
  const std::string all = hone::ArrayInterface(rows, width);
  std::vector<Contender> contenders = {
      {"XGBoost",
       [&](std::size_t row) {
         double margin = 0;
         PredictXgboost(library, booster, arrays[row], &margin);
         return margin;
       },
       [&](std::vector<double>& margins) { PredictXgboost(library, booster, all, margins.data()); },
       {},
       {},
       {}}};
  bst_ulong length = 0;
  const char* text = nullptr;
  Require(library.save(booster, R"({"format":"ubj"})", &length, &text) == 0, "saving an XGBoost model");
  const hone::Forest forest = hone::ReadXgboostForest({text, length}, "bench").value();
  if (shape.kind == Kind::kNumerical) AddOnnxRuntime(shape, forest, rows, contenders);
  AddTl2cgen(shape, {text, length}, rows, contenders);
  AddKernels(shape, forest, rows, contenders);
  const bool equal = Compare(shape, std::move(contenders));
  library.booster_free(booster);
  return equal;
}

#endif

// A compiler takes about a second for a thousand leaves.
constexpr int kMostLeavesCompiled = 64'000;

std::vector<Shape> WholeGrid() {
  std::vector<Shape> shapes;
  for (const int depth : {4, 6, 8, 10}) {
    for (const int width : {10, 30, 100}) {
      for (const int trees : {50, 100, 500, 1000}) {
        for (const bool missing : {false, true}) {
          shapes.push_back({trees, depth, width, missing, trees << depth <= kMostLeavesCompiled});
        }
      }
    }
  }
  return shapes;
}

std::vector<Shape> PartOfGrid() {
  return {{100, 4, 30, false, true}, {50, 6, 30, false, true}, {100, 6, 10, false}, {100, 6, 30, false, true},
          {100, 6, 30, true, true},  {100, 6, 100, true},      {500, 6, 30, false}, {1000, 6, 30, true},
          {100, 8, 30, false},       {100, 10, 30, false}};
}

constexpr Shape kCategoricalShape = {100, 6, 30, true, false, Kind::kCategorical};
#ifdef HONE_HAVE_LIGHTGBM
constexpr Shape kLinearShape = {100, 6, 30, false, false, Kind::kLinear};
#endif

}  // namespace

int main(int argc, char** argv) {
  const std::vector<Shape> shapes = argc > 1 && std::string(argv[1]) == "--grid" ? WholeGrid() : PartOfGrid();
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  bool equal = true;
#ifdef HONE_HAVE_XGBOOST
  Require(hone::OpenXgboost().ok(), "opening XGBoost");
  fmt::print("XGBoost's models\n");
  for (const Shape& shape : shapes) equal = CompareWithXgboost(*hone::OpenXgboost(), shape) && equal;
  equal = CompareWithXgboost(*hone::OpenXgboost(), kCategoricalShape) && equal;
#else
  fmt::print("XGBoost is not in this build\n");
#endif
#ifdef HONE_HAVE_LIGHTGBM
  Require(hone::OpenLightGbm().ok(), "opening LightGBM");
  fmt::print("\nLightGBM's models\n");
  for (const Shape& shape : shapes) equal = CompareWithLightGbm(*hone::OpenLightGbm(), shape) && equal;
  for (const Shape& shape : {kCategoricalShape, kLinearShape}) {
    equal = CompareWithLightGbm(*hone::OpenLightGbm(), shape) && equal;
  }
#else
  fmt::print("LightGBM is not in this build\n");
#endif
  return equal ? 0 : 1;
}
