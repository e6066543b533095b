#include "hone/evidence_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hone {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Decision Promotion(std::string evidence) {
  Decision decision;
  decision.kind = DecisionKind::kPromote;
  decision.model = "volatility";
  decision.version = "1.2.0";
  decision.reason = "refresh of mean: practice proven, twin passed, canary clean";
  decision.evidence = std::move(evidence);
  return decision;
}

TEST(EvidenceWords, EveryNumberIsShownAndExplained) {
  const std::string text = ExplainDecision(Promotion(
      R"({"question":"refresh","margin":0.016,"interval":[-0.5,null],"twin":{"ratio":1.01,"limit":1.1},"novel":7})"));
  EXPECT_THAT(text, AllOf(HasSubstr("volatility 1.2.0 promoted"), HasSubstr("practice proven"), HasSubstr("0.016"),
                          HasSubstr("-0.5 to unbounded")));
  EXPECT_THAT(text, AllOf(HasSubstr("1.01"), HasSubstr("1 is equal"), HasSubstr("novel"), HasSubstr("7")));
}

TEST(EvidenceWords, AKeyMayMeanSomethingElseInsideAnother) {
  const std::string text = ExplainDecision(Promotion(R"({"licence":{"margin":0.02}})"));
  EXPECT_THAT(text,
              AllOf(HasSubstr("refreshed versions may at most be worse"), Not(HasSubstr("squared error it may"))));
}

TEST(EvidenceWords, WhatAnAbTestHasShown) {
  Decision decision =
      Promotion(R"({"from":"1.1.0","to":"1.2.0","by":"operator","ab_test":{"id":"01","looked_at":120,"arms":[)"
                R"({"version":"1.1.0","share":0.5,"answered":64,"outcomes":0},)"
                R"({"version":"1.2.0","share":0.5,"answered":56,"outcomes":50,"mean_squared_error":0.25}]}})");
  decision.kind = DecisionKind::kEndAbTest;
  const std::string text = ExplainDecision(decision);
  EXPECT_THAT(text, AllOf(HasSubstr("volatility 1.2.0 A/B test ended"), HasSubstr("split of live traffic"),
                          HasSubstr("requests it answered"), HasSubstr("0.25"), HasSubstr("64"), HasSubstr("120")));
}

TEST(EvidenceWords, NoEvidence) { EXPECT_THAT(ExplainDecision(Promotion("{}")), HasSubstr("no numbers")); }

TEST(EvidenceWords, APredictionWithAndWithoutItsOutcome) {
  JoinedPrediction row;
  row.prediction.model = "volatility";
  row.prediction.version = "1.0.0";
  row.prediction.value = 2;
  EXPECT_THAT(ExplainPrediction(row), AllOf(HasSubstr("volatility 1.0.0 answered 2"), HasSubstr("not known yet")));
  row.outcome = Outcome{{}, 0.5, 0};
  row.shadows = {{{}, "2.0.0", 0.25}};
  EXPECT_THAT(ExplainPrediction(row), AllOf(HasSubstr("an error of 1.5"), HasSubstr("2.0.0 said 0.25")));
}

}  // namespace
}  // namespace hone
