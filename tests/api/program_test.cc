#include "process/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "storage/testing/temporary_folder.h"
#include "wire/http_client.h"
#include "wire/json.h"
#include "wire/testing/certificate.h"

namespace hone {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

Finished Train(const std::string& folder) {
  return RunHone({"train", "--data", "synthetic:calm,bars=500", "--dir", folder, "--output", "json"});
}

void ExpectRefusal(const Finished& finished, const std::string& names) {
  EXPECT_THAT(finished.exit_code, AnyOf(1, 2)) << finished.errors;
  EXPECT_THAT(finished.errors, AllOf(HasSubstr("hone: "), HasSubstr(names), Not(HasSubstr("terminate called"))));
}

void Overwrite(const fs::path& path, std::streamoff at, const std::string& bytes) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(at);
  file << bytes;
}

TEST(Program, TrainsRegistersAndActivates) {
  const TemporaryFolder folder;
  const Finished first = Train(folder / "state");
  ASSERT_EQ(first.exit_code, 0) << first.errors;
  const auto report = ParseJson(first.output);
  ASSERT_TRUE(report.ok()) << first.output;
  EXPECT_EQ(report->Find("version")->text, "1.0.0");
  EXPECT_EQ(report->Find("stage")->text, "active");
  EXPECT_EQ(report->Find("validation")->items.size(), 4U);
  const auto second = ParseJson(Train(folder / "state").output);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->Find("version")->text, "1.0.1");
  EXPECT_EQ(second->Find("stage")->text, "staging");
}

TEST(Program, PromotesAndRollsBackWithoutAServer) {
  const TemporaryFolder folder;
  const std::string state = folder / "state";
  ASSERT_EQ(Train(state).exit_code, 0);
  ASSERT_EQ(Train(state).exit_code, 0);
  const Finished promoted = RunHone({"models", "promote", "volatility", "1.0.1", "--dir", state});
  EXPECT_EQ(promoted.output, "volatility: active 1.0.1\n") << promoted.errors;
  const Finished back = RunHone({"models", "rollback", "volatility", "--dir", state});
  EXPECT_EQ(back.output, "volatility: active 1.0.0\n") << back.errors;
  ExpectRefusal(RunHone({"models", "promote", "volatility", "9.9.9", "--dir", state}), "9.9.9");
  ExpectRefusal(RunHone({"models", "show", "volatilty", "--dir", state}), "volatilty");
  const Finished compared = RunHone({"models", "compare", "volatility", "1.0.0", "1.0.1", "--dir", state});
  EXPECT_THAT(compared.output, HasSubstr("validation_rmse"));
}

TEST(Program, ActsThroughTheServerThatHasTheFolder) {
  const TemporaryFolder folder;
  const std::string state = folder / "state";
  ASSERT_EQ(Train(state).exit_code, 0);
  ASSERT_EQ(Train(state).exit_code, 0);
  ServingHone server(state);
  ASSERT_TRUE(server.running()) << server.errors();
  ExpectRefusal(RunHone({"models", "promote", "volatility", "1.0.1", "--dir", state}), "--url");
  ExpectRefusal(Train(state), "running hone");
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port());
  const Finished promoted = RunHone({"models", "promote", "volatility", "1.0.1", "--url", url});
  EXPECT_EQ(promoted.output, "volatility: active 1.0.1\n") << promoted.errors;
  EXPECT_THAT(RunHone({"models", "list", "--dir", state}).output, HasSubstr("1.0.1"));
  ExpectRefusal(RunHone({"models", "promote", "volatility", "7.0.0.0", "--url", url}), "7.0.0.0");
}

