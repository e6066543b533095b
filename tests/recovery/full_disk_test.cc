// A real disk that is full: every command says so by the name of a file and ends with 1, the server answers 507 and
// goes on, nothing half done is left, and nothing that was acknowledged is lost once there is space again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <map>
#include <thread>

#include "process/program.h"
#include "recovery/outcome_body.h"
#include "recovery/small_disk.h"
#include "wire/http_client.h"
#include "wire/json.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kKiB = 1024;

constexpr const char* kTwoRidges = R"(
name: volatility
features: [log_range_1, log_range_5, log_range_22]
persistence: log_range_22
windows: [0]
recipes:
  - {name: week, learner: ridge, features: [log_range_1, log_range_5]}
  - {name: month, learner: ridge, features: [log_range_5, log_range_22]}
)";

class FullDisk : public testing::TestWithParam<SmallDisk::Kind> {
 protected:
  void SetUp() override { std::ofstream(model_) << kTwoRidges; }

  Finished Train() {
    return RunHone({"train", "--data", "synthetic:calm,bars=600", "--model", model_, "--dir", disk_ / "state"});
  }

  // Runs `command` with ever more room until it succeeds; how often it failed before, each time as it should.
  template <typename Command>
  int FailuresUntilDone(const Command& command, Finished& done) {
    int failures = 0;
    for (std::int64_t room = 16 * kKiB; room < 16 * 1024 * kKiB; room = room * 8 / 5) {
      disk_.LeaveRoom(room);
      done = command();
      disk_.MakeRoom();
      if (done.exit_code == 0) return failures;
      EXPECT_EQ(done.exit_code, 1) << "with room for " << room << ": " << done.errors;
      EXPECT_THAT(done.errors, AllOf(HasSubstr("hone: " + (disk_ / "")), AnyOf(HasSubstr("full"), HasSubstr("space")),
                                     Not(HasSubstr("terminate"))))
          << "with room for " << room;
      ++failures;
    }
    ADD_FAILURE() << "never done: " << done.errors;
    return failures;
  }

  SmallDisk disk_{GetParam()};
  std::string model_ = disk_ / "model.yaml";
};

TEST_P(FullDisk, TrainingStoresAllOrNothing) {
  Finished done;
  EXPECT_GE(FailuresUntilDone([this] { return Train(); }, done), 3);
  EXPECT_THAT(done.output, HasSubstr("1.0.0"));
  EXPECT_THAT(RunHone({"models", "show", "volatility", "1.0.0", "--dir", disk_ / "state"}).output, HasSubstr("active"));
  const Finished doctor = RunHone({"doctor", "--dir", disk_ / "state"});
  EXPECT_EQ(doctor.exit_code, 0) << doctor.output;
}

TEST_P(FullDisk, AReplayPrintsTheSameOnceThereIsSpace) {
  const TemporaryFolder elsewhere;
  const auto replay = [this](const std::string& folder) {
    return RunHone({"replay", "--data", "synthetic:break,bars=900", "--model", model_, "--seed", "5", "--output",
                    "json", "--dir", folder});
  };
  const Finished undisturbed = replay(elsewhere / "state");
  ASSERT_EQ(undisturbed.exit_code, 0) << undisturbed.errors;
  Finished done;
  EXPECT_GE(FailuresUntilDone([&] { return replay(disk_ / "state"); }, done), 3);
  EXPECT_EQ(done.output, undisturbed.output);
}

// What the server has acknowledged, by prediction.
using Acknowledged = std::map<std::string, double>;

// A prediction and its outcome; the answer to the latter.
HttpAnswer AskAndTell(HttpClient& client, double value, Acknowledged& acknowledged) {
  const auto asked = client.Post("/predict/single", R"({"model":"volatility","features":[-9,-9,-9]})");
  if (!asked.ok() || asked->status != 200) return asked.ok() ? *asked : HttpAnswer();
  const std::string id = ParseJson(asked->body)->Find("prediction_id")->text;
  const auto told = client.Post("/outcomes", OutcomeBody(id, value));
  if (told.ok() && told->status == 200) acknowledged[id] = value;
  return told.ok() ? *told : HttpAnswer();
}

