// Our forest against the XGBoost that trained it, over a grid of objectives and options: margins equal to the bit,
// answers to two units in the last place.
#ifdef HONE_HAVE_XGBOOST

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "learning/learners/exactness_rows.h"
#include "learning/xgboost_library.h"
#include "models/forest/contributions.h"
#include "models/forest/forest.h"
#include "models/forest/split_importance.h"
#include "models/forest/xgboost_reader.h"

namespace hone {
namespace {

struct XgboostCase {
  const char* name;
  const char* parameters;
  LabelKind labels = LabelKind::kReal;
  double missing = 0;        // share of NaN in the features
  bool categorical = false;  // columns 4 and 5
  std::size_t targets = 1;
  int best_iteration = -1;  // >= 0: the attribute that early stopping writes
};

constexpr int kRounds = 20;

// The library, with a booster trained as a case says.
class XgboostPeer {
 public:
  XgboostPeer(const XgboostCase& setup, const ExactnessRows& rows) : setup_(setup), library_(OpenXgboost().value()) {
    const std::string values = ArrayInterface(rows.x, kExactnessWidth);
    Check(library_.matrix_create(values.c_str(), R"({"missing":NaN,"nthread":1})", &matrix_));
    SetLabels(rows);
    if (setup.categorical) SetTypes();
    Check(library_.booster_create(&matrix_, 1, &booster_));
    Set("nthread=1 seed=3 verbosity=0 max_depth=4 min_child_weight=1 learning_rate=0.3");
    Set(setup.parameters);
    for (int round = 0; round < kRounds; ++round) Check(library_.update(booster_, round, matrix_));
    if (setup.best_iteration < 0) return;
    Check(library_.set_attribute(booster_, "best_iteration", std::to_string(setup.best_iteration).c_str()));
  }
  ~XgboostPeer() {
    library_.booster_free(booster_);
    library_.matrix_free(matrix_);
  }
  XgboostPeer(const XgboostPeer&) = delete;
  XgboostPeer& operator=(const XgboostPeer&) = delete;

