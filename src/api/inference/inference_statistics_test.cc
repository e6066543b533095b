#include "api/inference/inference_statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hone {
namespace {

constexpr std::size_t kMost = InferenceStatistics::kMaxSeries;

std::string Version(std::size_t number) { return "1." + std::to_string(number) + ".0"; }

// A request of one row at second `at`.
void Count(InferenceCounters& counters, std::size_t at) {
  counters.rows.Add();
  counters.successes.Add();
  counters.last = static_cast<Time>(at + 1) * kSecond;
}

std::uint64_t Rows(const std::vector<InferenceFigures>& all) {
  std::uint64_t rows = 0;
  for (const InferenceFigures& figures : all) rows += figures.rows;
  return rows;
}

class FullStatistics : public testing::Test {
 protected:
  // Versions 0 ... kMost - 1 were asked one after the other.
  FullStatistics() {
    for (std::size_t i = 0; i < kMost; ++i) Count(*statistics_.Of("m", Version(i)), i);
  }
  std::uint64_t RowsOf(const std::string& model, const std::string& version) const {
    return Rows(statistics_.Read(model, version));
  }

  InferenceStatistics statistics_;
};

TEST_F(FullStatistics, AreThoseOfEachVersion) {
  EXPECT_EQ(statistics_.Read("", "").size(), kMost) << "none is passed on yet";
  EXPECT_EQ(RowsOf("m", Version(7)), 1U);
  EXPECT_TRUE(statistics_.Read("other", "").empty());
}

TEST_F(FullStatistics, ANewVersionTakesThePlaceOfTheOneAskedLongestAgo) {
  Count(*statistics_.Of("m", Version(0)), kMost);
  Count(*statistics_.Of("m", "2.0.0"), kMost + 1);
  EXPECT_EQ(RowsOf("m", "2.0.0"), 1U);
  EXPECT_EQ(RowsOf("m", Version(0)), 2U) << "asked again since";
  EXPECT_EQ(RowsOf("m", Version(1)), 0U);
  EXPECT_EQ(RowsOf("other", "other"), 1U);
  EXPECT_EQ(Rows(statistics_.Read("", "")), kMost + 2) << "nothing is lost";
}

TEST_F(FullStatistics, WhoStillCountsForAVersionThatWasPassedOnCountsWithTheRest) {
  const auto held = statistics_.Of("m", Version(0));
  for (std::size_t i = 0; i < 3; ++i) Count(*statistics_.Of("n", Version(i)), kMost + i);
  EXPECT_TRUE(held->passed_on);
  Count(*held, 2 * kMost);
  EXPECT_EQ(RowsOf("other", ""), 4U);
  const auto again = statistics_.Of("m", Version(0));
  EXPECT_NE(again, held);
  EXPECT_FALSE(again->passed_on);
  EXPECT_EQ(Rows(statistics_.Read("", "")), kMost + 4);
}

}  // namespace
}  // namespace hone
