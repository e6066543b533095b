#include "api/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <set>
#include <thread>

#include "api/openapi_document.h"
#include "base/executor.h"
#include "base/sha256.h"
#include "engine/access_token_store.h"
#include "engine/train_model.h"
#include "market/synthetic.h"
#include "storage/testing/full_disk_vfs.h"
#include "storage/testing/temporary_folder.h"
#include "wire/http_client.h"
#include "wire/json.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

class WallClock final : public Clock {
 public:
  Time Now() const override {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
};

const SyntheticMarket& Market() {
  static const SyntheticMarket market({"calm", 800}, 5);
  return market;
}

// All but the last 100 bars.
BarSeries TrainingBars() {
  BarSeries series = Market().series();
  series.instrument = "calm";
  series.bars.resize(700);
  return series;
}

void Train(const std::filesystem::path& folder) {
  const auto store = LiveStore::Open(folder);
  ASSERT_TRUE(store.ok()) << store.error().ToString();
  const auto executor = MakeInlineExecutor();
  const auto report = TrainModel(**store, TrainingBars(), VolatilityModel(), 1, WallClock().Now(), *executor);
  ASSERT_TRUE(report.ok()) << report.error().ToString();
}

std::string BarsBody(std::size_t begin, std::size_t end) {
  JsonWriter json;
  json.BeginMap().Member("instrument", "calm").Key("bars").BeginList();
  for (std::size_t i = begin; i < end; ++i) {
    const Bar& bar = Market().series().bars[i];
    json.BeginMap().Member("time", FormatTime(bar.open_time)).Member("open", bar.open).Member("high", bar.high);
    json.Member("low", bar.low).Member("close", bar.close).Member("volume", bar.volume).EndMap();
  }
  json.EndList().EndMap();
  return json.Take();
}

struct Asked {
  int status = 0;
  std::string body;
  HttpHeaders headers;
  JsonValue json;

  const JsonValue& operator[](std::string_view key) const {
    static const JsonValue missing;
    const JsonValue* found = json.Find(key);
    EXPECT_NE(found, nullptr) << key << " in " << body;
    return found == nullptr ? missing : *found;
  }
};

// A trained model behind a real server on a free port. Jobs fail: training is no matter of the API.
class ApiTest : public testing::Test {
 protected:
  void SetUp() override { Train(folder_.path()); }
  void TearDown() override { Stop(); }

  void Start(bool with_engine = true, std::size_t ring_size = 1024, const std::string& token = "",
             const std::string& vfs = "") {
    LiveOptions options;
    options.folder = folder_.path();
    options.program = "/bin/false";
    options.ring_size = ring_size;
    options.vfs = vfs;
    auto engine = LiveEngine::Open(options, clock_);
    ASSERT_TRUE(engine.ok()) << engine.error().ToString();
    engine_ = std::move(*engine);
    api_ = std::make_unique<Api>(*engine_, metrics_, clock_, ApiOptions{.token = token, .version = "1.2.3"});
    auto server = HttpServer::Listen({.port = 0}, api_->handler());
    ASSERT_TRUE(server.ok()) << server.error().ToString();
    server_ = std::move(*server);
    api_->Connect(*server_);
    io_ = std::thread([this] { server_->Run(0); });
    if (with_engine) core_ = std::thread([this] { engine_->Run(); });
    client_ = std::make_unique<HttpClient>("127.0.0.1", server_->port());
  }

  void Stop() {
    if (!server_) return;
    client_.reset();
    server_->Stop(kSecond);
    io_.join();
    engine_->Stop();
    if (core_.joinable()) core_.join();
    server_.reset();
  }

