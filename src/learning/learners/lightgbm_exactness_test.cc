// Our forest against the library that trained it: raw scores and answers equal to the bit, over a grid of options.
#ifdef HONE_HAVE_LIGHTGBM

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "learning/learners/exactness_rows.h"
#include "learning/lightgbm_library.h"
#include "models/forest/contributions.h"
#include "models/forest/forest.h"
#include "models/forest/lightgbm_reader.h"
#include "models/forest/split_importance.h"

namespace hone {
namespace {

constexpr auto kWidth = static_cast<std::int32_t>(kExactnessWidth);
constexpr auto kRows = static_cast<std::int32_t>(kExactnessRows);

struct LightGbmCase {
  const char* name;
  const char* parameters;
  double missing = 0;  // share of NaN in the features
  LabelKind labels = LabelKind::kReal;
};

// The library, with a booster trained as a case says.
class LightGbmPeer {
 public:
  LightGbmPeer(const LightGbmCase& setup, const ExactnessRows& rows) : library_(OpenLightGbm().value()) {
    const std::string parameters =
        std::string(setup.parameters) +
        " num_threads=1 deterministic=true force_row_wise=true verbosity=-1 seed=3 num_leaves=12 min_data_in_leaf=5";
    Check(library_.dataset_create(rows.x.data(), C_API_DTYPE_FLOAT64, kRows, kWidth, 1, parameters.c_str(), nullptr,
                                  &dataset_));
    Check(library_.dataset_set_field(dataset_, "label", rows.y.data(), kRows, C_API_DTYPE_FLOAT32));
    if (setup.labels == LabelKind::kGrades) {
      const std::vector<std::int32_t> groups(kRows / 20, 20);
      Check(library_.dataset_set_field(dataset_, "group", groups.data(), kRows / 20, C_API_DTYPE_INT32));
    }
    Check(library_.booster_create(dataset_, parameters.c_str(), &booster_));
    int finished = 0;
    for (int i = 0; i < 25 && finished == 0; ++i) Check(library_.update(booster_, &finished));
  }
  ~LightGbmPeer() {
    library_.booster_free(booster_);
    library_.dataset_free(dataset_);
  }
  LightGbmPeer(const LightGbmPeer&) = delete;
  LightGbmPeer& operator=(const LightGbmPeer&) = delete;

  std::string Text() const {
    std::string text(std::size_t{1} << 20, '\0');
    std::int64_t length = 0;
    Check(library_.save(booster_, 0, -1, 0, static_cast<std::int64_t>(text.size()), &length, text.data()));
    text.resize(static_cast<std::size_t>(length) - 1);
    return text;
  }
  std::vector<double> Predict(const std::vector<double>& rows, int kind, std::size_t outputs) const {
    const std::size_t count = rows.size() / kWidth;
    std::vector<double> out(count * outputs);
    std::int64_t length = 0;
    Check(library_.predict(booster_, rows.data(), C_API_DTYPE_FLOAT64, static_cast<std::int32_t>(count), kWidth, 1,
                           kind, 0, -1, "num_threads=1 verbosity=-1", &length, out.data()));
    EXPECT_EQ(static_cast<std::size_t>(length), out.size());
    return out;
  }
  std::vector<double> Importance(int type) const {
    std::vector<double> out(kExactnessWidth);
    Check(library_.importance(booster_, -1, type, out.data()));
    return out;
  }

 private:
  void Check(int status) const { EXPECT_EQ(status, 0) << library_.last_error(); }

