#include "models/ensemble/voting_ensemble.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "base/random.h"
#include "models/projected.h"

namespace hone {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Answers one feature, or `outputs` features from it on.
class FeatureModel final : public Model {
 public:
  FeatureModel(std::size_t first, std::size_t outputs, AnswerKind kind, std::size_t width)
      : first_(first), outputs_(outputs), kind_(kind), width_(width) {}
  std::size_t width() const override { return width_; }
  std::size_t outputs() const override { return outputs_; }
  AnswerKind kind() const override { return kind_; }
  double Predict(std::span<const double> row) const noexcept override { return row[first_]; }
  void PredictAll(std::span<const double> row, std::span<double> out) const noexcept override {
    for (std::size_t k = 0; k < outputs_; ++k) out[k] = row[first_ + k];
  }

 private:
  std::size_t first_, outputs_;
  AnswerKind kind_;
  std::size_t width_;
};

// So many members, the first of which answers the first features of a row, and so on.
std::vector<EnsembleMember> Members(std::size_t count, AnswerKind kind = AnswerKind::kNumber, std::size_t outputs = 1) {
  std::vector<EnsembleMember> members;
  for (std::size_t m = 0; m < count; ++m) {
    members.push_back({"m" + std::to_string(m), "1.0.0", 1,
                       std::make_shared<FeatureModel>(m * outputs, outputs, kind, count * outputs)});
  }
  return members;
}

std::shared_ptr<const VotingEnsemble> Make(EnsembleRule rule, std::vector<EnsembleMember> members,
                                           std::optional<double> threshold = std::nullopt) {
  auto made = VotingEnsemble::Make(rule, threshold, std::move(members));
  EXPECT_TRUE(made.ok()) << made.error().ToString();
  return *made;
}

struct Outcome {
  std::vector<double> answer;
  Ballot ballot;
};

// What members' answers come to; by the row, since members answer features.
Outcome Judge(const VotingEnsemble& ensemble, const std::vector<double>& row) {
  std::vector<double> answers(ensemble.numbers());
  Outcome outcome{std::vector<double>(ensemble.outputs()), {}};
  ensemble.Ask(row, answers);
  EXPECT_EQ(answers.size(), row.size());
  outcome.ballot = ensemble.Combine(answers, outcome.answer);
  return outcome;
}

TEST(VotingEnsemble, WeightedAnswersAreTheSumInTheOrderOfMembersToTheBit) {
  auto members = Members(2);
  members[0].weight = 0.6, members[1].weight = 0.4;
  const auto ensemble = Make(EnsembleRule::kWeighted, members);
  Random random(7);
  for (int i = 0; i < 1000; ++i) {
    const std::vector<double> row = {random.Normal(), random.Normal()};
    const double expected = 0.6 / (0.6 + 0.4) * row[0] + 0.4 / (0.6 + 0.4) * row[1];
    EXPECT_EQ(std::bit_cast<std::uint64_t>(ensemble->Predict(row)), std::bit_cast<std::uint64_t>(expected));
  }
}

TEST(VotingEnsemble, WeightedConfidenceIsTheWeightOfThoseThatAgree) {
  auto members = Members(2);
  members[0].weight = 3, members[1].weight = 2;
  const auto ensemble = Make(EnsembleRule::kWeighted, members);
  const Outcome agree = Judge(*ensemble, {0.1, 0.3});
  EXPECT_EQ(agree.ballot.vote, 1);
  EXPECT_EQ(agree.ballot.confidence, 1);
  const Outcome split = Judge(*ensemble, {0.1, -0.3});
  EXPECT_EQ(split.ballot.vote, -1) << "0.06 - 0.12";
  EXPECT_DOUBLE_EQ(split.ballot.confidence, 0.4);
  const Outcome nobody = Judge(*Make(EnsembleRule::kWeighted, Members(2)), {2, -2});
  EXPECT_EQ(nobody.ballot.vote, 0) << "1 - 1";
  EXPECT_EQ(nobody.ballot.confidence, 0);
  EXPECT_FALSE(nobody.ballot.abstained);
}

TEST(VotingEnsemble, ProbabilitiesVoteAtOneHalfUnlessStated) {
  const auto half = Make(EnsembleRule::kMajority, Members(3, AnswerKind::kProbability));
  const Outcome outcome = Judge(*half, {0.5, 0.7, 0.1});
  EXPECT_EQ(outcome.ballot.vote, 1);
  EXPECT_EQ(outcome.answer.front(), (0.5 + 0.7) / 2) << "the mean of those in the majority";
  EXPECT_DOUBLE_EQ(outcome.ballot.confidence, 2.0 / 3);
  const auto high = Make(EnsembleRule::kMajority, Members(3, AnswerKind::kProbability), 0.6);
  EXPECT_EQ(Judge(*high, {0.5, 0.7, 0.1}).ballot.vote, 0);
  EXPECT_EQ(Judge(*high, {0.5, 0.7, 0.1}).answer.front(), (0.5 + 0.1) / 2);
}

TEST(VotingEnsemble, MajorityTiesGoToTheVoteListedFirst) {
  const auto ensemble = Make(EnsembleRule::kMajority, Members(4));
  EXPECT_EQ(Judge(*ensemble, {-1, 2, 2, -3}).answer.front(), -2);
  EXPECT_EQ(Judge(*ensemble, {2, -1, -3, 4}).answer.front(), 3);
  EXPECT_EQ(Judge(*ensemble, {2, -1, -3, 4}).ballot.confidence, 0.5);
  EXPECT_EQ(Judge(*ensemble, {0, 2, 2, -3}).ballot.vote, 1) << "two of one sign are more than one of each other";
}

TEST(VotingEnsemble, ClassesVoteForTheGreatest) {
  const auto ensemble = Make(EnsembleRule::kMajority, Members(3, AnswerKind::kProbability, 3));
  const Outcome outcome = Judge(*ensemble, {0.2, 0.5, 0.3, 0.1, 0.45, 0.45, 0.9, 0.05, 0.05});
  EXPECT_EQ(outcome.ballot.vote, 1) << "the first of equals in the second member";
  EXPECT_THAT(outcome.answer, ElementsAre((0.2 + 0.1) / 2, (0.5 + 0.45) / 2, (0.3 + 0.45) / 2));
  const auto indices = Make(EnsembleRule::kMajority, Members(3, AnswerKind::kClass));
  EXPECT_EQ(Judge(*indices, {2, 0, 2}).answer.front(), 2);
}

TEST(VotingEnsemble, UnanimousAbstainsUnlessAllAgree) {
  const auto ensemble = Make(EnsembleRule::kUnanimous, Members(3));
  const Outcome all = Judge(*ensemble, {1, 2, 6});
  EXPECT_EQ(all.answer.front(), 3);
  EXPECT_EQ(all.ballot.confidence, 1);
  EXPECT_FALSE(all.ballot.abstained);
  const Outcome split = Judge(*ensemble, {1, 2, -6});
  EXPECT_TRUE(std::isnan(split.answer.front()));
  EXPECT_TRUE(split.ballot.abstained);
  EXPECT_EQ(split.ballot.vote, std::nullopt);
  EXPECT_DOUBLE_EQ(split.ballot.confidence, 2.0 / 3);
}

TEST(VotingEnsemble, AMemberWithoutAnAnswerLeavesItWithoutOne) {
  for (const EnsembleRule rule : {EnsembleRule::kWeighted, EnsembleRule::kMajority, EnsembleRule::kUnanimous}) {
    const auto ensemble = Make(rule, Members(3));
    const Outcome outcome = Judge(*ensemble, {1, kNan, 2});
    EXPECT_TRUE(std::isnan(outcome.answer.front()));
    EXPECT_FALSE(outcome.ballot.abstained);
    EXPECT_EQ(outcome.ballot.confidence, 0);
  }
  const auto sums = Make(EnsembleRule::kMajority, Members(2));
  const Outcome beyond = Judge(*sums, {1.7e308, 1.7e308});
  EXPECT_TRUE(std::isnan(beyond.answer.front()));
  EXPECT_EQ(beyond.ballot.vote, std::nullopt);
}

TEST(VotingEnsemble, ManyRowsAreAnsweredAsEachByItself) {
  for (const EnsembleRule rule : {EnsembleRule::kWeighted, EnsembleRule::kMajority, EnsembleRule::kUnanimous}) {
    const auto ensemble = Make(rule, Members(5, AnswerKind::kProbability, 3));
    Random random(3);
    std::vector<double> rows(15 * 200);
    for (double& value : rows) value = random.Uniform();
    std::vector<double> answers(rows.size()), out(3 * 200), one(3);
    ensemble->AskBatch(rows, answers);
    EXPECT_EQ(answers, rows) << "members answer features";
    ensemble->PredictBatch(rows, out);
    for (std::size_t i = 0; i < 200; ++i) {
      ensemble->PredictAll({&rows[15 * i], 15}, one);
      for (std::size_t k = 0; k < 3; ++k) {
        EXPECT_EQ(std::bit_cast<std::uint64_t>(one[k]), std::bit_cast<std::uint64_t>(out[3 * i + k])) << i;
      }
    }
  }
}

TEST(VotingEnsemble, WhatDoesNotFitIsRefused) {
  const auto refused = [](EnsembleRule rule, std::optional<double> threshold, std::vector<EnsembleMember> members,
                          const char* names) {
    const auto made = VotingEnsemble::Make(rule, threshold, std::move(members));
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().code, ErrorCode::kInvalidData);
    EXPECT_THAT(made.error().ToString(), HasSubstr(names));
  };
  constexpr auto kWeighted = EnsembleRule::kWeighted;
  refused(kWeighted, {}, Members(1), "2 to 16");
  refused(kWeighted, {}, Members(17), "2 to 16");
  refused(kWeighted, {}, Members(9, AnswerKind::kProbability, 8), "64");
  refused(kWeighted, {}, Members(2, AnswerKind::kClass), "have no mean");
  refused(EnsembleRule::kMajority, 0.5, Members(2, AnswerKind::kClass), "threshold");
  refused(EnsembleRule::kMajority, 0.5, Members(2, AnswerKind::kProbability, 3), "threshold");
  refused(EnsembleRule::kMajority, kNan, Members(2), "finite");
  auto mixed = Members(2);
  mixed[1].answers = std::make_shared<FeatureModel>(1, 1, AnswerKind::kProbability, 2);
  refused(kWeighted, {}, mixed, "m1 1.0.0 answers probabilities, m0 1.0.0 numbers");
  mixed[1].answers = std::make_shared<FeatureModel>(0, 2, AnswerKind::kNumber, 2);
  refused(kWeighted, {}, mixed, "answers 2 numbers");
  mixed[1].answers = std::make_shared<FeatureModel>(0, 1, AnswerKind::kNumber, 3);
  refused(kWeighted, {}, mixed, "takes 3 features");
  auto light = Members(2);
  light[0].weight = 0;
  refused(kWeighted, {}, light, "above 0");
}