  Asked Ask(const Result<HttpAnswer>& answer) {
    EXPECT_TRUE(answer.ok()) << answer.error().ToString();
    if (!answer.ok()) return {};
    Asked asked{answer->status, answer->body, answer->headers, {}};
    auto json = ParseJson(answer->body);
    if (json.ok()) asked.json = std::move(*json);
    return asked;
  }
  Asked Get(const std::string& target) { return Ask(client_->Get(target)); }
  Asked Post(const std::string& target, const std::string& body) { return Ask(client_->Post(target, body)); }
  Asked Predict() { return Post("/predict/single", R"({"model":"volatility","features":[-9,-9,-9,-9,-9,0,0,0,0,0]})"); }
  std::string OutcomeBody(const std::string& id, double value) {
    JsonWriter json;
    json.BeginMap().Member("prediction_id", id).Member("value", value).EndMap();
    return json.Take();
  }

  TemporaryFolder folder_;
  WallClock clock_;
  MetricRegistry metrics_;
  std::unique_ptr<LiveEngine> engine_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<HttpServer> server_;
  std::thread io_, core_;
  std::unique_ptr<HttpClient> client_;
};

TEST_F(ApiTest, APredictionItsOutcomeAndItsRecord) {
  Start();
  const Asked prediction = Predict();
  ASSERT_EQ(prediction.status, 200) << prediction.body;
  EXPECT_EQ(prediction["model"].text, "volatility");
  EXPECT_EQ(prediction["version"].text, "1.0.0");
  EXPECT_EQ(prediction["role"].text, "champion");
  EXPECT_EQ(prediction["propensity"].number, 1);
  const std::string id = prediction["prediction_id"].text;
  const Asked before = Get("/predictions/" + id);
  EXPECT_EQ(before["value"].number, prediction["value"].number);
  EXPECT_TRUE(before["outcome"].is_null());
  EXPECT_EQ(before["features"].keys.size(), 10U);
  EXPECT_EQ(before["features"].Find("log_range_1")->number, -9);

  const Asked outcome = Post("/outcomes", OutcomeBody(id, -8.5));
  ASSERT_EQ(outcome.status, 200) << outcome.body;
  EXPECT_FALSE(outcome["doubled"].boolean);
  EXPECT_TRUE(Post("/outcomes", OutcomeBody(id, 3))["doubled"].boolean);
  EXPECT_EQ(Get("/predictions/" + id)["outcome"].Find("value")->number, -8.5) << "the first outcome stands";
}

TEST_F(ApiTest, FeaturesByName) {
  Start();
  const Asked model = Get("/models/volatility");
  JsonWriter body;
  body.BeginMap().Member("model", "volatility").Key("features").BeginMap();
  for (const JsonValue& name : model["features"].items) body.Member(name.text, 0.5);
  body.EndMap().EndMap();
  EXPECT_EQ(Post("/predict/single", body.text()).status, 200);
  const Asked missing = Post("/predict/single", R"({"model":"volatility","features":{"log_range_1":1}})");
  EXPECT_EQ(missing.status, 409);
  EXPECT_THAT(missing["detail"].text, HasSubstr("missing"));
}

TEST_F(ApiTest, ErrorsAreProblemsThatNameWhatIsWrong) {
  Start();
  const Asked no_model = Post("/predict/single", R"({"model":"volatilty","features":[1]})");
  EXPECT_EQ(no_model.status, 404);
  EXPECT_EQ(FindHeader(no_model.headers, "Content-Type"), "application/problem+json");
  EXPECT_THAT(no_model["detail"].text, AllOf(HasSubstr("did you mean volatility"), HasSubstr("served: volatility")));
  EXPECT_EQ(Post("/predict/single", "{").status, 400);
  EXPECT_EQ(Post("/outcomes", OutcomeBody("01900000-0000-7000-8000-000000000000", 1)).status, 404);
  EXPECT_EQ(Post("/outcomes", OutcomeBody("one", 1))["key"].text, "prediction_id");
  EXPECT_EQ(Post("/outcomes", R"({"prediction_id":"x"})").status, 400);
  EXPECT_EQ(Post("/outcomes", R"({"prediction_id":"x","vlue":1})").status, 400);
  EXPECT_EQ(Get("/predictions/01900000-0000-7000-8000-000000000000").status, 404);
  EXPECT_EQ(Get("/predictions/one").status, 400);
  EXPECT_EQ(Get("/decisions/01900000-0000-7000-8000-000000000000").status, 404);
  EXPECT_EQ(Get("/nothing").status, 404);
  for (const char* list : {"", "/versions", "/drift", "/jobs", "/decisions", "/shadow"}) {
    EXPECT_EQ(Get(std::string("/models/other") + list).status, 404) << list;
  }
  EXPECT_EQ(Get("/models/volatility/jobs?limit=0").status, 400);
  EXPECT_EQ(Get("/models/volatility/decisions?kind=dance").status, 400);
  EXPECT_EQ(Get("/api/v1/drift/events?severity=worse")["key"].text, "severity");
  EXPECT_EQ(Get("/api/v1/drift/events?before=one").status, 400);
  EXPECT_EQ(Get("/api/v1/drift/events?model=other").status, 404);
  EXPECT_EQ(Get("/api/v1/drift/events?model=").status, 404);
}

TEST_F(ApiTest, ModelsAreDescribed) {
  Start();
  const Asked summary = Get("/models/summary");
  ASSERT_EQ(summary["models"].items.size(), 1U);
  EXPECT_EQ(summary["models"].items[0].Find("name")->text, "volatility");
  EXPECT_EQ(summary["models"].items[0].Find("active_version")->text, "1.0.0");
  EXPECT_EQ(summary["models"].items[0].Find("instrument")->text, "calm");
  const Asked model = Get("/models/volatility");
  EXPECT_EQ(model["features"].items.size(), 10U);
  EXPECT_EQ(model["routing"].Find("champion")->text, "1.0.0");
  EXPECT_EQ(model["lines"].items.size(), 12U);
  EXPECT_EQ(Get("/models/volatility/versions")["versions"].items[0].Find("stage")->text, "active");
  EXPECT_EQ(Get("/models/volatility/shadow")["lines"].items.size(), 12U);
  EXPECT_EQ(Get("/model/status")["models"].items[0].Find("status")->text, "serving");
  EXPECT_NE(Get("/model/status")["onnx_runtime"].Find("status")->text, "open") << "no graph is served";
}

TEST_F(ApiTest, BarsMakePredictionsAndMatureThem) {
  Start();
  const Asked first = Post("/market/bars", BarsBody(700, 703));
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first["bars"].integer, 3);
  ASSERT_EQ(first["predictions"].items.size(), 3U);
  const std::string id = first["predictions"].items[0].Find("prediction_id")->text;
  EXPECT_TRUE(Get("/predictions/" + id)["outcome"].is_null());
  EXPECT_EQ(Post("/market/bars", BarsBody(703, 710))["bars"].integer, 7);
  EXPECT_TRUE(Get("/predictions/" + id)["outcome"].is_map()) << "five bars later it is known";
  EXPECT_EQ(Post("/market/bars", BarsBody(705, 706)).status, 409) << "older than the newest";
  EXPECT_EQ(Post("/market/bars", R"({"instrument":"other","bars":[{"time":"2030-01-01","open":1,"high":1,"low":1,)"
                                 R"("close":1}]})")
                .status,
            404);
  const Asked negative = Post("/market/bars", R"({"instrument":"calm","bars":[{"time":"2030-01-01","open":1,"high":1,)"
                                              R"("low":-1,"close":1}]})");
  EXPECT_EQ(negative.status, 409);
  EXPECT_EQ(negative["key"].text, "low");
  EXPECT_THAT(negative["detail"].text, HasSubstr("bar 0"));
}