  const LightGbmLibrary& library_;
  DatasetHandle dataset_ = nullptr;
  BoosterHandle booster_ = nullptr;
};

bool SameBits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

class LightGbmExactness : public testing::TestWithParam<LightGbmCase> {};

TEST_P(LightGbmExactness, EveryAnswerHasTheLibrarysBits) {
  const ExactnessRows rows = MakeExactnessRows(GetParam().labels, GetParam().missing);
  const LightGbmPeer peer(GetParam(), rows);
  const std::string text = peer.Text();
  auto forest = ReadLightGbmForest(text, "model.txt");
  ASSERT_TRUE(forest.ok()) << forest.error().ToString();
  const std::vector<double> probes = ProbeRows(rows.x, *forest);
  const auto model = MakeForestModel(*std::move(forest));

  const std::size_t outputs = model->margins();
  const std::vector<double> margins = peer.Predict(probes, C_API_PREDICT_RAW_SCORE, outputs);
  const std::vector<double> answers = peer.Predict(probes, C_API_PREDICT_NORMAL, outputs);
  std::vector<double> batch(margins.size()), margin(outputs), answer(outputs);
  model->PredictBatch(probes, batch);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < margins.size(); i += outputs) {
    const std::span<const double> row(probes.data() + i / outputs * kWidth, kWidth);
    model->PredictMargins(row, margin);
    model->PredictAll(row, answer);
    for (std::size_t k = 0; k < outputs; ++k) {
      wrong += !SameBits(margin[k], margins[i + k]);
      wrong += !SameBits(answer[k], answers[i + k]);
      wrong += !SameBits(batch[i + k], answers[i + k]);
    }
  }
  EXPECT_EQ(wrong, 0U) << "of " << 3 * margins.size();
  // The probes reach different leaves, unless the case is a constant.
  const auto [least, most] = std::minmax_element(margins.begin(), margins.end());
  EXPECT_EQ(*least == *most, std::string(GetParam().name) == "single_leaf");
}

// SHAP values, to 1e-10 of the largest of a row. Linear trees have none, in the library neither.
TEST_P(LightGbmExactness, EveryContributionIsTheLibrarys) {
  const ExactnessRows rows = MakeExactnessRows(GetParam().labels, GetParam().missing);
  const LightGbmPeer peer(GetParam(), rows);
  const auto model = MakeForestModel(ReadLightGbmForest(peer.Text(), "model.txt").value());
  const auto contributions = ForestContributions::Make(model);
  if (std::string(GetParam().parameters).find("linear_tree") != std::string::npos) {
    EXPECT_FALSE(contributions.ok());
    return;
  }
  ASSERT_TRUE(contributions.ok()) << contributions.error().ToString();
  const std::size_t numbers = model->margins() * (kExactnessWidth + 1);
  const std::vector<double> theirs = peer.Predict(rows.x, C_API_PREDICT_CONTRIB, numbers);
  std::vector<double> ours(numbers);
  for (std::size_t i = 0; i < kExactnessRows; ++i) {
    contributions->Explain({rows.x.data() + i * kExactnessWidth, kExactnessWidth}, ours);
    double largest = 1e-300;
    for (std::size_t k = 0; k < numbers; ++k) largest = std::max(largest, std::fabs(theirs[i * numbers + k]));
    for (std::size_t k = 0; k < numbers; ++k) {
      ASSERT_NEAR(ours[k], theirs[i * numbers + k], 1e-10 * largest) << "row " << i << " number " << k;
    }
  }
}

// Gains to 1e-5: its files have six digits of them.
TEST_P(LightGbmExactness, EveryImportanceIsTheLibrarys) {
  const ExactnessRows rows = MakeExactnessRows(GetParam().labels, GetParam().missing);
  const LightGbmPeer peer(GetParam(), rows);
  const SplitImportance ours = SplitImportanceOf(ReadLightGbmForest(peer.Text(), "model.txt").value());
  EXPECT_EQ(ours.splits, peer.Importance(C_API_FEATURE_IMPORTANCE_SPLIT));
  const std::vector<double> gain = peer.Importance(C_API_FEATURE_IMPORTANCE_GAIN);
  if (ours.gain.empty()) {
    EXPECT_EQ(gain, std::vector<double>(kExactnessWidth)) << "only of single leaves";
    return;
  }
  for (std::size_t j = 0; j < kExactnessWidth; ++j) EXPECT_NEAR(ours.gain[j], gain[j], 1e-5 * gain[j]) << j;
}

const LightGbmCase kLightGbmCases[] = {
    {"regression", "objective=regression"},
    {"missing_nan", "objective=regression", 0.1},
    {"missing_ignored", "objective=regression use_missing=false", 0.1},
    {"zero_as_missing", "objective=regression zero_as_missing=true", 0.1},
    {"zero_as_missing_complete", "objective=regression zero_as_missing=true"},
    {"categorical", "objective=regression categorical_feature=4,5"},
    {"categorical_missing", "objective=regression categorical_feature=4,5 max_cat_to_onehot=2 min_data_per_group=5",
     0.1},
    {"few_bins", "objective=regression max_bin=7", 0.05},
    {"dart", "objective=regression boosting=dart drop_rate=0.5", 0.1},
    {"random_forest", "objective=regression boosting=rf bagging_freq=1 bagging_fraction=0.6", 0.1},
    {"goss", "objective=regression data_sample_strategy=goss learning_rate=0.5"},
    {"extra_trees", "objective=regression extra_trees=true", 0.1},
    {"bagging_features", "objective=regression bagging_freq=1 bagging_fraction=0.5 feature_fraction=0.5", 0.1},
    {"l1", "objective=regression_l1"},
    {"huber", "objective=huber"},
    {"fair", "objective=fair"},
    {"quantile", "objective=quantile alpha=0.9"},
    {"mape", "objective=mape", 0, LabelKind::kPositive},
    {"sqrt", "objective=regression reg_sqrt=true"},
    {"poisson", "objective=poisson", 0, LabelKind::kPositive},
    {"gamma", "objective=gamma", 0.1, LabelKind::kPositive},
    {"tweedie", "objective=tweedie tweedie_variance_power=1.3", 0, LabelKind::kPositive},
    {"binary", "objective=binary sigmoid=0.7", 0.1, LabelKind::kBinary},
    {"cross_entropy", "objective=cross_entropy", 0, LabelKind::kBinary},
    {"cross_entropy_lambda", "objective=cross_entropy_lambda", 0, LabelKind::kBinary},
    {"cross_entropy_shares", "objective=cross_entropy", 0.1, LabelKind::kUnit},
    {"lambdarank", "objective=lambdarank", 0.1, LabelKind::kGrades},
    {"rank_xendcg", "objective=rank_xendcg", 0.1, LabelKind::kGrades},
    {"random_forest_binary", "objective=binary boosting=rf bagging_freq=1 bagging_fraction=0.6", 0, LabelKind::kBinary},
    {"single_leaf", "objective=regression min_sum_hessian_in_leaf=1e9"},
    {"monotone", "objective=regression monotone_constraints=1,0,-1,0,0,0"},
    {"classes", "objective=multiclass num_class=3", 0.1, LabelKind::kClasses},
    {"classes_one_against_all", "objective=multiclassova num_class=3 sigmoid=0.7", 0.1, LabelKind::kClasses},
    {"classes_random_forest", "objective=multiclass num_class=3 boosting=rf bagging_freq=1 bagging_fraction=0.6", 0,
     LabelKind::kClasses},
    {"classes_categorical", "objective=multiclass num_class=3 categorical_feature=4,5 min_data_per_group=5", 0.1,
     LabelKind::kClasses},
    {"classes_dart", "objective=multiclass num_class=3 boosting=dart drop_rate=0.5", 0, LabelKind::kClasses},
    {"linear", "objective=regression linear_tree=true"},
    {"linear_missing", "objective=regression linear_tree=true linear_lambda=0.1", 0.1},
    {"linear_categorical", "objective=regression linear_tree=true categorical_feature=4,5", 0.1},
    {"zero_as_missing_categorical", "objective=regression zero_as_missing=true categorical_feature=4,5", 0.1},
    {"dart_categorical", "objective=regression boosting=dart drop_rate=0.5 categorical_feature=4,5", 0.1},
    {"linear_binary", "objective=binary linear_tree=true", 0, LabelKind::kBinary},
    {"l1_l2_penalties", "objective=regression lambda_l1=1 lambda_l2=5 max_delta_step=0.3"},
};

INSTANTIATE_TEST_SUITE_P(Grid, LightGbmExactness, testing::ValuesIn(kLightGbmCases),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace hone

#endif