// Members 0 and 1 of a row of three make a unanimous ensemble, which is a member beside the third.
std::shared_ptr<const VotingEnsemble> Nested(EnsembleRule rule) {
  std::vector<EnsembleMember> members = Members(3);
  const ModelPointer inner = Make(EnsembleRule::kUnanimous, Members(2));
  members[0] = {"inner", "1.0.0", 3, MakeProjectedModel(inner, {0, 1}, -1, 3)};
  members.erase(members.begin() + 1);
  return Make(rule, members);
}

Outcome JudgeNested(const VotingEnsemble& ensemble, const std::vector<double>& row) {
  std::vector<double> answers(ensemble.numbers());
  Outcome outcome{std::vector<double>(ensemble.outputs()), {}};
  ensemble.Ask(row, answers);
  outcome.ballot = ensemble.Combine(answers, outcome.answer);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(outcome.answer[0]), std::bit_cast<std::uint64_t>(ensemble.Predict(row)));
  std::vector<double> rows, batch(70);
  for (int i = 0; i < 70; ++i) rows.insert(rows.end(), row.begin(), row.end());
  ensemble.PredictBatch(rows, batch);
  for (const double answer : batch) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(answer), std::bit_cast<std::uint64_t>(outcome.answer[0]));
  }
  return outcome;
}