// The last answer: not 200, or 200 when nothing failed within 10,000 outcomes.
HttpAnswer TellUntilRefused(HttpClient& client, Acknowledged& acknowledged) {
  HttpAnswer answer;
  for (int i = 0; i < 10'000; ++i) {
    answer = AskAndTell(client, i, acknowledged);
    if (answer.status != 200) break;
  }
  return answer;
}

void ExpectAll(HttpClient& client, const Acknowledged& acknowledged) {
  for (const auto& [id, value] : acknowledged) {
    const auto record = client.Get("/predictions/" + id);
    ASSERT_TRUE(record.ok());
    const auto json = ParseJson(record->body);
    ASSERT_TRUE(json.ok() && json->Find("outcome") != nullptr) << record->body;
    ASSERT_TRUE(json->Find("outcome")->is_map()) << "outcome lost: " << record->body;
    EXPECT_EQ(json->Find("outcome")->Find("value")->number, value);
  }
}

int HealthWithin(HttpClient& client, std::chrono::seconds limit) {
  int status = 0;
  for (const auto end = std::chrono::steady_clock::now() + limit; std::chrono::steady_clock::now() < end;) {
    const auto health = client.Get("/health");
    status = health.ok() ? health->status : 0;
    if (status == 200) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return status;
}

TEST_P(FullDisk, TheServerRefusesGoesOnAndLosesNothing) {
  ASSERT_EQ(Train().exit_code, 0);
  Acknowledged acknowledged;
  {
    ServingHone server(disk_ / "state");
    ASSERT_TRUE(server.running()) << server.errors();
    HttpClient client("127.0.0.1", server.port());
    for (int round = 0; round < 3; ++round) {
      disk_.LeaveRoom(600 * kKiB, server.process());
      const HttpAnswer refused = TellUntilRefused(client, acknowledged);
      EXPECT_EQ(refused.status, 507) << refused.body;
      EXPECT_EQ(FindHeader(refused.headers, "Content-Type"), "application/problem+json");
      EXPECT_THAT(refused.body, AllOf(HasSubstr("hone.db"), HasSubstr("full")));
      EXPECT_EQ(client.Get("/health")->status, 503);
      EXPECT_EQ(client.Get("/livez")->status, 200);
      disk_.MakeRoom(server.process());
      EXPECT_EQ(HealthWithin(client, std::chrono::seconds(10)), 200);
      EXPECT_EQ(AskAndTell(client, -round, acknowledged).status, 200) << "there is space again";
    }
    ExpectAll(client, acknowledged);
    EXPECT_GT(acknowledged.size(), 10U);
    EXPECT_EQ(server.End(SIGTERM, 10 * kSecond), 0) << server.errors();
  }
  ServingHone server(disk_ / "state");
  ASSERT_TRUE(server.running()) << server.errors();
  HttpClient client("127.0.0.1", server.port());
  ExpectAll(client, acknowledged);
  EXPECT_THAT(client.Get("/models/summary")->body, HasSubstr("\"active\":1"));
}

TEST_P(FullDisk, AServerCannotStartOnIt) {
  ASSERT_EQ(Train().exit_code, 0);
  disk_.LeaveRoom(0);
  const Finished refused = RunHone({"serve", "--dir", disk_ / "state", "--port", "0"});
  disk_.MakeRoom();
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors, AllOf(HasSubstr("hone: " + (disk_ / "")), AnyOf(HasSubstr("full"), HasSubstr("space"))));
  ServingHone server(disk_ / "state");
  EXPECT_TRUE(server.running()) << server.errors();
}

INSTANTIATE_TEST_SUITE_P(Kinds, FullDisk, testing::Values(SmallDisk::Kind::kMounted, SmallDisk::Kind::kLimited),
                         [](const auto& kind) {
                           return std::string(kind.param == SmallDisk::Kind::kMounted ? "Mounted" : "Limited");
                         });

// Where the output goes is a disk too.
TEST(FullDiskOutput, HalfAResultIsNoSuccess) {
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"bars", "--data", "synthetic:calm,bars=500"}, {"policy", "show"}, {"version"}}) {
    const Finished finished = RunHone(command, "/dev/full");
    EXPECT_EQ(finished.exit_code, 1) << command[0];
    EXPECT_THAT(finished.errors, AllOf(HasSubstr("stdout"), HasSubstr("not complete"))) << command[0];
  }
}

}  // namespace
}  // namespace hone
