#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "stats/sequential_multinomial.h"
#include "stats/share_excess.h"

namespace hone {
namespace {

// `counts` of each category, one after the other: the evidence knows no order.
SequentialMultinomial Counted(std::vector<double> shares, double concentration, const std::vector<int>& counts) {
  SequentialMultinomial test(std::move(shares), concentration);
  for (std::size_t category = 0; category < counts.size(); ++category) {
    for (int i = 0; i < counts[category]; ++i) test.Add(category);
  }
  return test;
}

// SciPy 1.16: dirichlet_multinomial.logpmf(x, c p, n) - multinomial.logpmf(x, n, p).
TEST(SequentialMultinomial, IsTheDirichletMultinomialOverTheMultinomial) {
  EXPECT_NEAR(Counted({0.5, 0.5}, 100, {52, 48}).log_e(), -0.3076201798023135, 1e-11);
  EXPECT_NEAR(Counted({0.9, 0.1}, 100, {930, 70}).log_e(), 3.9117011187942126, 1e-11);
  EXPECT_NEAR(Counted({0.6, 0.3, 0.1}, 100, {300, 200, 100}).log_e(), 12.996883143381808, 1e-11);
  EXPECT_NEAR(Counted({0.9, 0.1}, 1, {7, 0}).log_e(), 0.4702518768134354, 1e-13);
}

TEST(SequentialMultinomial, ThePValueIsOfTheLargestEvidence) {
  const SequentialMultinomial test = Counted({0.5, 0.5}, 100, {40, 40});
  EXPECT_GT(test.log_peak(), test.log_e()) << "forty of one kind in a row";
  EXPECT_EQ(test.p_value(), std::exp(-test.log_peak()));
  EXPECT_EQ(SequentialMultinomial({0.5, 0.5}).p_value(), 1);
}

TEST(SequentialMultinomial, GoesOnToTheBitAfterACheckpoint) {
  SequentialMultinomial whole = Counted({0.7, 0.3}, 100, {10, 5});
  SequentialMultinomial restored({0.7, 0.3});
  restored.Restore(whole.state());
  for (int i = 0; i < 20; ++i) {
    whole.Add(i % 3 == 0);
    restored.Add(i % 3 == 0);
  }
  EXPECT_EQ(restored.units(), 35);
  EXPECT_EQ(restored.count(1), 12);
  EXPECT_EQ(restored.log_e(), whole.log_e());
  EXPECT_EQ(restored.log_peak(), whole.log_peak());
}

// The capitals computed one by one in Python.
TEST(ShareExcess, IsTheMeanOfTheCapitals) {
  ShareExcess test(0.25, 0.02);
  for (const auto& [challenger, happened] : std::vector<std::pair<bool, bool>>{
           {true, true}, {false, false}, {false, true}, {true, true}, {true, false}, {false, false}, {true, true}}) {
    test.Add(challenger, happened);
  }
  EXPECT_NEAR(test.log_peak(), 0.7666384410993001, 1e-13);
  EXPECT_EQ(test.units(true), 4);
  EXPECT_EQ(test.share(true), 0.75);
  EXPECT_EQ(test.share(false), 1.0 / 3);
}

TEST(ShareExcess, NothingIsProvenByWhatNeverHappensOrHappensToTheChampion) {
  ShareExcess test(0.1, 0);
  for (int i = 0; i < 1000; ++i) test.Add(i % 10 == 0, i % 10 != 0 && i % 3 == 0);
  EXPECT_EQ(test.log_peak(), 0);
  EXPECT_EQ(test.share(true), 0);
}

TEST(ShareExcess, GoesOnToTheBitAfterACheckpoint) {
  ShareExcess whole(0.5, 0.01), restored(0.5, 0.01);
  for (int i = 0; i < 50; ++i) whole.Add(i % 2 == 0, i % 5 == 0);
  restored.Restore(whole.state());
  for (int i = 0; i < 50; ++i) {
    whole.Add(i % 2 == 0, i % 4 == 0);
    restored.Add(i % 2 == 0, i % 4 == 0);
  }
  EXPECT_EQ(restored.log_peak(), whole.log_peak());
  EXPECT_EQ(restored.happened(true), whole.happened(true));
}

}  // namespace
}  // namespace hone
