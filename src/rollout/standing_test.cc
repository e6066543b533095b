#include "rollout/standing.h"

#include <gtest/gtest.h>

#include <limits>

namespace hone {
namespace {

TEST(Standing, ARefitLeadsAfterTwoHorizonsAtTheEarliest) {
  Standing standing(5);
  standing.Lose();
  standing.Await("{}");
  for (int i = 0; i < 9; ++i) {
    standing.Add(2, 1);
    EXPECT_FALSE(standing.Look()) << i;
  }
  standing.Add(2, 1);
  const auto lead = standing.Look();
  ASSERT_TRUE(lead);
  EXPECT_EQ(lead->rows, 10);
  EXPECT_EQ(lead->mean_gain, 1);
  EXPECT_EQ(lead->evidence, "{}");
}

TEST(Standing, ARefitThatIsBehindWaits) {
  Standing standing(2);
  standing.Lose();
  standing.Await("{}");
  for (int i = 0; i < 20; ++i) standing.Add(1, 2);
  EXPECT_FALSE(standing.Look());
  for (int i = 0; i < 21; ++i) standing.Add(2, 1);
  EXPECT_TRUE(standing.Look());
}

TEST(Standing, ALaterRefitBeginsAnew) {
  Standing standing(1);
  standing.Lose();
  standing.Await("first");
  for (int i = 0; i < 5; ++i) standing.Add(3, 1);
  standing.Await("second");
  EXPECT_FALSE(standing.Look());
  standing.Add(3, 1);
  standing.Add(3, 1);
  EXPECT_EQ(standing.Look()->evidence, "second");
  standing.Forget();
  EXPECT_FALSE(standing.Look());
  EXPECT_TRUE(standing.lost()) << "later refits know the change better";
  standing.Regain();
  EXPECT_FALSE(standing.lost());
}

TEST(Standing, PassesOverWhatIsNoNumber) {
  Standing standing(1);
  standing.Lose();
  standing.Add(3, 1);  // no refit waits
  standing.Await("");
  standing.Add(std::numeric_limits<double>::quiet_NaN(), 1);
  standing.Add(3, std::numeric_limits<double>::infinity());
  EXPECT_EQ(standing.state().rows, 0);
  standing.Add(3, 1);
  standing.Add(3, 1);
  EXPECT_EQ(standing.Look()->rows, 2);
}

}  // namespace
}  // namespace hone