TEST(VotingEnsemble, AnEnsembleIsAMemberLikeAnyOther) {
  const auto weighted = Nested(EnsembleRule::kWeighted);
  EXPECT_EQ(weighted->numbers(), 2U) << "of its own members";
  const Outcome agree = JudgeNested(*weighted, {1, 3, -4});
  EXPECT_EQ(agree.answer[0], 0.75 * 2 + 0.25 * -4);
  EXPECT_EQ(agree.ballot.vote, 1);
  EXPECT_EQ(agree.ballot.confidence, 0.75);
  EXPECT_EQ(JudgeNested(*Nested(EnsembleRule::kUnanimous), {1, 3, 4}).answer[0], 3);
}

TEST(VotingEnsemble, AMemberThatAbstainsDoesNotVote) {
  const std::vector<double> split = {1, -3, -4};
  const Outcome weighted = JudgeNested(*Nested(EnsembleRule::kWeighted), split);
  EXPECT_EQ(weighted.answer[0], -4) << "the weights of those that vote, divided by their sum";
  EXPECT_EQ(weighted.ballot.vote, -1);
  EXPECT_EQ(weighted.ballot.confidence, 0.25) << "of all members";
  const Outcome majority = JudgeNested(*Nested(EnsembleRule::kMajority), split);
  EXPECT_EQ(majority.answer[0], -4);
  EXPECT_EQ(majority.ballot.confidence, 0.5);
  const Outcome unanimous = JudgeNested(*Nested(EnsembleRule::kUnanimous), split);
  EXPECT_TRUE(unanimous.ballot.abstained);
  EXPECT_TRUE(IsAbstention(unanimous.answer[0]));
  const Outcome failed = JudgeNested(*Nested(EnsembleRule::kMajority), {kNan, 1, 1});
  EXPECT_FALSE(failed.ballot.abstained) << "a member without an answer is another matter";
  EXPECT_TRUE(std::isnan(failed.answer[0]) && !IsAbstention(failed.answer[0]));
}

TEST(VotingEnsemble, WhereEveryMemberAbstainsSoDoesTheEnsemble) {
  const ModelPointer unanimous = Make(EnsembleRule::kUnanimous, Members(2));
  for (const EnsembleRule rule : {EnsembleRule::kWeighted, EnsembleRule::kMajority, EnsembleRule::kUnanimous}) {
    const auto outer = Make(rule, {{"a", "1.0.0", 1, unanimous}, {"b", "1.0.0", 1, unanimous}});
    const Outcome outcome = JudgeNested(*outer, {1, -1});
    EXPECT_TRUE(outcome.ballot.abstained) << EnsembleRuleName(rule);
    EXPECT_EQ(outcome.ballot.confidence, 0);
    EXPECT_TRUE(IsAbstention(outcome.answer[0]));
  }
}

}  // namespace
}  // namespace hone
