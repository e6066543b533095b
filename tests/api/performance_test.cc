// `hone performance estimate` and `hone performance intervals` as their user meets them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/random.h"
#include "process/program.h"
#include "storage/testing/temporary_folder.h"
#include "wire/json.h"

namespace hone {
namespace {

using testing::HasSubstr;

// Predictions x of x + `moved` + noise; the newest rows have no outcome yet.
std::string WriteScored(const TemporaryFolder& folder, const std::string& name, int rows, int known, double moved) {
  std::ofstream out(folder / name);
  Random random = Random::Stream(8, name);
  out << "time,prediction,outcome,x\n";
  for (int i = 0; i < rows; ++i) {
    const double x = random.Normal();
    out << 1'600'000'000 + 3600 * i << ',' << x << ',' << (i < known ? std::to_string(x + moved + random.Normal()) : "")
        << ',' << x << '\n';
  }
  return folder / name;
}

Finished Performance(std::vector<std::string> more) {
  more.insert(more.begin(), "performance");
  return RunHone(more);
}

TEST(PerformanceEstimate, TellsWhatToExpectAndWhetherItCame) {
  const TemporaryFolder folder;
  const std::string reference = WriteScored(folder, "reference.csv", 1000, 1000, 0);
  const struct {
    std::string current;
    const char* status;
  } cases[] = {{WriteScored(folder, "same.csv", 400, 300, 0), "no_drift"},
               {WriteScored(folder, "moved.csv", 400, 300, 2), "drift"},
               {WriteScored(folder, "unknown.csv", 400, 0, 2), "no_data"}};
  for (const auto& one : cases) {
    const Finished finished = Performance({"estimate", "--reference", reference, "--current", one.current, "--features",
                                           "x", "--learner", "ridge", "--output", "json"});
    ASSERT_EQ(finished.exit_code, 0) << finished.errors;
    const auto answer = ParseJson(finished.output);
    ASSERT_TRUE(answer.ok()) << finished.output;
    EXPECT_EQ(answer->Find("concept_drift")->Find("status")->text, one.status);
    EXPECT_NEAR(answer->Find("metrics")->Find("rmse")->Find("estimate")->number, 1, 0.1);
  }
  const Finished table =
      Performance({"estimate", "--reference", reference, "--current", cases[1].current, "--learner", "ridge"});
  EXPECT_THAT(table.output, HasSubstr("concept drift: drift, critical"));
}

TEST(PerformanceIntervals, HoldTheShareAskedForAndGoToAFile) {
  const TemporaryFolder folder;
  const std::string data = WriteScored(folder, "log.csv", 1500, 1400, 0);
  for (const char* method : {"adaptive", "split"}) {
    const Finished finished = Performance({"intervals", "--data", data, "--method", method, "--window", "200", "--file",
                                           folder / "intervals.csv", "--output", "json"});
    ASSERT_EQ(finished.exit_code, 0) << finished.errors;
    const auto answer = ParseJson(finished.output);
    ASSERT_TRUE(answer.ok()) << finished.output;
    EXPECT_NEAR(answer->Find("coverage")->Find("value")->number, 0.9, 0.04) << method;
    EXPECT_EQ(answer->Find("judged")->number, 1200);
    EXPECT_EQ(answer->Find("pending")->number, 100);
    const auto written = ReadFile(folder / "intervals.csv", 1 << 20);
    ASSERT_TRUE(written.ok());
    EXPECT_EQ(std::count(written->begin(), written->end(), '\n'), 1301) << "rows after the first 200 outcomes, a head";
  }
}

TEST(PerformanceVerbs, SayWhatIsWrongAndWhereWithTheirExitCode) {
  const TemporaryFolder folder;
  const std::string data = WriteScored(folder, "log.csv", 60, 60, 0), bad = folder / "bad.csv";
  std::ofstream(bad) << "time,prediction\n2020-01-01,x\n";
  const struct {
    std::vector<std::string> flags;
    int exit_code;
    std::string words;
  } cases[] = {
      {{"estimate", "--reference", bad, "--current", data}, 1, ":1: outcome: the header has no such column"},
      {{"estimate", "--reference", data, "--current", bad}, 1, ":2: prediction: 'x' is not a number"},
      {{"estimate", "--reference", data, "--current", data}, 1, "has 60 rows with an outcome, 5 folds need 150"},
      {{"estimate", "--reference", data, "--current", data, "--kind", "binary"}, 1, "must be a probability"},
      {{"estimate", "--reference", data, "--current", data, "--kind", "binary", "--learner", "ridge"},
       2,
       "--learner: is for --kind regression"},
      {{"estimate", "--reference", data, "--current", data, "--kind", "binary", "--features", "x"},
       2,
       "--features: is for --kind regression"},
      {{"estimate", "--reference", data, "--current", data, "--folds", "1"}, 2, "--folds"},
      {{"intervals", "--data", data}, 1, "no outcome comes after the first 250"},
      {{"intervals", "--data", data, "--window", "5"}, 2, "--window: 5 errors cannot show a coverage of 0.9"},
      {{"intervals", "--data", data, "--coverage", "2"}, 2, "--coverage"},
  };
  for (const auto& one : cases) {
    const Finished finished = Performance(one.flags);
    EXPECT_EQ(finished.exit_code, one.exit_code) << one.words;
    EXPECT_THAT(finished.errors, HasSubstr(one.words));
    EXPECT_EQ(finished.output, "");
  }
}

}  // namespace
}  // namespace hone
