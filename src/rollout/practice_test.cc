#include "rollout/practice.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"

namespace hone {
namespace {

using Change = PracticeLicence::Change;

// Adds pairs whose newer loss is `ratio` times the replaced one but for small noise, until the licence changes, `rows`
// at most.
Change Feed(PracticeLicence& licence, int rows, double ratio, std::uint64_t seed = 3) {
  Random random(seed);
  for (int i = 0; i < rows; ++i) {
    const double replaced = 1 + 0.1 * random.Uniform();
    const Change change = licence.Add(replaced, ratio * replaced + 0.01 * random.Normal());
    if (change != Change::kNone) return change;
  }
  return Change::kNone;
}

TEST(PracticeLicence, IsNotHeldAtFirstAndHasNoData) {
  PracticeLicence licence(5, 0.02, 0.05);
  EXPECT_FALSE(licence.held());
  EXPECT_EQ(licence.judgement().verdict, Verdict::kNoData);
  EXPECT_EQ(Feed(licence, 24 * 5 - 1, 0.5), Change::kNone);
  EXPECT_EQ(licence.judgement().verdict, Verdict::kNoData);
}

TEST(PracticeLicence, IsGrantedForBetterVersions) {
  PracticeLicence licence(1, 0.02, 0.05);
  EXPECT_EQ(Feed(licence, 60, 0.9), Change::kGranted);
  EXPECT_TRUE(licence.held());
  EXPECT_EQ(licence.rows(), 24);  // the first look that can decide at 0.05
}

TEST(PracticeLicence, IsGrantedForVersionsWithinTheMargin) {
  PracticeLicence licence(1, 0.02, 0.05);
  EXPECT_EQ(Feed(licence, 300, 1.0), Change::kGranted);
  EXPECT_EQ(licence.judgement().verdict, Verdict::kAdvance);
}

TEST(PracticeLicence, IsNotGrantedForVersionsWorseThanTheMargin) {
  PracticeLicence licence(1, 0.02, 0.05);
  EXPECT_EQ(Feed(licence, 2000, 1.05), Change::kNone);
  EXPECT_FALSE(licence.held());
  EXPECT_EQ(licence.judgement().verdict, Verdict::kRollBack);
}

TEST(PracticeLicence, IsWithdrawnAfterwardsAndEarnedAgain) {
  PracticeLicence licence(1, 0.02, 0.05);
  ASSERT_EQ(Feed(licence, 60, 0.9), Change::kGranted);
  EXPECT_EQ(Feed(licence, 200, 1.2), Change::kWithdrawn);
  EXPECT_FALSE(licence.held());
  EXPECT_EQ(Feed(licence, 400, 0.9), Change::kGranted);
}

TEST(PracticeLicence, GrantDoesNotCountAgainstItsWithdrawal) {
  PracticeLicence licence(1, 0.02, 0.05);
  Change granted = Change::kNone;
  Random random(5);
  while (granted == Change::kNone) granted = licence.Add(1, 0.5 + 0.01 * random.Normal());
  // Evidence restarted with the grant: the first withdrawal can come 24 rows later, however good the record was.
  int rows = 0;
  while (licence.held() && rows < 1000) {
    licence.Add(1, 1.5 + 0.01 * random.Normal());
    ++rows;
  }
  EXPECT_EQ(rows, 24);
}

TEST(PracticeLicence, IsNotGrantedTwice) {
  PracticeLicence licence(1, 0.02, 0.05);
  ASSERT_EQ(Feed(licence, 60, 0.9), Change::kGranted);
  EXPECT_EQ(Feed(licence, 500, 0.9), Change::kNone);
  EXPECT_TRUE(licence.held());
}

TEST(PracticeLicence, PassesOverRowsTheReplacedVersionDidNotAnswer) {
  PracticeLicence licence(1, 0.02, 0.05), same(1, 0.02, 0.05);
  Feed(licence, 30, 0.9);
  licence.Add(NAN, 1);
  licence.Add(NAN, NAN);
  Feed(same, 30, 0.9);
  EXPECT_EQ(licence.rows(), same.rows());
  EXPECT_EQ(Feed(licence, 200, 1.2), Feed(same, 200, 1.2));
}

TEST(PracticeLicence, AVersionWithoutAnAnswerLosesALicence) {
  PracticeLicence licence(1, 0.02, 0.05);
  ASSERT_EQ(Feed(licence, 60, 0.9), Change::kGranted);
  EXPECT_EQ(licence.Add(1, NAN), Change::kWithdrawn);
  EXPECT_FALSE(licence.held());
  EXPECT_EQ(licence.Add(1, NAN), Change::kNone);
  EXPECT_EQ(Feed(licence, 60, 0.9), Change::kGranted);
}

TEST(PracticeLicence, AVersionWithoutAnAnswerBeginsAnew) {
  PracticeLicence licence(1, 0.02, 0.05);
  Feed(licence, 23, 0.9);
  licence.Add(1, NAN);
  EXPECT_EQ(Feed(licence, 23, 0.9), Change::kNone);
  EXPECT_EQ(Feed(licence, 1, 0.9), Change::kGranted);
}

TEST(PracticeLicence, RestoredLicenceGoesOnTheSame) {
  PracticeLicence licence(5, 0.02, 0.05);
  Feed(licence, 700, 0.97);
  PracticeLicence restored(5, 0.02, 0.05);
  restored.Restore(licence.state());
  EXPECT_EQ(restored.held(), licence.held());
  EXPECT_EQ(restored.rows(), licence.rows());
  Random random(9);
  for (int i = 0; i < 2000; ++i) {
    const double replaced = 1 + random.Uniform();
    const double newer = replaced * 1.1 + 0.1 * random.Normal();
    ASSERT_EQ(restored.Add(replaced, newer), licence.Add(replaced, newer)) << i;
  }
  EXPECT_EQ(restored.judgement().evidence.log_e, licence.judgement().evidence.log_e);
}

}  // namespace
}  // namespace hone
