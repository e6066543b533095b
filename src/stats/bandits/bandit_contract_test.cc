// What every bandit must do; one that is in the list of bandit_catalogue.cc inherits the battery.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "stats/bandits/bandit_catalogue.h"

namespace hone {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr BanditTerms kThreeArms = {.arms = 3, .context_size = 2, .seed = 7};

Bandit Made(const std::string& name, const BanditTerms& terms = kThreeArms) {
  auto made = MakeBandit(name, terms);
  EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().ToString());
  return std::move(made).value();
}

class BanditContract : public testing::TestWithParam<std::string> {
 protected:
  // The reward of an arm at a choice, 0 or 1: the same whoever asks.
  static double RewardOf(const BanditChoice& choice) {
    Random random = Random::Stream(static_cast<std::uint64_t>(choice.number), "reward");
    return random.Uniform() < 0.3 + 0.2 * choice.arm ? 1 : 0;
  }
  static std::vector<double> ContextOf(std::int64_t number) {
    Random random = Random::Stream(static_cast<std::uint64_t>(number), "context");
    return {1, random.Normal()};
  }
  // `choices` more, each rewarded once `delay` others were made.
  static std::vector<BanditChoice> Run(Bandit& bandit, int choices, std::size_t delay = 0) {
    std::vector<BanditChoice> made;
    for (int i = 0; i < choices; ++i) {
      made.push_back(bandit.Choose(ContextOf(bandit.choices())));
      if (made.size() <= delay) continue;
      const BanditChoice& due = made[made.size() - 1 - delay];
      EXPECT_TRUE(bandit.Reward(due.number, RewardOf(due)).ok());
    }
    return made;
  }
};

void ExpectProbabilities(const std::vector<double>& probabilities, double floor) {
  EXPECT_NEAR(std::accumulate(probabilities.begin(), probabilities.end(), 0.0), 1, 1e-12);
  for (const double probability : probabilities) EXPECT_GE(probability, floor);
}

// The same propensity as the probability told before, and the floor under each.
TEST_P(BanditContract, PropensitiesAreTheProbabilitiesOfTheDraw) {
  for (const double floor : {0.0, 0.05, 1.0 / 3}) {
    Bandit bandit = Made(GetParam(), {.arms = 3, .context_size = 2, .floor = floor});
    for (int i = 0; i < 60; ++i) {
      const std::vector<double> context = ContextOf(i);
      const std::vector<double> told = bandit.Probabilities(context);
      ExpectProbabilities(told, floor);
      const BanditChoice choice = bandit.Choose(context);
      EXPECT_EQ(choice.propensity, told[static_cast<std::size_t>(choice.arm)]);
      ASSERT_TRUE(bandit.Reward(choice.number, RewardOf(choice)).ok());
    }
    if (floor * 3 == 1) ExpectProbabilities(bandit.Probabilities(ContextOf(0)), 1.0 / 3 - 1e-15);
  }
}

// A choice observed is one made: the same is learned.
TEST_P(BanditContract, LearnsTheSameFromChoicesOfOthers) {
  Bandit bandit = Made(GetParam()), observer = Made(GetParam());
  if (bandit.uses_context()) return;
  for (int i = 0; i < 200; ++i) {
    const BanditChoice choice = bandit.Choose({});
    const bool told = i % 3 != 0;
    if (told) {
      ASSERT_TRUE(bandit.Reward(choice.number, RewardOf(choice)).ok());
    }
    const auto reward = told ? std::optional(RewardOf(choice)) : std::nullopt;
    ASSERT_TRUE(observer.Observe(choice.arm, choice.propensity, reward).ok());
    ASSERT_EQ(observer.Probabilities({}), bandit.Probabilities({})) << i;
  }
  EXPECT_EQ(observer.rewards(), bandit.rewards());
  EXPECT_EQ(observer.Observe(0, 0.5, kNaN).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(observer.choices(), bandit.choices()) << "refused, nothing is learned";
}

// Draws over many seeds come out as often as the propensities say.
TEST_P(BanditContract, ArmsAreDrawnAsOftenAsTold) {
  std::vector<double> excess(3), variance(3);
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Bandit bandit = Made(GetParam(), {.arms = 3, .context_size = 2, .floor = 0.1, .seed = seed});
    for (int i = 0; i < 20; ++i) {
      const std::vector<double> told = bandit.Probabilities(ContextOf(i));
      const BanditChoice choice = bandit.Choose(ContextOf(i));
      for (std::size_t arm = 0; arm < 3; ++arm) {
        excess[arm] += (static_cast<int>(arm) == choice.arm ? 1 : 0) - told[arm];
        variance[arm] += told[arm] * (1 - told[arm]);
      }
      ASSERT_TRUE(bandit.Reward(choice.number, RewardOf(choice)).ok());
    }
  }
  for (std::size_t arm = 0; arm < 3; ++arm) EXPECT_LT(std::abs(excess[arm]), 4.5 * std::sqrt(variance[arm]));
}