TEST(Program, WhyExplainsAPredictionAndADecision) {
  const TemporaryFolder folder;
  const std::string state = folder / "state";
  ASSERT_EQ(Train(state).exit_code, 0);
  ASSERT_EQ(Train(state).exit_code, 0);
  std::string prediction, decision;
  {
    ServingHone server(state);
    ASSERT_TRUE(server.running()) << server.errors();
    HttpClient client("127.0.0.1", server.port());
    const auto answer = client.Post("/predict/single", R"({"model":"volatility","features":[1,1,1,1,1,1,1,1,1,1]})");
    ASSERT_TRUE(answer.ok());
    prediction = ParseJson(answer->body)->Find("prediction_id")->text;
    ASSERT_EQ(client.Post("/models/volatility/promote", R"({"version":"1.0.1"})")->status, 200);
    const auto log = ParseJson(client.Get("/models/volatility/decisions?kind=promote")->body);
    decision = log->Find("decisions")->items.back().Find("id")->text;
  }
  EXPECT_THAT(RunHone({"why", prediction, "--dir", state}).output, HasSubstr("volatility 1.0.0 answered"));
  EXPECT_THAT(RunHone({"why", decision, "--dir", state}).output,
              AllOf(HasSubstr("volatility 1.0.1 promoted"), HasSubstr("operator")));
  ExpectRefusal(RunHone({"why", "01900000-0000-7000-8000-000000000000", "--dir", state}), "01900000");
  ExpectRefusal(RunHone({"why", "nonsense", "--dir", state}), "nonsense");
}

constexpr const char* kTwoRidges = R"(
name: volatility
features: [log_range_1, log_range_5, log_range_22]
persistence: log_range_22
windows: [0]
recipes:
  - {name: week, learner: ridge, features: [log_range_1, log_range_5]}
  - {name: month, learner: ridge, features: [log_range_5, log_range_22]}
)";

// The versions of the model, once its first job has made that of the other recipe.
JsonValue BothVersions(HttpClient& client) {
  JsonValue versions;
  for (int i = 0; i < 1000 && versions.items.size() < 2; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    versions = *ParseJson(client.Get("/models/volatility/versions")->body)->Find("versions");
  }
  return versions;
}

// What /models/volatility/performance says of the versions, as text.
std::string VersionsMeasured(HttpClient& client) {
  const std::string body = client.Get("/models/volatility/performance?window=60")->body;
  return body.substr(std::min(body.find("\"versions\""), body.size()));
}

