// `hone drift watch` as its user meets it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "base/random.h"
#include "process/program.h"
#include "storage/testing/temporary_folder.h"
#include "wire/json.h"

namespace hone {
namespace {

using testing::HasSubstr;

// 1,500 rows of mean 0, then 500 of mean 3; a column of errors, .1 and then .6 of them; row 7 is missing.
std::string WriteStream(const TemporaryFolder& folder) {
  const std::string path = folder / "stream.csv";
  std::ofstream out(path);
  Random random(5);
  out << "time,value,error\n";
  for (int i = 1; i <= 2000; ++i) {
    const double value = random.Normal() + (i > 1500 ? 3 : 0);
    const bool error = random.Uniform() < (i > 1500 ? 0.6 : 0.1);
    out << "t" << i << ',' << (i == 7 ? "" : std::to_string(value)) << ',' << error << '\n';
  }
  return path;
}

Finished Watch(std::vector<std::string> more) {
  more.insert(more.begin(), {"drift", "watch"});
  return RunHone(more);
}

TEST(DriftWatch, TellsWhereAStreamMovedAndWhatItWasBefore) {
  const TemporaryFolder folder;
  const std::string path = WriteStream(folder);
  const Finished finished = Watch({"--data", path, "--column", "value", "--output", "json"});
  ASSERT_EQ(finished.exit_code, 0) << finished.errors;
  EXPECT_EQ(std::count(finished.output.begin(), finished.output.end(), '\n'), 1) << finished.output;
  const auto alarm = ParseJson(finished.output);
  ASSERT_TRUE(alarm.ok()) << finished.output;
  const double row = alarm->Find("row")->number;
  EXPECT_TRUE(row > 1500 && row < 1560) << row;
  EXPECT_EQ(alarm->Find("time")->text, "t" + std::to_string(static_cast<int>(row)));
  EXPECT_EQ(alarm->Find("change")->text, "up");
  EXPECT_NEAR(alarm->Find("before")->number, 0, 0.2);
  EXPECT_GT(alarm->Find("after")->number, 1);
  EXPECT_THAT(finished.errors, HasSubstr("2000 rows of value, 1 of them missing; prewhitened_ranks: 1 drift"));
}

TEST(DriftWatch, AClassicDetectorTakesItsParameters) {
  const TemporaryFolder folder;
  const std::string path = WriteStream(folder);
  const Finished ddm = Watch({"--data", path, "--column", "error", "--detector", "ddm", "--set", "drift_threshold=4"});
  EXPECT_EQ(ddm.exit_code, 0) << ddm.errors;
  EXPECT_THAT(ddm.output, HasSubstr("ddm                up"));
}

TEST(DriftWatch, SaysWhatIsWrongAndWhereWithItsExitCode) {
  const TemporaryFolder folder;
  const std::string path = WriteStream(folder), bad = folder / "bad.csv";
  std::ofstream(bad) << "value\n1\nx\n";
  const struct {
    std::vector<std::string> flags;
    int exit_code;
    const char* says;
  } cases[] = {
      {{"--data", path, "--column", "valeu"}, 2, "the header has no such column, did you mean value?"},
      {{"--data", path, "--column", "value", "--detector", "adwn"}, 2, "did you mean adwin?"},
      {{"--data", path, "--column", "value", "--detector", "adwin", "--set", "dleta=1"}, 2, "did you mean delta?"},
      {{"--data", path, "--column", "value", "--detector", "ddm"}, 1, "stream.csv:2: value: ddm takes 0 and 1"},
      {{"--data", bad, "--column", "value"}, 1, "bad.csv:3: value: 'x' is not a number"},
      {{"--data", folder / "none.csv", "--column", "value"}, 1, "none.csv: cannot be read"},
      {{"--data", bad}, 2, "--column is required"},
  };
  for (const auto& wrong : cases) {
    const Finished finished = Watch(wrong.flags);
    EXPECT_EQ(finished.exit_code, wrong.exit_code) << finished.errors;
    EXPECT_THAT(finished.errors, HasSubstr(wrong.says));
  }
}

TEST(DriftWatch, AStreamTooShortIsNoData) {
  const TemporaryFolder folder;
  const Finished finished = Watch({"--data", WriteStream(folder), "--column", "value", "--reference-rows", "5000"});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_THAT(finished.errors, HasSubstr("no_data: it ended before there was enough to judge by"));
}

}  // namespace
}  // namespace hone