TEST_P(BanditContract, SavesAndRestoresToTheBit) {
  Bandit bandit = Made(GetParam());
  Run(bandit, 100, 7);
  const std::string saved = bandit.Save();
  Bandit restored = Made(GetParam());
  ASSERT_TRUE(restored.Restore(saved).ok());
  EXPECT_EQ(restored.Save(), saved);
  EXPECT_EQ(restored.pending(), 7U);
  Run(bandit, 100, 3);
  Run(restored, 100, 3);
  EXPECT_EQ(restored.Save(), bandit.Save());
}

TEST_P(BanditContract, StatesThatAreNotItsOwnAreRefused) {
  Bandit bandit = Made(GetParam());
  Run(bandit, 50, 3);
  const std::string saved = bandit.Save();
  const auto restore = [](const BanditTerms& terms, const std::string& text) {
    return Made(GetParam(), terms).Restore(text);
  };
  EXPECT_TRUE(restore(kThreeArms, saved).ok());
  EXPECT_EQ(restore({.arms = 4, .context_size = 2}, saved).error().code, ErrorCode::kCorrupt);
  for (std::size_t length = 0; length < saved.size(); length += 37) {
    const std::string cut = saved.substr(0, length);
    if (saved.substr(length).find_first_not_of("0123456789.e-") == std::string::npos) break;  // of the last number
    EXPECT_FALSE(restore(kThreeArms, cut).ok()) << cut;
  }
  EXPECT_FALSE(restore(kThreeArms, saved + " 1").ok());
}