TEST(Program, MeasuresShadowsBesideTheChampionAndTheSameAfterAKill) {
  const TemporaryFolder folder;
  const std::string state = folder / "state", series = "synthetic:calm,bars=600";
  std::ofstream(folder / "model.yaml") << kTwoRidges;
  ASSERT_EQ(RunHone({"train", "--data", series, "--model", folder / "model.yaml", "--dir", state}).exit_code, 0);
  EXPECT_THAT(RunHone({"models", "show", "volatility", "--dir", state}).output, HasSubstr("no matured prediction yet"));
  const std::string bars = RunHone({"bars", "--data", "synthetic:calm,bars=700", "--skip", "600", "--instrument",
                                    series, "--output", "json"})
                               .output;
  std::string measured;
  {
    ServingHone server(state);
    ASSERT_TRUE(server.running()) << server.errors();
    HttpClient client("127.0.0.1", server.port());
    const JsonValue versions = BothVersions(client);
    ASSERT_EQ(versions.items.size(), 2U);
    EXPECT_GT(versions.items[1].Find("metrics")->Find("validation_rmse")->number, 0) << "a version of the loop";
    ASSERT_EQ(client.Post("/market/bars", bars)->status, 200);
    measured = VersionsMeasured(client);
    const auto list = ParseJson("{" + measured);
    ASSERT_TRUE(list.ok()) << measured;
    const std::vector<JsonValue>& each = list->Find("versions")->items;
    ASSERT_EQ(each.size(), 3U) << "champion, shadow and persistence on the same requests";
    for (const JsonValue& version : each) EXPECT_EQ(version.Find("rows")->integer, 60) << measured;
    EXPECT_EQ(each[0].Find("stage")->text, "active");
    EXPECT_EQ(each[1].Find("stage")->text, "shadow");
    EXPECT_NE(each[0].Find("rmse")->number, each[1].Find("rmse")->number);
    EXPECT_GT(each[1].Find("loss_ratio")->number, 0);
    const auto drift = client.Post("/api/v1/drift/checks", R"({"model":"volatility"})");
    EXPECT_THAT(drift->body, AllOf(HasSubstr(R"("version":"1.0.0")"), HasSubstr(R"({"name":"log_range_1","status":")"),
                                   HasSubstr(R"("performance":{"status":")")));
    const auto shadows = client.Get("/api/v1/shadow-testing/summary");
    EXPECT_THAT(shadows->body, AllOf(HasSubstr(R"({"models":[{"model":"volatility","champion":"1.0.0")"),
                                     HasSubstr(R"("gain":{"verdict":")")));
    server.End(SIGKILL, 5 * kSecond);
  }
  EXPECT_THAT(RunHone({"models", "show", "volatility", "--dir", state}).output,
              AllOf(HasSubstr("live: 1.0.0 has RMSE "), HasSubstr(" on 95 matured predictions"), HasSubstr("ok")));
  ServingHone server(state);
  ASSERT_TRUE(server.running()) << server.errors();
  HttpClient client("127.0.0.1", server.port());
  EXPECT_EQ(VersionsMeasured(client), measured) << "to the byte";
}

TEST(Program, StopsOnSigtermAlsoWithOpenConnections) {
  const TemporaryFolder folder;
  ASSERT_EQ(Train(folder / "state").exit_code, 0);
  ServingHone server(folder / "state");  // its first job trains meanwhile
  ASSERT_TRUE(server.running()) << server.errors();
  HttpClient client("127.0.0.1", server.port());
  ASSERT_TRUE(client.Get("/health").ok());
  ASSERT_EQ(client.Post("/models/volatility/retrain", "")->status, 200);
  EXPECT_EQ(server.End(SIGTERM, 10 * kSecond), 0);
}

TEST(Program, ServesAFolderWithoutModels) {
  const TemporaryFolder folder;
  ServingHone server(folder / "state");
  ASSERT_TRUE(server.running()) << server.errors();
  HttpClient client("127.0.0.1", server.port());
  EXPECT_THAT(client.Get("/readyz")->body, HasSubstr("no model"));
  EXPECT_EQ(client.Post("/predict/single", R"({"features":[1]})")->status, 404);
}

TEST(Program, PortInUse) {
  const TemporaryFolder folder;
  ServingHone server(folder / "one");
  ASSERT_TRUE(server.running()) << server.errors();
  const std::string port = std::to_string(server.port());
  ExpectRefusal(RunHone({"serve", "--dir", folder / "two", "--port", port}), "127.0.0.1:" + port);
}

TEST(Program, FolderInUse) {
  const TemporaryFolder folder;
  ServingHone server(folder / "state");
  ASSERT_TRUE(server.running()) << server.errors();
  ExpectRefusal(RunHone({"serve", "--dir", folder / "state", "--port", "0"}), folder / "state");
}

TEST(Program, CorruptDatabase) {
  const TemporaryFolder folder;
  const std::string state = folder / "state";
  ASSERT_EQ(Train(state).exit_code, 0);
  Overwrite(state + "/hone.db", 0, std::string(4096, 'x'));
  ExpectRefusal(RunHone({"serve", "--dir", state, "--port", "0"}), "hone.db");
  ExpectRefusal(RunHone({"models", "list", "--dir", state}), "hone.db");
  const Finished doctor = RunHone({"doctor", "--dir", state});
  EXPECT_EQ(doctor.exit_code, 1);
  EXPECT_THAT(doctor.output, HasSubstr("NOT SOUND"));
}

TEST(Program, CorruptArtifact) {
  const TemporaryFolder folder;
  const std::string state = folder / "state";
  ASSERT_EQ(Train(state).exit_code, 0);
  for (const auto& entry : fs::recursive_directory_iterator(state + "/artifacts")) {
    if (entry.is_regular_file()) Overwrite(entry.path(), 0, "damaged");
  }
  ExpectRefusal(RunHone({"serve", "--dir", state, "--port", "0"}), "artifacts");
  EXPECT_THAT(RunHone({"doctor", "--dir", state}).output, HasSubstr("NOT SOUND"));
}

TEST(Program, Configuration) {
  const TemporaryFolder folder;
  std::ofstream(folder / "serve.yaml") << "prot: 8000\n";
  ExpectRefusal(RunHone({"serve", "--config", folder / "serve.yaml"}), "did you mean port");
  std::ofstream(folder / "range.yaml") << "port: 70000\n";
  ExpectRefusal(RunHone({"serve", "--config", folder / "range.yaml"}), "range.yaml:1");
  ExpectRefusal(RunHone({"serve", "--dir", folder / "state", "--host", "0.0.0.0"}), "HONE_TOKEN");
}

std::string WriteText(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

TEST(Program, ReadsARenewedCertificateOnSighup) {
  const TemporaryFolder folder;
  const auto files = testing_wire::MakeCertificate(folder.path(), "server");
  const std::string first = folder / "first.pem";
  fs::copy_file(files.certificate, first);
  ServingHone server(folder / "state",
                     {"--tls-cert", files.certificate, "--tls-key", files.key, "--config",
                      WriteText(folder / "serve.yaml", "log_level: info\n")},
                     first);
  ASSERT_TRUE(server.running()) << server.errors();
  const auto client = [&server](const std::string& trusted) {
    return HttpClient("127.0.0.1", server.port(), 5 * kSecond, 1 << 20, TlsTrust::Load(trusted).value());
  };
  const auto says = [&server](const std::string& what) {
    kill(server.process(), SIGHUP);
    for (int i = 0; i < 500 && server.errors().find(what) == std::string::npos; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return server.errors();
  };
  HttpClient kept = client(first);
  ASSERT_TRUE(kept.Get("/livez").ok());
  WriteText(files.certificate, "no certificate");
  EXPECT_THAT(says("stays what it was"), HasSubstr("the certificate stays what it was"));
  EXPECT_TRUE(client(first).Get("/livez").ok());
  testing_wire::MakeCertificate(folder.path(), "server");
  EXPECT_THAT(says("was read again"), HasSubstr("the certificate was read again"));
  EXPECT_TRUE(client(files.certificate).Get("/livez").ok());
  EXPECT_FALSE(client(first).Get("/livez").ok());
  EXPECT_TRUE(kept.Get("/livez").ok()) << "over the connection that was there";
  EXPECT_EQ(server.End(SIGTERM, 10 * kSecond), 0);
}

std::string Lines(const std::string& text) { return text.substr(0, text.find('\n')); }

TEST(Program, TokensAreMadeListedAndRevoked) {
  const TemporaryFolder folder;
  const std::string state = folder / "state";
  const Finished created = RunHone({"token", "create", "--role", "operate", "--dir", state});
  ASSERT_EQ(created.exit_code, 0) << created.errors;
  const std::string secret = Lines(created.output);
  EXPECT_EQ(secret.size(), 69U) << secret;
  EXPECT_EQ(secret.substr(0, 5), "hone_");
  ServingHone server(state);
  ASSERT_TRUE(server.running()) << server.errors();
  const std::string read =
      Lines(RunHone({"token", "create", "--role", "read", "--name", "board", "--dir", state}).output);
  const Finished listed = RunHone({"token", "list", "--dir", state});
  EXPECT_THAT(listed.output,
              AllOf(HasSubstr("board"), HasSubstr("operate"), Not(HasSubstr(secret)), Not(HasSubstr(read))));
  HttpClient client("127.0.0.1", server.port());
  const auto status = [&client](const std::string& token) {
    return client.Send("GET", "/models/summary", "", {{"Authorization", "Bearer " + token}})->status;
  };
  const auto await = [&](const std::string& token, int wanted) {
    for (int i = 0; i < 500 && status(token) != wanted; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return status(token);
  };
  EXPECT_EQ(client.Get("/models/summary")->status, 401);
  EXPECT_EQ(status(secret), 200);
  EXPECT_EQ(await(read, 200), 200) << "made while the server runs";
  EXPECT_EQ(client.Send("POST", "/models/none/retrain", "", {{"Authorization", "Bearer " + read}})->status, 403);
  EXPECT_EQ(RunHone({"token", "revoke", "board", "--dir", state}).output, "board is revoked\n");
  EXPECT_EQ(await(read, 401), 401);
  ExpectRefusal(RunHone({"token", "revoke", "boord", "--dir", state}), "boord");
  ExpectRefusal(RunHone({"token", "create", "--role", "all", "--dir", state}), "role");
  ExpectRefusal(RunHone({"token", "create", "--role", "read", "--name", "operate", "--dir", state}), "operate already");
}

constexpr const char* kXgboost =
    R"({"learner":{"attributes":{},"feature_names":["a","b"],"gradient_booster":{"name":"gbtree","model":{)"
    R"("tree_info":[0],"trees":[{"left_children":[1,-1,-1],"right_children":[2,-1,-1],"default_left":[0,0,0],)"
    R"("split_indices":[1,0,0],"split_conditions":[0.5,0.1,2],"tree_param":{"size_leaf_vector":"0"}}]}},)"
    R"("learner_model_param":{"base_score":"5E-1","num_feature":"2"},"objective":{"name":"reg:squarederror"}},)"
    R"("version":[2,1,0]})";

TEST(Program, TrainsAndServesAModelOfClasses) {
  const TemporaryFolder folder;
  const std::string state = folder / "state", model = HONE_SOURCE_DIR "/examples/move.yaml";
  const std::vector<std::string> train = {"train", "--data", "synthetic:calm,bars=700", "--model", model,
                                          "--dir", state};
  const Finished trained = RunHone(train);
  ASSERT_EQ(trained.exit_code, 0) << trained.errors;
  EXPECT_THAT(trained.output, AllOf(HasSubstr("move 1.0.0 is active"), HasSubstr("log loss"), HasSubstr("accuracy"),
                                    Not(HasSubstr("RMSE"))));
  EXPECT_THAT(RunHone({"models", "show", "move", "--dir", state}).output, HasSubstr("objective: multiclass"));
  ExpectRefusal(RunHone({"replay", "--data", "synthetic:calm,bars=700", "--model", model, "--dir", state}),
                "move answers classes");
  ServingHone server(state);
  ASSERT_TRUE(server.running()) << server.errors();
  HttpClient client("127.0.0.1", server.port());
  const auto answer = client.Post("/predict/single", R"({"model":"move","features":[0.1,0,0.4,1.1,55]})");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(ParseJson(answer->body)->Find("values")->items.size(), 3U) << answer->body;
  EXPECT_EQ(client.Post("/models/move/retrain", "")->status, 409);
}

TEST(Program, PredictsWithAModelFile) {
  const TemporaryFolder folder;
  const std::string model = WriteText(folder / "model.bin", kXgboost);
  const std::string rows = WriteText(folder / "rows.csv", "b,y,a\n0.4,7,1\n0.5,7,1\n,7,inf\n");
  const Finished done = RunHone({"predict", "--model", model, "--data", rows});
  // 0.5f + 0.1f, to the last digit of the double it is.
  EXPECT_EQ(done.output, "0.6000000238418579\n2.5\n2.5\n") << done.errors;
  EXPECT_EQ(RunHone({"predict", "--model", model, "--data", rows, "--margin"}).output, done.output);
  ExpectRefusal(RunHone({"predict", "--model", model, "--data", rows, "--contributions"}), "training rows");
  ExpectRefusal(RunHone({"predict", "--model", model, "--data", WriteText(folder / "c.csv", "a,c\n1,2\n")}), "b");
  ExpectRefusal(RunHone({"predict", "--model", folder / "none.json", "--data", rows}), "none.json");
  ExpectRefusal(RunHone({"predict", "--model", WriteText(folder / "old.json", "binf"), "--data", rows}), "save_model");
}

// A quarter of the training rows got -0.5, the others 2: 1.375 on average, and 0.5 to start from.
TEST(Program, TellsWhatEachColumnContributed) {
  const TemporaryFolder folder;
  std::string text = kXgboost;
  text.replace(text.find("0.1,2"), 5, "-0.5,2");
  text.insert(text.find(R"("tree_param")"), R"("sum_hessian":[4,1,3],)");
  const std::string model = WriteText(folder / "model.json", text);
  const std::string rows = WriteText(folder / "rows.csv", "b,a\n0.4,1\n0.5,\n");
  const Finished done = RunHone({"predict", "--model", model, "--data", rows, "--contributions"});
  EXPECT_EQ(done.output, "0,-1.875,1.875\n0,0.625,1.875\n") << done.errors;
}

// a earns 0.2 in every row, b 0.8: what is replayed, what is logged of it, and what evaluate makes of that log.
TEST(Program, ReplaysABanditOverAFullLogAndEvaluatesItsChoices) {
  const TemporaryFolder folder;
  std::string text = "time,a,b\n";
  for (int i = 0; i < 1000; ++i) text += "2020-01-01,0.2,0.8\n";
  const std::string data = WriteText(folder / "rewards.csv", text), log = (folder / "choices.csv").string();
  std::vector<std::string> replay = {"experiment",    "bandit",  "--data", data,      "--algorithm",
                                     "thompson_beta", "--floor", "0.1",    "--delay", "20",
                                     "--output",      "json",    "--log",  log};
  const Finished done = RunHone(replay);
  ASSERT_EQ(done.exit_code, 0) << done.errors;
  const auto answer = ParseJson(done.output);
  ASSERT_TRUE(answer.ok()) << done.output;
  EXPECT_EQ(answer->Find("best_arm")->text, "b");
  const double of_a = answer->Find("arms")->items[0].Find("choices")->number;
  EXPECT_GE(of_a, 60) << "the floor";
  EXPECT_LE(of_a, 220);
  EXPECT_NEAR(answer->Find("regret")->Find("sum")->number, 0.6 * of_a, 1e-9);
  EXPECT_EQ(RunHone(replay).output, done.output);
  const Finished evaluated = RunHone(
      {"experiment", "evaluate", "--data", log, "--always", "a", "--output", "json", "--minimum-effective-rows", "50"});
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.errors;
  const auto estimate = ParseJson(evaluated.output);
  EXPECT_NEAR(estimate->Find("estimates")->items[1].Find("policy")->Find("value")->number, 0.2, 1e-9) << "snips";
  ExpectRefusal(RunHone({"experiment", "bandit", "--data", data, "--algorithm", "ucb"}), "did you mean ucb1?");
  ExpectRefusal(RunHone({"experiment", "bandit", "--data", data, "--algorithm", "ucb1", "--high", "0.5"}),
                "rewards.csv:2: b: ucb1 needs rewards within [0, 0.5], is 0.8");
  ExpectRefusal(RunHone({"experiment", "bandit", "--data", data, "--algorithm", "ucb1", "--arms", "a"}),
                "a bandit needs 2 to 1000 arms");
}

// Chosen evenly between a (0.2) and b (0.8): half of the rows match, whatever a bandit does.
TEST(Program, ReplaysABanditOverALogOfChoices) {
  const TemporaryFolder folder;
  std::string text = "time,action,propensity,reward\n";
  for (int i = 0; i < 1000; ++i) text += "2020-01-01,a,0.5,0.2\n2020-01-01,b,0.5,0.8\n";
  const std::string data = WriteText(folder / "choices.csv", text);
  std::vector<std::string> replay = {"experiment", "bandit", "--data",  data,       "--algorithm",
                                     "exp3",       "--set",  "gamma=1", "--output", "json"};
  const Finished done = RunHone(replay);
  ASSERT_EQ(done.exit_code, 0) << done.errors;
  const auto answer = ParseJson(done.output);
  ASSERT_TRUE(answer.ok()) << done.output;
  EXPECT_EQ(answer->Find("uniform_rows")->number, 2000);
  EXPECT_NEAR(answer->Find("choices")->number, 1333, 100) << "rows by turns: a miss is followed by a match";
  EXPECT_NEAR(answer->Find("reward")->Find("mean")->number, 0.5, 0.05);
  replay.insert(replay.end(), {"--minimum-matched", "1999"});
  EXPECT_THAT(RunHone(replay).output, HasSubstr("rows matched, 1999 needed"));
  const std::string always = WriteText(folder / "always.csv",
                                       "time,action,propensity,reward\n2020-01-01,a,1,0.2\n"
                                       "2020-01-01,b,1,0.8\n");
  ExpectRefusal(RunHone({"experiment", "bandit", "--data", always, "--algorithm", "exp3"}),
                "always.csv: propensity: no propensity is below 1");
}

// a and b by turns, each with probability 1/2; a earns 1, b 3. Of the policy that always chooses b half the rows count.
TEST(Program, EvaluatesAPolicyFromALogOfChoices) {
  const TemporaryFolder folder;
  std::string text = "time,action,propensity,reward\n";
  for (int i = 0; i < 100; ++i) text += "2020-01-01,a,0.5,1\n2020-01-01,b,0.5,3\n";
  const std::string log = WriteText(folder / "log.csv", text);
  const std::vector<std::string> evaluate = {"experiment", "evaluate", "--data", log, "--output", "json", "--always"};
  const auto of = [&](std::vector<std::string> more) {
    more.insert(more.begin(), evaluate.begin(), evaluate.end());
    return RunHone(more);
  };
  const Finished done = of({"b"});
  ASSERT_EQ(done.exit_code, 0) << done.errors;
  const auto answer = ParseJson(done.output);
  ASSERT_TRUE(answer.ok()) << done.output;
  EXPECT_EQ(answer->Find("logged")->Find("value")->number, 2);
  EXPECT_EQ(answer->Find("weights")->Find("effective_rows")->number, 100);
  const auto& estimates = answer->Find("estimates")->items;
  ASSERT_EQ(estimates.size(), 2U);
  for (const auto& estimate : estimates) {
    EXPECT_NEAR(estimate.Find("policy")->Find("value")->number, 3, 1e-12);
    EXPECT_NEAR(estimate.Find("gain")->Find("value")->number, 1, 1e-12);
  }
  const Finished refused = of({"b", "--minimum-effective-rows", "101"});
  EXPECT_EQ(refused.exit_code, 0);
  EXPECT_THAT(refused.output,
              AllOf(HasSubstr(R"("refused":"100 effective rows, 101 needed")"), Not(HasSubstr(R"("policy")"))));
  ExpectRefusal(of({"c"}), "'c'");
}

TEST(Program, RegistersAModelFileAndServesIt) {
  const TemporaryFolder folder;
  const std::string state = folder / "state";
  const std::string model = WriteText(folder / "model.json", kXgboost);
  const std::string rows = WriteText(folder / "rows.csv", "a,b\n1,0.4\n");
  const Finished first = RunHone({"models", "register", "mine", "--file", model, "--dir", state, "--activate"});
  EXPECT_EQ(first.output, "mine 1.0.0 is active\n") << first.errors;
  const Finished second =
      RunHone({"models", "register", "mine", "--file", model, "--dir", state, "--version", "1.5.0"});
  EXPECT_EQ(second.output, "mine 1.5.0 is staging\n") << second.errors;
  ExpectRefusal(RunHone({"models", "register", "mine", "--file", model, "--dir", state, "--version", "1.5.0"}),
                "1.5.0");
  for (const char* named : {"mine", "mine@1.5.0"}) {
    const Finished done = RunHone({"predict", "--model", named, "--dir", state, "--data", rows});
    EXPECT_EQ(done.output, "0.6000000238418579\n") << done.errors;
  }
  ExpectRefusal(RunHone({"predict", "--model", "mine@9.0.0", "--dir", state, "--data", rows}), "9.0.0");
  EXPECT_THAT(RunHone({"models", "list", "--dir", state}).output, HasSubstr("mine"));
  EXPECT_THAT(RunHone({"models", "show", "mine", "--dir", state}).output, HasSubstr("1.5.0"));
  EXPECT_EQ(RunHone({"models", "promote", "mine", "1.5.0", "--dir", state}).output, "mine: active 1.5.0\n");
  EXPECT_EQ(RunHone({"models", "rollback", "mine", "--dir", state}).output, "mine: active 1.0.0\n");

  ServingHone server(state);
  ASSERT_TRUE(server.running()) << server.errors();
  HttpClient client("127.0.0.1", server.port());
  const auto answer = client.Post("/predict/single", R"({"model":"mine","features":{"a":1,"b":0.4}})");
  ASSERT_TRUE(answer.ok()) << answer.error().ToString();
  EXPECT_EQ(answer->status, 200) << answer->body;
  EXPECT_THAT(answer->body, AllOf(HasSubstr("0.6000000238418579"), HasSubstr("1.0.0")));
}

TEST(Program, ShowsExperimentsOfAServerAndOfAFolder) {
  const TemporaryFolder folder;
  const std::string state = folder / "state";
  const std::string model = WriteText(folder / "model.json", kXgboost);
  for (const char* version : {"1.0.0", "1.5.0"}) {
    ASSERT_EQ(RunHone({"models", "register", "mine", "--file", model, "--dir", state, "--version", version}).exit_code,
              0);
  }
  ASSERT_EQ(RunHone({"models", "promote", "mine", "1.0.0", "--dir", state}).exit_code, 0);
  EXPECT_EQ(RunHone({"experiment", "list", "--dir", state}).output, "no experiment yet\n");
  std::string id;
  {
    ServingHone server(state);
    ASSERT_TRUE(server.running()) << server.errors();
    HttpClient client("127.0.0.1", server.port());
    const auto split = client.Post("/models/ab-test", R"({"model":"mine","split":{"1.0.0":0.5,"1.5.0":0.5}})");
    ASSERT_TRUE(split.ok() && split->status == 200) << split->body;
    id = ParseJson(split->body)->Find("ab_test")->Find("id")->text;
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(client.Post("/predict/single", R"({"model":"mine","features":{"a":1,"b":0.4}})").ok());
    }
    const std::string url = "http://127.0.0.1:" + std::to_string(server.port());
    const Finished listed = RunHone({"experiment", "list", "--state", "running", "--url", url});
    EXPECT_THAT(listed.output, AllOf(HasSubstr("ab_test"), HasSubstr("1.5.0"), HasSubstr("no_data"), HasSubstr(id)));
  }
  const Finished shown = RunHone({"experiment", "show", id, "--dir", state});
  EXPECT_THAT(shown.output, AllOf(HasSubstr("shares: as they should be"), HasSubstr("errors     1.5.0"),
                                  HasSubstr("too few outcomes are known")))
      << shown.errors;
  const auto stored = ParseJson(RunHone({"experiment", "show", id, "--dir", state, "--output", "json"}).output);
  ASSERT_TRUE(stored.ok());
  std::int64_t units = 0;
  for (const JsonValue& arm : stored->Find("splits")->items.at(0).Find("arms")->items) {
    units += arm.Find("units")->integer;
  }
  EXPECT_EQ(units, 20) << "what was counted is there when the server has ended";
  ExpectRefusal(RunHone({"experiment", "show", "first", "--dir", state}), "ID");
  ExpectRefusal(RunHone({"experiment", "list", "--model", "yours", "--dir", state}), "there is no model yours");
}

}  // namespace
}  // namespace hone