  std::string Save(const char* format) const {
    bst_ulong size = 0;
    const char* bytes = nullptr;
    Check(library_.save(booster_, (std::string(R"({"format":")") + format + R"("})").c_str(), &size, &bytes));
    return {bytes, size};
  }
  // Rows of answers, or of margins.
  std::vector<float> Predict(const std::vector<double>& rows, bool margins) const {
    const std::string config = R"({"type":)" + std::to_string(margins ? 1 : 0) +
                               R"(,"training":false,"iteration_begin":0,"iteration_end":)" +
                               std::to_string(setup_.best_iteration + 1) + R"(,"strict_shape":true,"missing":NaN})";
    const bst_ulong* shape = nullptr;
    bst_ulong dimensions = 0;
    const float* out = nullptr;
    Check(library_.predict(booster_, ArrayInterface(rows, kExactnessWidth).c_str(), config.c_str(), nullptr, &shape,
                           &dimensions, &out));
    return {out, out + Size(shape, dimensions)};
  }
  // Of the trees that answer. Columns that no split tests are left out by the library.
  std::vector<double> Importance(const char* type) const {
    const std::string config = std::string(R"({"importance_type":")") + type + R"("})";
    bst_ulong names = 0, dimensions = 0;
    const char** name = nullptr;
    const bst_ulong* shape = nullptr;
    const float* scores = nullptr;
    BoosterHandle scored = booster_;
    if (setup_.best_iteration >= 0) Check(library_.slice(booster_, 0, setup_.best_iteration + 1, 1, &scored));
    Check(library_.feature_score(scored, config.c_str(), &names, &name, &dimensions, &shape, &scores));
    std::vector<double> out(kExactnessWidth);
    for (bst_ulong i = 0; i < names; ++i) {
      out[static_cast<std::size_t>(name[i][1] - '0')] = static_cast<double>(scores[i]);  // "f3"
    }
    if (scored != booster_) library_.booster_free(scored);
    return out;
  }
  // SHAP values of the training rows: of each row and output the columns', then the bias.
  std::vector<float> Contributions() const {
    const std::string config = R"({"type":2,"training":false,"iteration_begin":0,"iteration_end":)" +
                               std::to_string(setup_.best_iteration + 1) + R"(,"strict_shape":true})";
    const bst_ulong* shape = nullptr;
    bst_ulong dimensions = 0;
    const float* out = nullptr;
    Check(library_.predict_matrix(booster_, matrix_, config.c_str(), &shape, &dimensions, &out));
    return {out, out + Size(shape, dimensions)};
  }

 private:
  static std::size_t Size(const bst_ulong* shape, bst_ulong dimensions) {
    std::size_t size = 1;
    for (bst_ulong i = 0; i < dimensions; ++i) size *= shape[i];
    return size;
  }

  void Check(int status) const { ASSERT_EQ(status, 0) << library_.last_error(); }

  void Set(const std::string& parameters) const {
    std::istringstream words(parameters);
    for (std::string word; words >> word;) {
      const std::size_t equals = word.find('=');
      Check(library_.set_parameter(booster_, word.substr(0, equals).c_str(), word.substr(equals + 1).c_str()));
    }
  }
  // Further targets are the label of the row before.
  void SetLabels(const ExactnessRows& rows) const {
    std::vector<double> labels;
    for (std::size_t i = 0; i < kExactnessRows; ++i) {
      for (std::size_t k = 0; k < setup_.targets; ++k) labels.push_back(rows.y[i < k ? i : i - k]);
    }
    const std::string objective = setup_.parameters;
    if (objective.find("survival:aft") != std::string::npos) return SetBounds(labels);
    Check(library_.matrix_set(matrix_, "label", ArrayInterface(labels, setup_.targets).c_str()));
    if (objective.find("rank:") != std::string::npos) SetGroups();
  }
  // Every fourth time is known only to be later.
  void SetBounds(const std::vector<double>& labels) const {
    std::vector<float> lower(labels.begin(), labels.end()), upper = lower;
    for (std::size_t i = 0; i < upper.size(); i += 4) upper[i] = INFINITY;
    Check(library_.matrix_set(matrix_, "label_lower_bound", ArrayInterface(lower).c_str()));
    Check(library_.matrix_set(matrix_, "label_upper_bound", ArrayInterface(upper).c_str()));
  }
  void SetGroups() const {
    std::vector<double> groups;
    for (std::size_t i = 0; i < kExactnessRows; ++i) {
      const std::size_t group = i / 20;
      groups.push_back(static_cast<double>(group));
    }
    Check(library_.matrix_set(matrix_, "qid", ArrayInterface(groups).c_str()));
  }
  void SetTypes() const {
    const char* types[kExactnessWidth] = {"float", "float", "float", "float", "c", "c"};
    Check(library_.matrix_set_features(matrix_, "feature_type", types, kExactnessWidth));
  }

  const XgboostCase& setup_;
  const XgboostLibrary& library_;
  DMatrixHandle matrix_ = nullptr;
  BoosterHandle booster_ = nullptr;
};

std::int32_t BitsOf(double value) { return std::bit_cast<std::int32_t>(static_cast<float>(value)); }

bool SameBits(double a, float b) { return BitsOf(a) == std::bit_cast<std::int32_t>(b); }

bool WithinTwoUlps(double a, float b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return SameBits(a, b) || std::abs(static_cast<std::int64_t>(BitsOf(a)) - BitsOf(b)) <= 2;
}

class XgboostExactness : public testing::TestWithParam<XgboostCase> {};

TEST_P(XgboostExactness, EveryMarginHasTheLibrarysBits) {
  const ExactnessRows rows = MakeExactnessRows(GetParam().labels, GetParam().missing);
  const XgboostPeer peer(GetParam(), rows);
  if (HasFatalFailure()) return;
  for (const char* const format : {"json", "ubj"}) {
    auto forest = ReadXgboostForest(peer.Save(format), "model");
    ASSERT_TRUE(forest.ok()) << forest.error().ToString();
    const std::vector<double> probes = ProbeRows(rows.x, *forest);
    const auto model = MakeForestModel(*std::move(forest));
    const std::size_t count = probes.size() / kExactnessWidth, outputs = model->outputs(), sums = model->margins();
    const std::vector<float> margins = peer.Predict(probes, true), answers = peer.Predict(probes, false);
    ASSERT_EQ(margins.size(), count * sums);
    ASSERT_EQ(answers.size(), count * outputs);
    std::vector<double> batch(answers.size()), margin(sums), answer(outputs);
    model->PredictBatch(probes, batch);
    std::size_t wrong = 0, far = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::span<const double> row(probes.data() + i * kExactnessWidth, kExactnessWidth);
      model->PredictMargins(row, margin);
      model->PredictAll(row, answer);
      for (std::size_t k = 0; k < sums; ++k) wrong += !SameBits(margin[k], margins[i * sums + k]);
      for (std::size_t k = 0; k < outputs; ++k) {
        far += !WithinTwoUlps(answer[k], answers[i * outputs + k]);
        wrong += !SameBits(answer[k], static_cast<float>(batch[i * outputs + k]));
      }
    }
    EXPECT_EQ(wrong, 0U) << format << ", of " << count << " rows";
    EXPECT_EQ(far, 0U) << format << ", of " << count << " rows";
    // The probes reach different leaves, unless the case is a constant.
    const auto [least, most] = std::minmax_element(margins.begin(), margins.end());
    EXPECT_EQ(*least == *most, std::string(GetParam().name) == "single_leaf");
  }
}

// SHAP values, to 1e-6 of the largest of a row or 2e-6 in all: the library's are floats.
TEST_P(XgboostExactness, EveryContributionIsTheLibrarys) {
  const ExactnessRows rows = MakeExactnessRows(GetParam().labels, GetParam().missing);
  const XgboostPeer peer(GetParam(), rows);
  if (HasFatalFailure()) return;
  const auto model = MakeForestModel(ReadXgboostForest(peer.Save("ubj"), "model").value());
  const auto contributions = ForestContributions::Make(model);
  ASSERT_TRUE(contributions.ok()) << contributions.error().ToString();
  const std::size_t numbers = model->margins() * (kExactnessWidth + 1);
  const std::vector<float> theirs = peer.Contributions();
  ASSERT_EQ(theirs.size(), kExactnessRows * numbers);
  std::vector<double> ours(numbers);
  for (std::size_t i = 0; i < kExactnessRows; ++i) {
    contributions->Explain({rows.x.data() + i * kExactnessWidth, kExactnessWidth}, ours);
    double largest = 2;
    for (std::size_t k = 0; k < numbers; ++k) largest = std::max(largest, std::fabs(ours[k]));
    for (std::size_t k = 0; k < numbers; ++k) {
      ASSERT_NEAR(ours[k], static_cast<double>(theirs[i * numbers + k]), 1e-6 * largest)
          << "row " << i << " number " << k;
    }
  }
}

// Gains to 1e-5: the library adds floats.
TEST_P(XgboostExactness, EveryImportanceIsTheLibrarys) {
  const ExactnessRows rows = MakeExactnessRows(GetParam().labels, GetParam().missing);
  const XgboostPeer peer(GetParam(), rows);
  if (HasFatalFailure()) return;
  const SplitImportance ours = SplitImportanceOf(ReadXgboostForest(peer.Save("ubj"), "model").value());
  EXPECT_EQ(ours.splits, peer.Importance("weight"));
  if (ours.gain.empty()) return;  // single leaves
  const std::vector<double> gain = peer.Importance("total_gain");
  for (std::size_t j = 0; j < kExactnessWidth; ++j) EXPECT_NEAR(ours.gain[j], gain[j], 1e-5 * gain[j]) << j;
}

using enum LabelKind;

const XgboostCase kXgboostCases[] = {
    {"squared_error", "objective=reg:squarederror"},
    {"squared_error_missing", "objective=reg:squarederror", kReal, 0.1},
    {"squared_log_error", "objective=reg:squaredlogerror", kPositive, 0.1},
    {"logistic", "objective=reg:logistic", kUnit, 0.1},
    {"pseudo_huber", "objective=reg:pseudohubererror huber_slope=0.5", kReal, 0.1},
    {"absolute_error", "objective=reg:absoluteerror", kReal, 0.1},
    {"quantile", "objective=reg:quantileerror quantile_alpha=0.8", kReal, 0.1},
    {"quantiles", "objective=reg:quantileerror quantile_alpha=[0.1,0.5,0.9]", kReal, 0.1},
    {"expectile", "objective=reg:expectileerror expectile_alpha=0.8", kReal, 0.1},
    {"expectiles", "objective=reg:expectileerror expectile_alpha=[0.1,0.5,0.9]", kReal, 0.1},
    {"binary_logistic", "objective=binary:logistic", kBinary, 0.1},
    {"binary_weighted", "objective=binary:logistic scale_pos_weight=3 max_delta_step=0.7", kBinary},
    {"binary_raw", "objective=binary:logitraw", kBinary, 0.1},
    {"binary_hinge", "objective=binary:hinge", kBinary, 0.1},
    {"poisson", "objective=count:poisson", kCount, 0.1},
    {"cox", "objective=survival:cox", kCensored, 0.1},
    {"aft_normal", "objective=survival:aft", kPositive, 0.1},
    {"aft_logistic", "objective=survival:aft aft_loss_distribution=logistic", kPositive},
    {"aft_extreme", "objective=survival:aft aft_loss_distribution=extreme aft_loss_distribution_scale=2", kPositive},
    {"gamma", "objective=reg:gamma", kPositive, 0.1},
    {"tweedie", "objective=reg:tweedie tweedie_variance_power=1.3", kPositive, 0.1},
    {"softmax", "objective=multi:softmax num_class=3", kClasses, 0.1},
    {"softprob", "objective=multi:softprob num_class=3", kClasses, 0.1},
    {"rank_ndcg", "objective=rank:ndcg", kGrades, 0.1},
    {"rank_pairwise", "objective=rank:pairwise", kGrades},
    {"rank_map", "objective=rank:map", kBinary},
    {"base_score", "objective=reg:squarederror base_score=0.3", kReal, 0.1},
    {"base_score_zero", "objective=reg:squarederror base_score=0", kReal, 0.1},
    {"base_score_logistic", "objective=binary:logistic base_score=0.2", kBinary},
    {"base_score_poisson", "objective=count:poisson base_score=2.5", kCount},
    {"base_score_softprob", "objective=multi:softprob num_class=3 base_score=0.7", kClasses},
    {"exact", "objective=reg:squarederror tree_method=exact", kReal, 0.1},
    {"approx", "objective=reg:squarederror tree_method=approx", kReal, 0.1},
    {"few_bins", "objective=reg:squarederror max_bin=7", kReal, 0.05},
    {"deep", "objective=reg:squarederror max_depth=12 min_child_weight=0", kReal, 0.1},
    {"by_loss", "objective=reg:squarederror grow_policy=lossguide max_depth=0 max_leaves=20", kReal, 0.1},
    {"single_leaf", "objective=reg:squarederror gamma=1e9"},
    {"monotone", "objective=reg:squarederror monotone_constraints=(1,0,-1,0,0,0)"},
    {"penalties", "objective=reg:squarederror alpha=1 lambda=5", kReal, 0.1},
    {"drawn", "objective=reg:squarederror subsample=0.5 colsample_bynode=0.5", kReal, 0.1},
    {"dart", "objective=reg:squarederror booster=dart rate_drop=0.5", kReal, 0.1},
    {"dart_forest", "objective=reg:squarederror booster=dart rate_drop=0.5 normalize_type=forest sample_type=weighted"},
    {"dart_classes", "objective=multi:softprob num_class=3 booster=dart rate_drop=0.5", kClasses, 0.1},
    {"dart_categories", "objective=binary:logistic booster=dart rate_drop=0.5", kBinary, 0.1, true},
    {"forest", "objective=reg:squarederror num_parallel_tree=4 subsample=0.6 colsample_bynode=0.6", kReal, 0.1},
    {"forest_classes", "objective=multi:softprob num_class=3 num_parallel_tree=3 subsample=0.6", kClasses, 0.1},
    {"categories", "objective=reg:squarederror", kReal, 0, true},
    {"categories_missing", "objective=reg:squarederror", kReal, 0.1, true},
    {"categories_one_hot", "objective=reg:squarederror max_cat_to_onehot=100", kReal, 0.1, true},
    {"categories_in_sets", "objective=reg:squarederror max_cat_to_onehot=1 max_cat_threshold=64", kReal, 0.1, true},
    {"categories_classes", "objective=multi:softprob num_class=3 max_cat_to_onehot=1", kClasses, 0.1, true},
    {"targets", "objective=reg:squarederror", kReal, 0.1, false, 3},
    {"targets_binary", "objective=binary:logistic", kBinary, 0.1, false, 2},
    {"targets_absolute_error", "objective=reg:absoluteerror", kReal, 0.1, false, 2},
    {"targets_vector", "objective=reg:squarederror multi_strategy=multi_output_tree", kReal, 0.1, false, 3},
    {"targets_vector_binary", "objective=binary:logistic multi_strategy=multi_output_tree", kBinary, 0.1, false, 2},
    {"classes_vector", "objective=multi:softprob num_class=3 multi_strategy=multi_output_tree", kClasses, 0.1},
    {"quantiles_vector", "objective=reg:quantileerror quantile_alpha=[0.1,0.9] multi_strategy=multi_output_tree"},
    {"best_iteration", "objective=reg:squarederror", kReal, 0.1, false, 1, 7},
    {"best_iteration_first", "objective=binary:logistic", kBinary, 0.1, false, 1, 0},
    {"best_iteration_classes", "objective=multi:softprob num_class=3", kClasses, 0.1, false, 1, 7},
    {"best_iteration_forest", "objective=reg:squarederror num_parallel_tree=4 subsample=0.6", kReal, 0, false, 1, 7},
    {"best_iteration_dart", "objective=reg:squarederror booster=dart rate_drop=0.5", kReal, 0, false, 1, 7},
    {"best_iteration_vector", "objective=reg:squarederror multi_strategy=multi_output_tree", kReal, 0.1, false, 3, 7},
};

INSTANTIATE_TEST_SUITE_P(Grid, XgboostExactness, testing::ValuesIn(kXgboostCases),
                         [](const auto& tested) { return std::string(tested.param.name); });

// The probes are as sharp as they are meant to be.
TEST(ExactnessRows, NoticeEveryThresholdThatIsOffByOneFloat) {
  const XgboostCase setup = {"", "objective=reg:squarederror"};
  const ExactnessRows rows = MakeExactnessRows(setup.labels, setup.missing);
  const Forest forest = ReadXgboostForest(XgboostPeer(setup, rows).Save("ubj"), "model").value();
  const std::vector<double> probes = ProbeRows(rows.x, forest);
  std::size_t splits = 0, unnoticed = 0;
  for (const Tree& tree : forest.trees) {
    for (std::size_t i = 0; i < tree.splits.size(); ++i, ++splits) {
      Tree off = tree;
      off.splits[i].threshold = std::nextafter(static_cast<float>(tree.splits[i].threshold), INFINITY);
      bool noticed = false;
      for (std::size_t begin = 0; begin < probes.size() && !noticed; begin += kExactnessWidth) {
        const std::span<const double> row(probes.data() + begin, kExactnessWidth);
        noticed = TreeValue(tree, forest.dialect, row) != TreeValue(off, forest.dialect, row);
      }
      unnoticed += !noticed;
    }
  }
  EXPECT_GT(splits, 100U);
  EXPECT_EQ(unnoticed, 0U);
}

}  // namespace
}  // namespace hone

#endif
