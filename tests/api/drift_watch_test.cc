// `hone drift watch` as its user meets it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "process/program.h"
#include "registry/drift_event_store.h"
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

// Two of a model, one of another.
void ReportDrift(const std::string& folder) {
  const auto database = std::move(*Database::Open(folder + "/hone.db"));
  DriftEventStore store(*database);
  IdGenerator ids(1);
  for (const auto& [model, severity] :
       {std::pair{"volatility", Severity::kLow}, {"other", Severity::kMedium}, {"volatility", Severity::kHigh}}) {
    DriftEvent event{.time = kSecond, .model = model, .version = "1.0.0", .subject = "rsi_14", .method = "psi"};
    event.id = ids.Next(kSecond);
    event.severity = severity;
    ASSERT_TRUE(store.Append(event).ok());
  }
}

TEST(DriftEvents, AreListedFromAFolder) {
  const TemporaryFolder folder;
  const std::string state = folder / "state";
  ASSERT_EQ(RunHone({"train", "--data", "synthetic:calm,bars=500", "--dir", state}).exit_code, 0);
  const std::vector<std::string> events = {"drift", "events", "--dir", state};
  EXPECT_EQ(RunHone(events).output, "no drift was reported\n");
  ReportDrift(state);
  const auto with = [&events](std::vector<std::string> more) {
    more.insert(more.begin(), events.begin(), events.end());
    return RunHone(more);
  };
  const Finished table = with({});
  EXPECT_EQ(std::ranges::count(table.output, '\n'), 4) << table.output << table.errors;
  EXPECT_THAT(table.output, HasSubstr("1970-01-01T00:00:01Z"));
  const JsonValue all = *ParseJson(with({"--output", "json"}).output, {});
  ASSERT_EQ(all.Find("events")->items.size(), 3U);
  const std::string last = all.Find("events")->items[2].Find("id")->text;
  EXPECT_EQ(ParseJson(with({"--before", last, "--output", "json"}).output, {})->Find("events")->items.size(), 2U);
  const JsonValue severe =
      *ParseJson(with({"--severity", "medium", "--model", "volatility", "--output", "json"}).output, {});
  ASSERT_EQ(severe.Find("events")->items.size(), 1U);
  EXPECT_EQ(severe.Find("events")->items[0].Find("severity")->text, "high");
  EXPECT_EQ(with({"--model", "none"}).exit_code, 1);
  EXPECT_EQ(with({"--before", "one"}).exit_code, 2);
  EXPECT_EQ(with({"--severity", "worse"}).exit_code, 2);
}

}  // namespace
}  // namespace hone
