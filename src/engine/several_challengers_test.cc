// A live A/B test of several challengers at once, from the draw of each request to the verdict.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "engine/experiment.h"
#include "engine/split_book.h"
#include "engine/testing/split_ridges.h"
#include "serving/predictor.h"
#include "stats/running_moments.h"

namespace hone {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class SeveralChallengers : public SplitRequests {
 protected:
  SeveralChallengers() : SplitRequests({{"1.0.0", 0.4}, {"1.0.1", 0.2}, {"1.0.2", 0.2}, {"1.0.3", 0.2}}) {}

  // Requests as they come in over the network, each drawn by itself; those of arm i err by errors[i] times a normal.
  void Ask(int requests, const std::vector<double>& errors) {
    const std::vector<double> row(Snapshot().width(), 0.5);
    std::vector<Outcome> outcomes;
    for (int i = 0; i < requests; ++i) {
      clock_.AdvanceTo(clock_.Now() + kMillisecond);
      Prediction& prediction = engine_->ring(0).slot();
      ASSERT_TRUE(predictor_.PredictRow(Snapshot(), row, prediction).ok());
      const double error = errors[prediction.assignment.arm] * noise_.Normal();
      outcomes.push_back({prediction.id, prediction.value + error, 0});
      engine_->ring(0).Commit();
      if (i % 100 == 99) engine_->Turn(0);
    }
    engine_->Turn(0);
    ASSERT_TRUE(Do([&](LiveEngine& core) -> Result<bool> {
                  for (const Outcome& outcome : outcomes) {
                    HONE_RETURN_IF_ERROR(core.AddOutcome(outcome.prediction_id, outcome.value));
                  }
                  return true;
                }).ok());
    clock_.AdvanceTo(clock_.Now() + 30 * kDay);
    engine_->Turn(0);
  }
  Experiment Shown() {
    const ReleaseOf none = [](const std::string&) {
      return Result<std::optional<RolloutStatus>>(std::optional<RolloutStatus>());
    };
    const auto all = ReadExperiments(engine_->store(), {.model = "ridges"}, none, clock_.Now());
    EXPECT_TRUE(all.ok()) << all.error().ToString();
    return all->at(0);
  }
  Result<bool> PromoteWinner(const std::string& version) {
    return Do([&](LiveEngine& core) -> Result<bool> {
      HONE_RETURN_IF_ERROR(core.PromoteWinner("ridges", version));
      return true;
    });
  }