TEST_P(BanditContract, RewardsComeOnceOrNever) {
  Bandit bandit = Made(GetParam());
  const BanditChoice choice = bandit.Choose(ContextOf(0));
  EXPECT_EQ(bandit.Reward(choice.number + 1, 1).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(bandit.Reward(choice.number, kNaN).error().code, ErrorCode::kInvalidArgument);
  ASSERT_TRUE(bandit.Reward(choice.number, 1).ok()) << "a refused reward leaves its choice waiting";
  const std::string saved = bandit.Save();
  EXPECT_EQ(bandit.Reward(choice.number, 1).error().code, ErrorCode::kNotFound) << "twice";
  EXPECT_EQ(bandit.Save(), saved);
  Run(bandit, 20, 20);  // never
  EXPECT_EQ(bandit.pending(), 20U);
  EXPECT_EQ(bandit.rewards(), 1);
}

TEST_P(BanditContract, TheOldestChoicesAreForgotten) {
  Bandit bandit = Made(GetParam(), {.arms = 3, .context_size = 2, .most_pending = 10});
  for (int i = 0; i < 30; ++i) bandit.Choose(ContextOf(i));
  EXPECT_EQ(bandit.pending(), 10U);
  EXPECT_EQ(bandit.Reward(19, 1).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(bandit.Reward(20, 1).ok());
}

// Late rewards in any order: what is known in the end differs by rounding.
TEST_P(BanditContract, TheOrderOfRewardsDoesNotMatter) {
  Bandit forward = Made(GetParam()), backward = Made(GetParam());
  std::vector<BanditChoice> made;
  for (int i = 0; i < 60; ++i) {
    made.push_back(forward.Choose(ContextOf(i)));
    EXPECT_EQ(backward.Choose(ContextOf(i)).arm, made.back().arm);
  }
  for (std::size_t i = 0; i < made.size(); ++i) {
    const BanditChoice &first = made[i], &last = made[made.size() - 1 - i];
    ASSERT_TRUE(forward.Reward(first.number, RewardOf(first)).ok());
    ASSERT_TRUE(backward.Reward(last.number, RewardOf(last)).ok());
  }
  const std::vector<double> a = forward.Probabilities(ContextOf(60)), b = backward.Probabilities(ContextOf(60));
  for (std::size_t arm = 0; arm < a.size(); ++arm) EXPECT_NEAR(a[arm], b[arm], 1e-9);
}

TEST_P(BanditContract, AForeseenChoiceLeavesNoTrace) {
  Bandit bandit = Made(GetParam());
  Run(bandit, 40);
  const std::string saved = bandit.Save();
  const BanditChoice foreseen = bandit.Foresee(ContextOf(40));
  EXPECT_EQ(bandit.Save(), saved);
  const BanditChoice made = bandit.Choose(ContextOf(40));
  EXPECT_EQ(made.arm, foreseen.arm);
  EXPECT_EQ(made.propensity, foreseen.propensity);
}

TEST_P(BanditContract, RewardsInAnotherUnitAreScaled) {
  Bandit unit = Made(GetParam());
  Bandit scaled = Made(GetParam(), {.arms = 3, .context_size = 2, .low = -8, .high = 8, .seed = 7});
  for (int i = 0; i < 100; ++i) {
    const BanditChoice choice = unit.Choose(ContextOf(i));
    ASSERT_EQ(scaled.Choose(ContextOf(i)).arm, choice.arm);
    ASSERT_TRUE(unit.Reward(choice.number, RewardOf(choice)).ok());
    ASSERT_TRUE(scaled.Reward(choice.number, 16 * RewardOf(choice) - 8).ok());
  }
  EXPECT_EQ(unit.Save(), scaled.Save());
}

INSTANTIATE_TEST_SUITE_P(All, BanditContract, testing::ValuesIn(BanditNames()),
                         [](const auto& made) { return made.param; });

std::string MakingRefused(const std::string& name, const BanditTerms& terms, std::vector<std::string> settings = {}) {
  const auto made = MakeBandit(name, terms, settings);
  return made.ok() ? "made" : made.error().ToString();
}

TEST(BanditCatalogue, WhatCannotBeMadeIsToldByName) {
  EXPECT_EQ(MakingRefused("ucb", kThreeArms), "there is no bandit 'ucb', did you mean ucb1?");
  EXPECT_EQ(MakingRefused("ucb1", kThreeArms, {"gama=1"}),
            "ucb1: gama: is no parameter of this algorithm; there are exploration");
  EXPECT_EQ(MakingRefused("exp3", kThreeArms, {"gamma=2"}), "exp3: gamma: must be a number within [1e-06, 1], is '2'");
  EXPECT_EQ(MakingRefused("lin_ucb", {.arms = 2}), "lin_ucb: context: this algorithm needs one");
  EXPECT_EQ(MakingRefused("ucb1", {.arms = 1}), "ucb1: arms: must be within [2, 1000], is 1");
  EXPECT_EQ(MakingRefused("ucb1", {.arms = 4, .floor = 0.3}), "ucb1: floor: must be within [0, 1 / 4 arms], is 0.3");
  EXPECT_EQ(MakingRefused("ucb1", {.low = 1, .high = 1}),
            "ucb1: rewards: their least, 1, must be below their largest, 1");
}

TEST(BanditCatalogue, BoundedAlgorithmsRefuseRewardsOutside) {
  Bandit bandit = Made("ucb1");
  bandit.Choose({});
  EXPECT_EQ(bandit.Reward(0, 1.5).error().ToString(), "ucb1: rewards must be within [0, 1], one is 1.5");
  Bandit gaussian = Made("thompson_gaussian");
  gaussian.Choose({});
  EXPECT_TRUE(gaussian.Reward(0, -300).ok());
}

TEST(ThompsonGaussian, UnitAndOriginOfRewardsDoNotMatter) {
  const auto arms_of = [](double unit, double origin) {
    Bandit bandit = Made("thompson_gaussian", {.arms = 3, .seed = 5});
    std::vector<int> arms;
    for (int i = 0; i < 200; ++i) {
      const BanditChoice choice = bandit.Choose({});
      arms.push_back(choice.arm);
      Random random = Random::Stream(static_cast<std::uint64_t>(i), "reward");
      EXPECT_TRUE(bandit.Reward(i, origin + unit * (random.Normal() + choice.arm)).ok());
    }
    return arms;
  };
  EXPECT_EQ(arms_of(1, 0), arms_of(0.001, 100));
}

}  // namespace
}  // namespace hone
