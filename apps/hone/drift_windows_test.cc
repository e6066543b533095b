#include "hone/drift_windows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "hone/drift_answer.h"

namespace hone {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DriftWindowsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("drift_windows_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Result<DriftWindows> Read(const std::string& reference, const std::string& current,
                            const std::vector<std::string>& categorical = {}) {
    return ReadDriftWindows(Write("a.csv", reference), Write("b.csv", current), categorical);
  }
  std::string Refusal(const std::string& reference, const std::string& current,
                      const std::vector<std::string>& categorical = {}) {
    const auto windows = Read(reference, current, categorical);
    return windows.ok() ? "" : windows.error().ToString();
  }

 private:
  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  std::filesystem::path folder_;
};

TEST_F(DriftWindowsTest, MatchesColumnsByNameAndSaysWhatIsLeftOut) {
  const auto windows = Read("date,a,venue,old\n2024-01-01,1,x,5\n2024-01-02,2,y,5\n",
                            "venue,new,date,a\nz,1,2024-02-01,7\nx,2,2024-01-31,\n");
  ASSERT_TRUE(windows.ok()) << windows.error().ToString();
  EXPECT_THAT(windows->names, ElementsAre("a", "venue"));
  EXPECT_THAT(windows->categorical, ElementsAre(false, true));
  EXPECT_THAT(windows->reference, ElementsAre(1, 0, 2, 1));
  EXPECT_EQ(windows->current[0], 7);
  EXPECT_EQ(windows->current[1], 2);  // a category the reference lacks
  EXPECT_TRUE(std::isnan(windows->current[2]));
  EXPECT_EQ(windows->current[3], 0);
  ASSERT_EQ(windows->left_out.size(), 3U);
  EXPECT_EQ(windows->left_out[0].name, "date");
  EXPECT_EQ(windows->left_out[0].reason, "times");
  EXPECT_THAT(windows->left_out[1].reason, HasSubstr("not in"));
  EXPECT_EQ(windows->left_out[2].name, "new");
  ASSERT_EQ(windows->notes.size(), 1U);
  EXPECT_THAT(windows->notes[0], HasSubstr("b.csv:3: date: goes back in time"));
}

TEST_F(DriftWindowsTest, ErrorsNameFileLineAndColumn) {
  EXPECT_THAT(Refusal("a\n1\n5\n", "a\nx\ny\n"), HasSubstr("b.csv:2: a: 'x' is not a number"));
  EXPECT_THAT(Refusal("a\n1\n5\n", "b\n1\n5\n"), HasSubstr("no column that can be compared"));
  EXPECT_THAT(Refusal("a\n1\n", "a\n1\n", {"c"}), HasSubstr("neither file has a column 'c'"));
  EXPECT_THAT(ReadDriftWindows("/none.csv", "/none.csv", {}).error().ToString(), HasSubstr("/none.csv"));
  EXPECT_EQ(Refusal("a\n1\n5\n", "a\nx\ny\n", {"a"}), "");
}

TEST_F(DriftWindowsTest, TheAnswerSaysWhatWasLeftOut) {
  const auto windows = Read("n,a\n1,5\n2,6\n", "n,a\n1,5\n2,9\n");
  ASSERT_TRUE(windows.ok());
  const auto check = DriftCheck::Make(windows->names, windows->reference, DriftPolicy());
  const DriftAnswer answer{check->Compare(windows->current).value(), {EffectIntervals()}};
  const std::string json = DriftJson(answer, *windows);
  EXPECT_THAT(json, HasSubstr(R"({"drift":false,"status":"no_data","needed_rows":100,)"));
  EXPECT_THAT(json, HasSubstr(R"("effect_interval":null)"));
  EXPECT_THAT(json, HasSubstr(R"("left_out":[{"name":"n","reason":"row numbers"}])"));
  EXPECT_THAT(DriftTable(answer, *windows), HasSubstr("no_data, needs 100 rows"));
}

}  // namespace
}  // namespace hone