  Predictor predictor_{clock_, 11};
  Random noise_{12};
};

TEST_F(SeveralChallengers, GetTheirSharesAndPropensities) {
  constexpr int kRequests = 2000;
  const Time before = clock_.Now();
  Ask(kRequests, {1, 1, 1, 1});
  std::map<std::string, int> answered;
  const auto count = [&](const JoinedPrediction& row) {
    ++answered[row.prediction.version];
    EXPECT_NEAR(row.prediction.propensity, row.prediction.version == "1.0.0" ? 0.4 : 0.2, 1e-12);
    return true;
  };
  ASSERT_TRUE(engine_->store().joined.VisitNewest("ridges", before, clock_.Now(), count, false).ok());
  for (const AbArm& arm : arms_) {
    const double deviation = std::sqrt(kRequests * arm.share * (1 - arm.share));
    EXPECT_NEAR(answered[arm.version], kRequests * arm.share, 4.5 * deviation) << arm.version;
  }
  const Experiment shown = Shown();
  EXPECT_EQ(shown.challengers, (std::vector<std::string>{"1.0.1", "1.0.2", "1.0.3"}));
  ASSERT_EQ(shown.arms.size(), 4U);
  std::int64_t outcomes = 0;
  for (const ExperimentArm& arm : shown.arms) {
    EXPECT_EQ(arm.answered, answered[arm.version]);
    ASSERT_TRUE(arm.mean_squared_error) << arm.version;
    EXPECT_NEAR(*arm.mean_squared_error, 1, 0.4) << arm.version;
    outcomes += arm.outcomes;
  }
  EXPECT_EQ(outcomes, kRequests);
  ASSERT_EQ(shown.splits.size(), 1U);
  EXPECT_FALSE(shown.splits[0].watch.mismatch());
  EXPECT_EQ(shown.splits[0].watch.units().units(), kRequests);
}

TEST_F(SeveralChallengers, TheBetterOneWinsAndTheWorseOneIsToldAlsoAfterARestart) {
  Ask(2000, {1, 0.5, 1, 1.7});
  Open();
  Ask(2000, {1, 0.5, 1, 1.7});
  const auto verdict = Judged();
  ASSERT_TRUE(verdict.ok()) << verdict.error().ToString();
  EXPECT_EQ(verdict->verdict, Verdict::kAdvance) << verdict->reason;
  EXPECT_EQ(verdict->winner, "1.0.1");
  ASSERT_EQ(verdict->challengers.size(), 3U);
  for (const AbTestChallenger& challenger : verdict->challengers) {
    EXPECT_DOUBLE_EQ(challenger.losses.judgement.alpha, RolloutPolicy().alpha / 3) << "corrected over challengers";
  }
  EXPECT_EQ(verdict->challengers[0].verdict, Verdict::kAdvance);
  EXPECT_EQ(verdict->challengers[1].verdict, Verdict::kHold);
  EXPECT_EQ(verdict->challengers[2].verdict, Verdict::kRollBack);
  const Experiment shown = Shown();
  ASSERT_EQ(shown.estimates.size(), 3U);
  EXPECT_GT(shown.estimates[0].low, 0);
  EXPECT_NEAR(shown.estimates[0].mean_gain, 0.75, 0.4);
  EXPECT_LT(shown.estimates[2].high, 0);
  Open();
  EXPECT_EQ(Judged()->winner, "1.0.1");
  EXPECT_EQ(Shown().splits.at(0).watch.units().units(), 4000);
}

TEST_F(SeveralChallengers, AKeyStaysWithItsArmOverARestart) {
  const std::vector<double> row(Snapshot().width(), 0.5);
  const auto arms_of_keys = [&] {
    std::string arms;
    for (int i = 0; i < 200; ++i) {
      const std::string key = "account-" + std::to_string(i);
      PredictRequest request;
      request.key = key;
      request.values = row;
      Prediction prediction;
      EXPECT_TRUE(predictor_.Predict(Snapshot(), request, prediction).ok());
      arms += static_cast<char>('0' + prediction.assignment.arm);
    }
    return arms;
  };
  const std::string before = arms_of_keys();
  for (const char arm : {'0', '1', '2', '3'}) EXPECT_NE(before.find(arm), std::string::npos) << arm;
  Open();
  EXPECT_EQ(arms_of_keys(), before);
}

TEST_F(SeveralChallengers, OneThatBreaksAGuardrailCannotWinAndTheOthersCan) {
  Send(2000, [](int i) {
    const int arm = i % 5 < 2 ? 0 : i % 5 - 1;  // 0.4, 0.2, 0.2, 0.2
    return Assignment{.arm = static_cast<std::uint8_t>(arm), .failed = arm == 2 && i % 3 == 0};
  });
  ASSERT_EQ(Told().size(), 1U);
  EXPECT_EQ(Told()[0].version, "1.0.2");
  EXPECT_THAT(Told()[0].reason, HasSubstr("had no answer for"));
  const auto verdict = Judged();
  ASSERT_TRUE(verdict.ok()) << verdict.error().ToString();
  EXPECT_EQ(verdict->challengers.at(1).reason, "broke the guardrail errors");
  EXPECT_EQ(verdict->challengers.at(1).verdict, Verdict::kRollBack);
  EXPECT_EQ(verdict->challengers.at(0).reason, "");
  const auto refused = PromoteWinner("1.0.2");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("1.0.2 cannot win the A/B test of ridges"));
  EXPECT_TRUE(PromoteWinner("1.0.1").ok());
}

TEST_F(SeveralChallengers, SharesThatAreWrongAmongThemAloneAreTold) {
  Send(2000, [](int i) {
    constexpr std::uint8_t kArms[] = {0, 0, 0, 0, 1, 1, 1, 2, 2, 3};  // 1.0.1 takes what 1.0.3 should have
    return Assignment{.arm = kArms[i % 10]};
  });
  ASSERT_EQ(Told().size(), 1U);
  EXPECT_EQ(Told()[0].version, "") << "of no one challenger";
  EXPECT_THAT(Told()[0].reason, AllOf(HasSubstr("1.0.0 got 0.4 of 0.4"), HasSubstr("1.0.1 got 0.3"),
                                      HasSubstr("1.0.2 got 0.2"), HasSubstr("1.0.3 got 0.1")));
  EXPECT_EQ(Judged()->verdict, Verdict::kNoData);
  for (const char* version : {"1.0.1", "1.0.2", "1.0.3"}) EXPECT_FALSE(PromoteWinner(version).ok()) << version;
}

// The same four, with shares that a bandit draws anew every hour.
class BanditSplit : public SeveralChallengers {
 protected:
  static AbBandit Gaussian() { return {.floor = 0.05, .low = -4, .high = 0, .minutes = 60}; }
  void SetUp() override {
    SeveralChallengers::SetUp();
    clock_.AdvanceTo(clock_.Now() + kSecond);
    const auto begun = Begin(Gaussian());
    ASSERT_TRUE(begun.ok()) << begun.error().ToString();
    began_ = clock_.Now();
  }
  Result<std::optional<AbTest>> Begin(const AbBandit& bandit) {
    return Do([&](LiveEngine& core) { return core.SplitTraffic("ridges", arms_, {.bandit = bandit}); });
  }
  AbTest Running() { return **engine_->store().ab_tests.Running("ridges"); }
  std::vector<JoinedPrediction> Log(Time begin) {
    std::vector<JoinedPrediction> log;
    const auto take = [&log](const JoinedPrediction& row) {
      log.push_back(row);
      return true;
    };
    EXPECT_TRUE(engine_->store().joined.VisitNewest("ridges", begin, clock_.Now(), take, false).ok());
    return log;
  }