TEST_F(ApiTest, PerformanceOfEveryVersionOnMaturedPredictions) {
  Start();
  const Asked none = Get("/models/volatility/performance");
  ASSERT_EQ(none.status, 200) << none.body;
  EXPECT_EQ(none["window"].integer, 250) << "the policy's";
  EXPECT_EQ(none["versions"].items[0].Find("status")->text, "no_data");
  EXPECT_TRUE(none["versions"].items[0].Find("rmse")->is_null());

  ASSERT_EQ(Post("/market/bars", BarsBody(700, 760)).status, 200);
  const Asked all = Get("/models/volatility/performance?window=40");
  EXPECT_EQ(all["matured"].integer, 40);
  EXPECT_EQ(all["pending"].integer, 5);
  EXPECT_EQ(all["overdue"].integer, 0);
  ASSERT_EQ(all["versions"].items.size(), 2U) << "the champion and persistence";
  const JsonValue& champion = all["versions"].items[0];
  EXPECT_EQ(champion.Find("version")->text, "1.0.0");
  EXPECT_EQ(champion.Find("stage")->text, "active");
  EXPECT_EQ(champion.Find("rows")->integer, 40);
  EXPECT_EQ(champion.Find("compared")->integer, 40);
  const double rmse = champion.Find("rmse")->number;
  EXPECT_GT(rmse, 0);
  EXPECT_LE(champion.Find("rmse_interval")->items[0].number, rmse);
  EXPECT_GE(champion.Find("rmse_interval")->items[1].number, rmse);
  EXPECT_EQ(champion.Find("status")->text, "ok");
  EXPECT_EQ(champion.Find("loss_ratio")->number, rmse / champion.Find("reference_rmse")->number);
  EXPECT_TRUE(all["versions"].items[1].Find("stage")->is_null());

  const Asked own = Get("/models/volatility/performance?window=40&version=1.0.0");
  ASSERT_EQ(own["versions"].items.size(), 1U);
  EXPECT_EQ(own["versions"].items[0].Find("rmse")->number, rmse);
  const Asked model = Get("/models/volatility");
  EXPECT_EQ(model["performance"].Find("version")->text, "1.0.0");
  EXPECT_EQ(model["performance"].Find("rows")->integer, 55) << "all there are";
}

