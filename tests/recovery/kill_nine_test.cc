// kill -9 at random moments of serving under load: afterwards one version is active, and every outcome and decision
// that was acknowledged is there, as it was.
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "base/random.h"
#include "process/program.h"
#include "recovery/outcome_body.h"
#include "storage/testing/temporary_folder.h"
#include "wire/http_client.h"
#include "wire/json.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

constexpr int kKills = 50;
constexpr int kWorkers = 3;
constexpr int kCheckedARound = 60;

struct Known {
  double predicted = 0, outcome = 0;
};

// What the server has acknowledged.
struct AcknowledgedWork {
  std::mutex mutex;
  std::map<std::string, Known> outcomes;
  std::set<std::string> decisions;
};

Result<JsonValue> BodyOf(const Result<HttpAnswer>& answer) {
  if (!answer.ok()) return answer.error();
  if (answer->status != 200) return Error{ErrorCode::kInternal, answer->body};
  return ParseJson(answer->body);
}

std::string PredictBody(const std::string& model, std::size_t width, Random& random) {
  JsonWriter json;
  json.BeginMap().Member("model", model).Key("features").BeginList();
  for (std::size_t i = 0; i < width; ++i) json.Value(random.Normal());
  json.EndList().EndMap();
  return json.Take();
}

// Predictions and their outcomes until the server is gone.
void Load(int port, std::size_t width, std::uint64_t seed, AcknowledgedWork& acknowledged) {
  Random random(seed);
  HttpClient client("127.0.0.1", port, 2 * kSecond);
  while (true) {
    const auto prediction = BodyOf(client.Post("/predict/single", PredictBody("volatility", width, random)));
    if (!prediction.ok()) return;
    const std::string& id = prediction->Find("prediction_id")->text;
    const double value = random.Normal();
    if (!BodyOf(client.Post("/outcomes", OutcomeBody(id, value))).ok()) return;
    const std::lock_guard lock(acknowledged.mutex);
    acknowledged.outcomes[id] = {prediction->Find("value")->number, value};
  }
}

void ExpectOneActiveVersion(HttpClient& client) {
  const auto summary = BodyOf(client.Get("/models/summary"));
  ASSERT_TRUE(summary.ok()) << summary.error().ToString();
  const JsonValue& models = *summary->Find("models");
  ASSERT_EQ(models.items.size(), 1U);
  EXPECT_TRUE(models.items[0].Find("active_version")->is_text());
  const auto versions = BodyOf(client.Get("/models/volatility/versions"));
  ASSERT_TRUE(versions.ok());
  int active = 0;
  for (const JsonValue& version : versions->Find("versions")->items) active += version.Find("stage")->text == "active";
  EXPECT_EQ(active, 1);
}

void ExpectOutcome(HttpClient& client, const std::string& id, const Known& known) {
  const auto record = BodyOf(client.Get("/predictions/" + id));
  ASSERT_TRUE(record.ok()) << id << " " << record.error().ToString();
  EXPECT_EQ(record->Find("value")->number, known.predicted) << id;
  ASSERT_TRUE(record->Find("outcome")->is_map()) << id;
  EXPECT_EQ(record->Find("outcome")->Find("value")->number, known.outcome) << id;
}

// Some of all outcomes ever acknowledged, the newest included.
void ExpectOutcomes(HttpClient& client, const AcknowledgedWork& acknowledged, Random& random) {
  const auto& all = acknowledged.outcomes;
  if (all.empty()) return;
  auto newest = all.rbegin();
  for (int i = 0; i < 10 && newest != all.rend(); ++i, ++newest) ExpectOutcome(client, newest->first, newest->second);
  for (int i = 0; i < kCheckedARound; ++i) {
    const auto some = std::next(all.begin(), static_cast<std::ptrdiff_t>(random.Below(all.size())));
    ExpectOutcome(client, some->first, some->second);
  }
}