  Time began_ = 0;
};

// What each arm would have earned alone, from the log: the mean of 1{it answered} reward / propensity.
struct InversePropensity {
  double mean = 0, error = 0;
};
InversePropensity ValueOf(const std::vector<JoinedPrediction>& log, const std::string& version) {
  RunningMoments terms;
  for (const JoinedPrediction& row : log) {
    const double error = row.prediction.value - row.outcome->value;
    terms.Add(row.prediction.version == version ? -error * error / row.prediction.propensity : 0);
  }
  return {terms.mean(), std::sqrt(terms.variance() / static_cast<double>(terms.count()))};
}

TEST_F(BanditSplit, GivesTheBetterOneMoreAndItsLogTellsWhatEachWouldEarn) {
  constexpr int kRounds = 8, kRequests = 250;
  const std::vector<double> errors = {1, 0.75, 1, 1.2};
  std::map<std::string, double> excess, variance;
  for (int round = 0; round < kRounds; ++round) {
    const std::vector<AbArm> shares = Running().arms;
    const Time before = clock_.Now();
    Ask(kRequests, errors);
    for (const JoinedPrediction& row : Log(before)) {
      const auto arm = std::ranges::find(shares, row.prediction.version, &AbArm::version);
      ASSERT_NE(arm, shares.end());
      EXPECT_NEAR(row.prediction.propensity, arm->share, 1e-12) << "that of the moment it was drawn";
      ++excess[arm->version];
    }
    for (const AbArm& arm : shares) {
      excess[arm.version] -= kRequests * arm.share;
      variance[arm.version] += kRequests * arm.share * (1 - arm.share);
    }
  }
  for (const auto& [version, more] : excess) EXPECT_LT(std::abs(more), 4.5 * std::sqrt(variance[version])) << version;
  const AbTest test = Running();
  EXPECT_GE(test.round, 2);
  EXPECT_GT(test.arms[1].share, 0.6) << "1.0.1";
  for (const AbArm& arm : test.arms) EXPECT_GE(arm.share, 0.05 - 1e-12) << arm.version;
  const std::vector<JoinedPrediction> log = Log(began_);
  ASSERT_EQ(log.size(), static_cast<std::size_t>(kRounds * kRequests));
  for (std::size_t i = 0; i < arms_.size(); ++i) {
    const InversePropensity value = ValueOf(log, arms_[i].version);
    EXPECT_NEAR(value.mean, -errors[i] * errors[i], 5 * value.error) << arms_[i].version;
  }
  const Experiment shown = Shown();
  EXPECT_EQ(shown.splits.size(), static_cast<std::size_t>(test.round + 1)) << "each set of shares is counted by itself";
  for (const SplitRecord& split : shown.splits) EXPECT_FALSE(split.watch.mismatch());
  EXPECT_EQ(shown.verdict, Verdict::kNoData);
  EXPECT_THAT(shown.reason, HasSubstr("follow a bandit"));
}

TEST_F(BanditSplit, GoesOnOverARestart) {
  for (int round = 0; round < 3; ++round) Ask(200, {1, 0.5, 1, 1});
  const AbTest before = Running();
  Open();
  EXPECT_EQ(Running().arms, before.arms);
  ASSERT_EQ(Snapshot().challengers().size(), 3U);
  EXPECT_EQ(Snapshot().challengers()[0].share, before.arms[1].share) << "what was published is served again";
  EXPECT_EQ(Snapshot().salt(), before.salt);
  for (int round = 0; round < 3; ++round) Ask(200, {1, 1, 1, 0.3});
  EXPECT_GT(Running().round, before.round);
  EXPECT_GT(Running().arms[3].share, before.arms[3].share) << "1.0.3 has become the better one";
}

TEST_F(BanditSplit, WhatDoesNotFitIsRefused) {
  const auto refused = [this](const char* key, const AbBandit& bandit) {
    const auto begun = Begin(bandit);
    ASSERT_FALSE(begun.ok()) << key;
    EXPECT_EQ(begun.error().code, ErrorCode::kInvalidData);
    EXPECT_EQ(begun.error().key, std::string("bandit.") + key) << begun.error().ToString();
  };
  refused("floor", {.floor = 0.3});
  refused("floor", {.floor = 0});
  refused("minutes", {.minutes = 0});
  refused("rewards", {.low = 1, .high = 0});
  refused("algorithm", {.algorithm = "linear_thompson"});
  refused("algorithm", {.algorithm = "thompson"});
  EXPECT_EQ(Running().bandit, Gaussian()) << "what ran goes on";
}

}  // namespace
}  // namespace hone