TEST_F(ApiTest, PerformanceRefusesWhatIsNotThere) {
  Start();
  EXPECT_EQ(Get("/models/other/performance").status, 404);
  EXPECT_EQ(Get("/models/volatility/performance?version=7.0.0").status, 404);
  for (const char* window : {"0", "5001", "-1", "many", "1e3"}) {
    const Asked refused = Get(std::string("/models/volatility/performance?window=") + window);
    EXPECT_EQ(refused.status, 400) << window;
    EXPECT_EQ(refused["key"].text, "window");
  }
}

TEST_F(ApiTest, ActsOfAnOperator) {
  Start();
  EXPECT_EQ(Post("/models/volatility/retrain", "").status, 200);
  EXPECT_EQ(Post("/models/volatility/rollback", "").status, 409) << "nothing was active before";
  EXPECT_EQ(Post("/models/volatility/promote", R"({"version":"8.8.8"})").status, 404);
  EXPECT_EQ(Post("/models/volatility/promote", "{}").status, 400);
  EXPECT_EQ(Post("/models/other/retrain", "").status, 404);
}

TEST_F(ApiTest, RolloutsAreToldAndRefuseWordsAboutNone) {
  Start();
  const Asked all = Get("/api/v1/rollouts");
  EXPECT_EQ(all.body, R"({"rollouts":[{"model":"volatility","champion":"1.0.0","state":"none","frozen":false,)"
                      R"("rollbacks_in_a_row":0,"release":null}]})");
  EXPECT_EQ(Get("/api/v1/rollouts/volatility").status, 200);
  EXPECT_EQ(Get("/api/v1/rollouts/other").status, 404);
  for (const char* act : {"pause", "resume", "advance", "abort"}) {
    const Asked refused = Post(std::string("/api/v1/rollouts/volatility/") + act, R"({"reason":"to see"})");
    EXPECT_EQ(refused.status, 409) << act;
    EXPECT_THAT(refused.body, HasSubstr("no version is on release"));
  }
  EXPECT_THAT(Post("/api/v1/rollouts/volatility/unfreeze", "").body, HasSubstr("rollouts are not frozen"));
  EXPECT_EQ(Post("/api/v1/rollouts/other/pause", "").status, 404);
  EXPECT_EQ(Post("/api/v1/rollouts/volatility/pause", R"({"why":"?"})").status, 400);
  const std::string long_reason(501, 'x');
  EXPECT_THAT(Post("/api/v1/rollouts/volatility/pause", R"({"reason":")" + long_reason + R"("})").body,
              HasSubstr("at most 500 characters"));
}