// The log only grows: what was told once is told again, and what is new is remembered.
void ExpectDecisions(HttpClient& client, AcknowledgedWork& acknowledged) {
  const auto body = BodyOf(client.Get("/models/volatility/decisions?limit=10000"));
  ASSERT_TRUE(body.ok());
  std::set<std::string> told;
  for (const JsonValue& decision : body->Find("decisions")->items) told.insert(decision.Find("id")->text);
  for (const std::string& id : acknowledged.decisions) EXPECT_TRUE(told.contains(id)) << "decision lost: " << id;
  acknowledged.decisions = std::move(told);
}

// An operator's acts, so that there are decisions and jobs to lose.
void Act(int port, const Random& random, AcknowledgedWork& acknowledged) {
  Random draw = random;
  HttpClient client("127.0.0.1", port, 2 * kSecond);
  if (draw.Uniform() < 0.5) static_cast<void>(client.Post("/models/volatility/retrain", ""));
  const auto body = BodyOf(client.Get("/models/volatility/decisions?limit=10000"));
  if (!body.ok()) return;
  for (const JsonValue& decision : body->Find("decisions")->items) {
    acknowledged.decisions.insert(decision.Find("id")->text);
  }
}

void KillUnderLoad(ServingHone& server, std::size_t width, Random& random, AcknowledgedWork& acknowledged) {
  std::vector<std::thread> workers;
  for (int i = 0; i < kWorkers; ++i) {
    workers.emplace_back(Load, server.port(), width, random.Next(), std::ref(acknowledged));
  }
  Act(server.port(), Random(random.Next()), acknowledged);
  const double seconds = 0.05 + 0.6 * random.Uniform();
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  EXPECT_EQ(server.End(SIGKILL, 5 * kSecond), 128 + SIGKILL);
  for (std::thread& worker : workers) worker.join();
}

TEST(KillNine, NothingAcknowledgedIsLost) {
  const TemporaryFolder folder;
  const Finished trained = RunHone({"train", "--data", "synthetic:calm,bars=700", "--dir", folder / "state"});
  ASSERT_EQ(trained.exit_code, 0) << trained.errors;
  AcknowledgedWork acknowledged;
  Random random(20'260'101);
  std::size_t width = 0;
  for (int round = 0; round <= kKills; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    ServingHone server(folder / "state");
    ASSERT_TRUE(server.running()) << server.errors();
    HttpClient client("127.0.0.1", server.port());
    ExpectOneActiveVersion(client);
    ExpectOutcomes(client, acknowledged, random);
    ExpectDecisions(client, acknowledged);
    if (HasFailure()) return;
    if (width == 0) width = BodyOf(client.Get("/models/volatility"))->Find("features")->items.size();
    if (round < kKills) KillUnderLoad(server, width, random, acknowledged);
  }
  EXPECT_GT(acknowledged.outcomes.size(), 1000U);
}

// A promotion and a registration, acknowledged, then killed at once.
TEST(KillNine, PromotionSurvives) {
  const TemporaryFolder folder;
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(RunHone({"train", "--data", "synthetic:calm,bars=600", "--dir", folder / "state"}).exit_code, 0);
  }
  {
    ServingHone server(folder / "state");
    ASSERT_TRUE(server.running()) << server.errors();
    HttpClient client("127.0.0.1", server.port());
    const auto answer = client.Post("/models/volatility/promote", R"({"version":"1.0.1"})");
    ASSERT_TRUE(answer.ok());
    ASSERT_EQ(answer->status, 200) << answer->body;
    server.End(SIGKILL, 5 * kSecond);
  }
  ServingHone server(folder / "state");
  ASSERT_TRUE(server.running()) << server.errors();
  HttpClient client("127.0.0.1", server.port());
  const auto summary = BodyOf(client.Get("/models/summary"));
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->Find("models")->items[0].Find("active_version")->text, "1.0.1");
}

}  // namespace
}  // namespace hone
