// The battery every learner passes: what learner.h promises.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <optional>
#include <thread>
#include <vector>

#include "learning/learners.h"
#include "learning/test_rows.h"
#include "models/assemble.h"

namespace hone {
namespace {

std::vector<std::string> AvailableNames() {
  std::vector<std::string> names;
  for (const LearnerStatus& learner : AvailableLearners()) {
    if (learner.available) names.push_back(learner.name);
  }
  return names;
}

class LearnerContract : public testing::TestWithParam<std::string> {
 protected:
  const Learner& learner_ = *FindLearner(GetParam());

  std::string Bytes(const Dataset& data, std::uint64_t seed) const {
    auto fitted = learner_.Fit(data, {}, seed);
    EXPECT_TRUE(fitted.ok()) << fitted.error().ToString();
    return fitted.ok() ? fitted->bytes : std::string();
  }
};

TEST_P(LearnerContract, IsFoundByItsName) { EXPECT_EQ(learner_.name(), GetParam()); }

TEST_P(LearnerContract, SameArgumentsGiveTheSameBytes) {
  const Dataset data = MakeTestRows(400, 5, 1, 0.05);
  EXPECT_EQ(Bytes(data, 7), Bytes(data, 7));
  EXPECT_NE(Bytes(data, 7), Bytes(MakeTestRows(400, 5, 2, 0.05), 7));
}

TEST_P(LearnerContract, LearnsBetterThanTheMean) {
  const Dataset data = MakeTestRows(2000, 4, 3);
  auto fitted = learner_.Fit(Slice(data, 0, 1500), {}, 1);
  ASSERT_TRUE(fitted.ok()) << fitted.error().ToString();
  double squared = 0, level = 0;
  for (std::size_t i = 1500; i < 2000; ++i) {
    squared += std::pow(data.y[i] - fitted->model->Predict(data.row(i)), 2);
    level += std::pow(data.y[i], 2);
  }
  EXPECT_LT(squared, 0.8 * level);
}

TEST_P(LearnerContract, TheBytesReadBackAnswerTheSameBits) {
  const Dataset data = MakeTestRows(300, 3, 4, 0.1);
  auto fitted = learner_.Fit(data, {}, 1);
  ASSERT_TRUE(fitted.ok());
  auto read = ReadModel(fitted->format, fitted->bytes, "file");
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  std::vector<double> batch(data.rows());
  fitted->model->PredictBatch(data.x, batch);
  for (std::size_t i = 0; i < data.rows(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>((*read)->Predict(data.row(i))), std::bit_cast<std::uint64_t>(batch[i]));
  }
}

TEST_P(LearnerContract, RefusesAnUnknownParameter) {
  const auto fitted = learner_.Fit(MakeTestRows(100, 2, 1), {{"lamda", 1.0}}, 1);
  ASSERT_FALSE(fitted.ok());
  EXPECT_EQ(fitted.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(fitted.error().key, "lamda");
}

TEST_P(LearnerContract, RefusesEveryParameterOutOfRange) {
  for (const auto& [name, value] : learner_.defaults()) {
    for (const double bad : {-1.0, 1e9, std::nan("")}) {
      const auto fitted = learner_.Fit(MakeTestRows(100, 2, 1), {{name, bad}}, 1);
      ASSERT_FALSE(fitted.ok()) << name << " = " << bad;
      EXPECT_EQ(fitted.error().key, name);
    }
  }
}

TEST_P(LearnerContract, RefusesTooFewRowsNoColumnsAndBadNumbers) {
  EXPECT_FALSE(learner_.Fit(MakeTestRows(29, 2, 1), {}, 1).ok());
  EXPECT_TRUE(learner_.Fit(MakeTestRows(30, 2, 1), {}, 1).ok());
  EXPECT_FALSE(learner_.Fit(MakeTestRows(100, 0, 1), {}, 1).ok());
  Dataset data = MakeTestRows(100, 2, 1);
  data.y[3] = std::nan("");
  EXPECT_FALSE(learner_.Fit(data, {}, 1).ok());
  data = MakeTestRows(100, 2, 1);
  data.x[5] = INFINITY;
  const auto fitted = learner_.Fit(data, {}, 1);
  ASSERT_FALSE(fitted.ok());
  EXPECT_EQ(fitted.error().key, "f1");
}

TEST_P(LearnerContract, AConstantTargetGivesThatConstant) {
  Dataset data = MakeTestRows(200, 3, 1);
  data.y.assign(200, -2.5);
  auto fitted = learner_.Fit(data, {}, 1);
  ASSERT_TRUE(fitted.ok()) << fitted.error().ToString();
  EXPECT_NEAR(fitted->model->Predict(data.row(7)), -2.5, 1e-12);
}

TEST_P(LearnerContract, ConstantAndMissingColumnsDoNoHarm) {
  Dataset data = MakeTestRows(300, 3, 1);
  for (std::size_t i = 0; i < data.rows(); ++i) {
    data.x[i * 3 + 1] = 0.1;
    data.x[i * 3 + 2] = std::nan("");
  }
  auto fitted = learner_.Fit(data, {}, 1);
  ASSERT_TRUE(fitted.ok()) << fitted.error().ToString();
  for (std::size_t i = 0; i < data.rows(); ++i) EXPECT_TRUE(std::isfinite(fitted->model->Predict(data.row(i))));
  const std::vector<double> nothing(3, std::nan(""));
  EXPECT_TRUE(std::isfinite(fitted->model->Predict(nothing)));
}

TEST_P(LearnerContract, ParallelFitsGiveTheBytesOfSerialOnes) {
  constexpr std::size_t kFits = 24;
  std::vector<Dataset> data;
  std::vector<std::string> serial(kFits), parallel(kFits);
  for (std::size_t i = 0; i < kFits; ++i) data.push_back(MakeTestRows(200 + 37 * i, 2 + i % 5, i, i % 2 ? 0.1 : 0));
  for (std::size_t i = 0; i < kFits; ++i) serial[i] = Bytes(data[i], i);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = t; i < kFits; i += 6) parallel[i] = Bytes(data[i], i);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(serial, parallel);
}

INSTANTIATE_TEST_SUITE_P(All, LearnerContract, testing::ValuesIn(AvailableNames()),
                         [](const auto& tested) { return tested.param; });

TEST(Learners, UnknownNameIsNull) { EXPECT_EQ(FindLearner("oracle"), nullptr); }

TEST(Learners, StatusSaysWhereOrWhy) {
  for (const LearnerStatus& learner : AvailableLearners()) {
    EXPECT_FALSE(learner.detail.empty()) << learner.name;
    EXPECT_TRUE(!learner.available || FindLearner(learner.name) != nullptr) << learner.name;
  }
}

}  // namespace
}  // namespace hone