TEST_F(ApiTest, AnAbTestOfAModelThatHoneTrains) {
  Train(folder_.path());  // 1.0.1
  Start();
  const Asked split = Post("/models/ab-test", R"({"model":"volatility","split":{"1.0.0":0.5,"1.0.1":0.5}})");
  ASSERT_EQ(split.status, 200) << split.body;
  EXPECT_THAT(Get("/model/status").body, HasSubstr(R"("ab_test":[{"version":"1.0.1","share":0.5}])"));
  EXPECT_THAT(Get("/models/volatility").body, HasSubstr(R"("ab_test":{"id":")"));
  std::set<std::string> versions;
  const Asked fed = Post("/market/bars", BarsBody(700, 760));
  for (const JsonValue& prediction : fed["predictions"].items) versions.insert(prediction.Find("version")->text);
  EXPECT_EQ(versions, (std::set<std::string>{"1.0.0", "1.0.1"}));
  const Asked measured = Get("/models/volatility/performance?window=40");
  ASSERT_EQ(measured["versions"].items.size(), 3U) << "both, and persistence";
  for (const JsonValue& version : measured["versions"].items) EXPECT_EQ(version.Find("rows")->integer, 40);
  ASSERT_EQ(Post("/models/promote-winner", R"({"model":"volatility","version":"1.0.1"})").status, 200);
  EXPECT_THAT(Get("/models/volatility").body, HasSubstr(R"("ab_test":null)"));
  EXPECT_THAT(Get("/models/volatility/decisions?kind=end_ab_test").body, HasSubstr(R"("by":"operator")"));
  EXPECT_EQ(Predict()["version"].text, "1.0.1");
}

TEST_F(ApiTest, ATokenGuardsAllButTheProbes) {
  Start(true, 1024, "secret");
  const Asked refused = Predict();
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(FindHeader(refused.headers, "WWW-Authenticate"), "Bearer");
  EXPECT_EQ(Post("/models/volatility/retrain", "").status, 401);
  EXPECT_EQ(Post("/outcomes", "{}").status, 401);
  EXPECT_EQ(Post("/market/bars", "{}").status, 401);
  EXPECT_EQ(Get("/models/summary").status, 401);
  EXPECT_EQ(Get("/metrics").status, 401);
  for (const char* open : {"/", "/docs", "/openapi.json", "/livez", "/readyz", "/health"}) {
    EXPECT_EQ(Get(open).status, 200) << open;
  }
  const auto allowed = client_->Send("POST", "/models/volatility/retrain", "", {{"Authorization", "Bearer secret"}});
  EXPECT_EQ(Ask(allowed).status, 200);
}

// A token made by another process counts while the server runs, and no longer once it is revoked.
TEST_F(ApiTest, TokensOfTheStoreComeAndGo) {
  Start();
  ASSERT_EQ(Get("/models/summary").status, 200) << "open without tokens";
  const auto beside = Database::Open(folder_.path() / "hone.db");
  ASSERT_TRUE(beside.ok()) << beside.error().ToString();
  AccessTokenStore tokens(**beside);
  ASSERT_TRUE(tokens.Add({"desk", AccessRole::kPredict, Sha256Hex("secret"), 0}).ok());
  const auto status = [this](const char* method, const char* target, const char* secret) {
    return Ask(client_->Send(method, target, "", {{"Authorization", std::string("Bearer ") + secret}})).status;
  };
  const auto await = [&](int wanted) {
    int last = 0;
    for (int i = 0; i < 500 && last != wanted; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      last = Get("/models/summary").status;
    }
    return last;
  };
  ASSERT_EQ(await(401), 401);
  EXPECT_EQ(status("GET", "/models/summary", "secret"), 200);
  EXPECT_EQ(status("GET", "/models/summary", "other"), 401);
  EXPECT_EQ(status("POST", "/predict/single", "secret"), 400) << "let in; the body is empty";
  EXPECT_EQ(status("POST", "/models/volatility/retrain", "secret"), 403);
  EXPECT_EQ(status("GET", "/v2/models/volatility", "other"), 401);
  EXPECT_EQ(status("GET", "/v2/models/volatility", "secret"), 200);
  EXPECT_THAT(Get("/openapi.json").body, HasSubstr("\"security\":[{\"bearer\":[]}]"));
  ASSERT_TRUE(tokens.Revoke("desk").ok());
  EXPECT_EQ(await(200), 200) << "no token is left: open as at first";
}

std::set<std::string> OperationsOf(const JsonValue& document) {
  std::set<std::string> operations;
  const JsonValue* paths = document.Find("paths");
  for (std::size_t i = 0; i < paths->keys.size(); ++i) {
    for (const std::string& method : paths->items[i].keys) operations.insert(method + " " + paths->keys[i]);
  }
  return operations;
}

// What is not described is not there, and what is described is.
TEST_F(ApiTest, TheDocumentHasEveryRouteAndNoOther) {
  Start();
  const Asked served = Get("/openapi.json");
  ASSERT_EQ(served.status, 200);
  const auto source = ParseJson(OpenApiSource());
  ASSERT_TRUE(source.ok()) << source.error().ToString();
  EXPECT_EQ(OperationsOf(served.json), OperationsOf(*source)) << "each described operation is a route";
  std::set<std::string> routes;
  for (const DeclaredRoute& route : api_->routes()) {
    std::string method(route.method);
    std::transform(method.begin(), method.end(), method.begin(), [](unsigned char c) { return std::tolower(c); });
    routes.insert(method + " " + route.pattern);
  }
  EXPECT_EQ(OperationsOf(*source), routes) << "each route is described";
}

TEST_F(ApiTest, TheDocumentationIsServedFromHere) {
  Start();
  const Asked page = Get("/docs");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(FindHeader(page.headers, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_THAT(
      FindHeader(page.headers, "Content-Security-Policy"),
      AllOf(HasSubstr("default-src 'none'"), HasSubstr("script-src 'sha256-"), HasSubstr("connect-src 'self'")));
  EXPECT_THAT(page.body, Not(AnyOf(HasSubstr("http://"), HasSubstr("https://"), HasSubstr("src="))));
  EXPECT_EQ(Get("/")["documentation"].text, "/docs");
}

TEST_F(ApiTest, OtherMethodsAreToldWhatIsAllowed) {
  Start();
  const auto asked = client_->Send("DELETE", "/models/summary", "", {});
  EXPECT_EQ(Ask(asked).status, 405);
  EXPECT_EQ(FindHeader(asked->headers, "Allow"), "GET, HEAD");
  EXPECT_EQ(FindHeader(Get("/predict/single").headers, "Allow"), "POST");
}

// No answer invites pages of other sites: not a plain one, not one to a preflight.
TEST_F(ApiTest, CrossOriginSharingIsOff) {
  Start();
  const HttpHeaders foreign = {{"Origin", "https://elsewhere.example"}, {"Access-Control-Request-Method", "POST"}};
  for (const char* method : {"GET", "OPTIONS", "POST"}) {
    for (const char* target : {"/predict/single", "/models/summary", "/health"}) {
      const Asked asked = Ask(client_->Send(method, target, "", foreign));
      for (const HttpHeader& header : asked.headers) {
        EXPECT_NE(header.name.substr(0, 14), "Access-Control") << method << " " << target;
      }
    }
  }
  EXPECT_EQ(Ask(client_->Send("POST", "/outcomes", "{}", foreign)).status, 403);
}

TEST_F(ApiTest, HealthAndMetrics) {
  Start();
  EXPECT_EQ(Get("/livez").status, 200);
  EXPECT_EQ(Get("/readyz")["models"].integer, 1);
  EXPECT_EQ(Get("/health")["version"].text, "1.2.3");
  Predict();
  const std::string metrics = Get("/metrics").body;
  EXPECT_THAT(metrics, HasSubstr("model_predictions_total{model=\"volatility\"} 1\n"));
  EXPECT_THAT(metrics, HasSubstr("http_requests_total{route=\"/predict/single\",status=\"200\"} 1\n"));
  EXPECT_THAT(metrics, HasSubstr("model_prediction_latency_seconds_count{model=\"volatility\"} 1\n"));
  EXPECT_THAT(metrics, HasSubstr("model_outcomes_total 0\n"));
}

// The champion's error is that of the scrape before; counts are those of now.
TEST_F(ApiTest, MetricsOfEveryModel) {
  Start();
  ASSERT_EQ(Post("/market/bars", BarsBody(700, 760)).status, 200);
  ASSERT_EQ(Post("/models/volatility/retrain", "").status, 200);
  EXPECT_THAT(Get("/metrics").body,
              AllOf(HasSubstr("model_champion_rows{model=\"volatility\"} 0\n"),
                    HasSubstr("model_promotions_total{model=\"volatility\"} 0\n"),
                    HasSubstr("model_rollbacks_total{model=\"volatility\"} 0\n"),
                    HasSubstr("# TYPE model_retrainings_total counter\n"), Not(HasSubstr("model_champion_rmse{"))));
  Get("/models/summary");  // after the measuring the scrape asked for
  const double rmse = Get("/models/volatility")["performance"].Find("rmse")->number;
  EXPECT_THAT(Get("/metrics").body,
              AllOf(HasSubstr("model_champion_rows{model=\"volatility\"} 55\n"),
                    HasSubstr("model_champion_rmse{model=\"volatility\"} " + JsonNumber(rmse)),
                    HasSubstr("model_champion_rmse_low{model="), HasSubstr("model_champion_rmse_high{model=")));
}

// The engine does not run: nobody takes predictions out of the ring of two.
TEST_F(ApiTest, AFullRingWaitsThenRefuses) {
  Start(false, 2);
  EXPECT_EQ(Predict().status, 200);
  EXPECT_EQ(Predict().status, 200);
  const auto begun = std::chrono::steady_clock::now();
  const Asked refused = Predict();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(FindHeader(refused.headers, "Retry-After"), "1");
  EXPECT_GE(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(90));
  EXPECT_THAT(Get("/metrics").body, HasSubstr("prediction_ring_overloads_total 1\n"));
}

// What waits for room is answered once there is some.
TEST_F(ApiTest, AWaitingPredictionIsAnsweredWhenThereIsRoom) {
  Start(false, 2);
  Predict();
  Predict();
  std::thread later([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    engine_->Turn(0);
  });
  EXPECT_EQ(Predict().status, 200);
  later.join();
}

TEST_F(ApiTest, AFullDiskIsToldAndNothingIsLost) {
  FullDiskVfs disk;
  Start(true, 1024, "", disk.name());
  const std::string id = Predict()["prediction_id"].text;
  ASSERT_EQ(Get("/predictions/" + id).status, 200);
  disk.Allow(0);
  const std::string second = Predict()["prediction_id"].text;
  const Asked refused = Post("/outcomes", OutcomeBody(id, 1));
  EXPECT_EQ(refused.status, 507) << refused.body;
  EXPECT_EQ(Get("/health").status, 503);
  EXPECT_EQ(Get("/readyz").status, 503);
  disk.Allow(-1);
  EXPECT_EQ(Post("/outcomes", OutcomeBody(id, 2)).status, 200);
  EXPECT_EQ(Get("/predictions/" + id)["outcome"].Find("value")->number, 2);
  EXPECT_EQ(Get("/predictions/" + second).status, 200) << "answered while the disk was full";
  EXPECT_EQ(Get("/health").status, 200);
  EXPECT_EQ(Get("/models/summary")["models"].items.size(), 1U) << "and the models are there";
  Stop();
  engine_.reset();
}

}  // namespace
}  // namespace hone
