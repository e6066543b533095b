// Our forest against the library that trained it: raw scores and answers equal to the bit, over a grid of options.
#ifdef HONE_HAVE_LIGHTGBM

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "learning/lightgbm_library.h"
#include "models/forest/forest.h"
#include "models/forest/lightgbm_reader.h"

namespace hone {
namespace {

constexpr int kWidth = 6;
constexpr int kRows = 600;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Case {
  const char* name;
  const char* parameters;
  double missing = 0;                                           // share of NaN in the features
  enum { kReal, kPositive, kBinary, kClasses } labels = kReal;  // kClasses: 0, 1, 2
};

struct Rows {
  std::vector<double> x;
  std::vector<float> y;
};

double LabelOf(const Case& setup, double y) {
  switch (setup.labels) {
    case Case::kReal: return y;
    case Case::kPositive: return std::exp(0.3 * y);
    case Case::kBinary: return y > 0.5;
    case Case::kClasses: return (y > 0) + (y > 1.5);
  }
  return y;
}

// Columns 0 to 2 real, 3 often zero, 4 and 5 small whole numbers (categories where a case says so).
Rows MakeRows(const Case& setup) {
  Rows rows;
  Random random(11);
  for (int i = 0; i < kRows; ++i) {
    double row[kWidth];
    for (int j = 0; j < 3; ++j) row[j] = random.Normal();
    row[3] = random.Uniform() < 0.5 ? 0.0 : random.Normal();
    row[4] = static_cast<double>(random.Below(40));
    row[5] = static_cast<double>(random.Below(7));
    const double y = std::sin(2 * row[0]) + row[1] * row[3] + std::cos(row[4]) + 0.2 * row[5] + 0.2 * random.Normal();
    rows.y.push_back(static_cast<float>(LabelOf(setup, y)));
    for (double& value : row) rows.x.push_back(random.Uniform() < setup.missing ? kNan : value);
  }
  return rows;
}

// Values that sit where a comparison turns.
std::vector<double> CriticalValues(const Forest& forest) {
  const double tiny = kZeroThreshold;
  std::vector<double> values = {kNan,
                                kInfinity,
                                -kInfinity,
                                0.0,
                                -0.0,
                                5e-324,
                                -5e-324,
                                1e-310,
                                tiny,
                                -tiny,
                                tiny / 2,
                                -tiny / 2,
                                1e300,
                                -1e300,
                                2.5,
                                -0.5,
                                1e10,
                                2147483647.0,
                                2147483648.0,
                                -1.0,
                                31,
                                32,
                                63.9,
                                std::nextafter(tiny, 1.0),
                                std::nextafter(-tiny, -1.0),
                                std::numeric_limits<double>::max()};
  for (const Tree& tree : forest.trees) {
    for (const Split& split : tree.splits) {
      if (values.size() > 400) return values;
      values.push_back(split.threshold);
      values.push_back(std::nextafter(split.threshold, kInfinity));
      values.push_back(std::nextafter(split.threshold, -kInfinity));
    }
  }
  return values;
}

std::vector<double> ProbeRows(const Rows& rows, const Forest& forest) {
  std::vector<double> probes = rows.x;
  const std::vector<double> values = CriticalValues(forest);
  Random random(12);
  for (int i = 0; i < 4000; ++i) {
    const std::size_t base = random.Below(kRows) * kWidth;
    for (std::size_t j = 0; j < kWidth; ++j) {
      probes.push_back(random.Uniform() < 0.5 ? values[random.Below(values.size())] : rows.x[base + j]);
    }
  }
  return probes;
}

// The library, with a booster trained as a case says.
class Peer {
 public:
  Peer(const Case& setup, const Rows& rows) : library_(OpenLightGbm().value()) {
    const std::string parameters =
        std::string(setup.parameters) +
        " num_threads=1 deterministic=true force_row_wise=true verbosity=-1 seed=3 num_leaves=12 min_data_in_leaf=5";
    Check(library_.dataset_create(rows.x.data(), C_API_DTYPE_FLOAT64, kRows, kWidth, 1, parameters.c_str(), nullptr,
                                  &dataset_));
    Check(library_.dataset_set_field(dataset_, "label", rows.y.data(), kRows, C_API_DTYPE_FLOAT32));
    Check(library_.booster_create(dataset_, parameters.c_str(), &booster_));
    int finished = 0;
    for (int i = 0; i < 25 && finished == 0; ++i) Check(library_.update(booster_, &finished));
  }
  ~Peer() {
    library_.booster_free(booster_);
    library_.dataset_free(dataset_);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

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

 private:
  void Check(int status) const { EXPECT_EQ(status, 0) << library_.last_error(); }

  const LightGbmLibrary& library_;
  DatasetHandle dataset_ = nullptr;
  BoosterHandle booster_ = nullptr;
};

bool SameBits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

class LightGbmExactness : public testing::TestWithParam<Case> {};

TEST_P(LightGbmExactness, EveryAnswerHasTheLibrarysBits) {
  const Rows rows = MakeRows(GetParam());
  const Peer peer(GetParam(), rows);
  const std::string text = peer.Text();
  auto forest = ReadLightGbmForest(text, "model.txt");
  ASSERT_TRUE(forest.ok()) << forest.error().ToString();
  const std::vector<double> probes = ProbeRows(rows, *forest);
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

const Case kCases[] = {
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
    {"mape", "objective=mape", 0, Case::kPositive},
    {"sqrt", "objective=regression reg_sqrt=true"},
    {"poisson", "objective=poisson", 0, Case::kPositive},
    {"gamma", "objective=gamma", 0.1, Case::kPositive},
    {"tweedie", "objective=tweedie tweedie_variance_power=1.3", 0, Case::kPositive},
    {"binary", "objective=binary sigmoid=0.7", 0.1, Case::kBinary},
    {"cross_entropy", "objective=cross_entropy", 0, Case::kBinary},
    {"cross_entropy_lambda", "objective=cross_entropy_lambda", 0, Case::kBinary},
    {"random_forest_binary", "objective=binary boosting=rf bagging_freq=1 bagging_fraction=0.6", 0, Case::kBinary},
    {"single_leaf", "objective=regression min_sum_hessian_in_leaf=1e9"},
    {"monotone", "objective=regression monotone_constraints=1,0,-1,0,0,0"},
    {"classes", "objective=multiclass num_class=3", 0.1, Case::kClasses},
    {"classes_one_against_all", "objective=multiclassova num_class=3 sigmoid=0.7", 0.1, Case::kClasses},
    {"classes_random_forest", "objective=multiclass num_class=3 boosting=rf bagging_freq=1 bagging_fraction=0.6", 0,
     Case::kClasses},
    {"classes_categorical", "objective=multiclass num_class=3 categorical_feature=4,5 min_data_per_group=5", 0.1,
     Case::kClasses},
    {"classes_dart", "objective=multiclass num_class=3 boosting=dart drop_rate=0.5", 0, Case::kClasses},
    {"linear", "objective=regression linear_tree=true"},
    {"linear_missing", "objective=regression linear_tree=true linear_lambda=0.1", 0.1},
    {"linear_binary", "objective=binary linear_tree=true", 0, Case::kBinary},
    {"l1_l2_penalties", "objective=regression lambda_l1=1 lambda_l2=5 max_delta_step=0.3"},
};

INSTANTIATE_TEST_SUITE_P(Grid, LightGbmExactness, testing::ValuesIn(kCases),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace hone

#endif
