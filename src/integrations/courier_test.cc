#include "integrations/courier.h"

#include <gtest/gtest.h>

#include <deque>
#include <thread>

#include "alerts/alert_json.h"
#include "alerts/alert_store.h"
#include "integrations/alert_settings.h"
#include "integrations/discord_channel.h"
#include "storage/testing/temporary_folder.h"
#include "wire/http_server.h"
#include "wire/json.h"

namespace hone {
namespace {

constexpr Time kStart = 20'000 * kDay;

// Says what it is told to say; delivers where nothing is left to say.
class Scripted final : public Channel {
 public:
  Scripted(std::deque<Delivery>& script, std::vector<std::string>& taken) : script_(&script), taken_(&taken) {}
  Delivery Send(std::span<const std::string> notices) override {
    Delivery delivery;
    if (!script_->empty()) {
      delivery = script_->front();
      script_->pop_front();
    }
    if (delivery.result != Delivery::Result::kDelivered) return delivery;
    for (std::size_t i = 0; i < delivery.messages; ++i) taken_->push_back(notices[i]);
    return delivery;
  }

 private:
  std::deque<Delivery>* script_;
  std::vector<std::string>* taken_;
};

class CourierTest : public testing::Test {
 protected:
  CourierTest() : database_(OpenAlertDatabase(folder_.path()).value()), outbox_(*database_) { Restart(); }
  // As after a kill.
  void Restart() {
    courier_ = std::make_unique<Courier>("c", std::make_unique<Scripted>(script_, taken_),
                                         OpenAlertDatabase(folder_.path()).value(), policy_, clock_, counts_);
  }
  void Put(const char* body) { ASSERT_TRUE(outbox_.Put("c", body, clock_.Now()).ok()); }
  // Turns at this second after the start until there is nothing to do at once; how many were taken in all.
  std::size_t At(Duration seconds) {
    clock_.AdvanceTo(kStart + seconds * kSecond);
    for (int i = 0; i < 20; ++i) static_cast<void>(courier_->Turn().value());
    return taken_.size();
  }

  const TemporaryFolder folder_;
  const RetryPolicy policy_{kSecond, 8 * kSecond, kDay};
  VirtualClock clock_{kStart};
  MetricRegistry metrics_;
  CourierMetrics counts_{metrics_};
  std::deque<Delivery> script_;
  std::vector<std::string> taken_;
  std::unique_ptr<Database> database_;
  Outbox outbox_;
  std::unique_ptr<Courier> courier_;
};

using Texts = std::vector<std::string>;

TEST_F(CourierTest, BringsMessagesInTheirOrderAndCounts) {
  for (const char* body : {"a", "b", "c"}) Put(body);
  EXPECT_EQ(At(0), 3U);
  EXPECT_EQ(taken_, (Texts{"a", "b", "c"}));
  EXPECT_EQ(counts_.sent.With({"c"}).value(), 3U);
  EXPECT_EQ(counts_.queued.With({"c"}).value(), 0);
  EXPECT_EQ(*outbox_.Count("c"), 0);
}

TEST_F(CourierTest, ADeadChannelIsTriedLessAndLessOftenAndLosesNothing) {
  for (const char* body : {"a", "b"}) Put(body);
  for (int i = 0; i < 5; ++i) script_.push_back(Unreachable("dead"));
  std::vector<int> tries;
  for (int second = 0; second < 40 && taken_.empty(); ++second) {
    const std::uint64_t before = counts_.failed.With({"c"}).value();
    At(second);
    if (counts_.failed.With({"c"}).value() > before) tries.push_back(second);
  }
  EXPECT_EQ(tries, (std::vector<int>{0, 1, 3, 7, 15})) << "1, 2, 4, 8, 8 seconds apart";
  EXPECT_EQ((clock_.Now() - kStart) / kSecond, 23);
  EXPECT_EQ(taken_, (Texts{"a", "b"}));
}

TEST_F(CourierTest, WhatWasTakenButCannotBeRemovedIsNotSentAgainAtOnce) {
  Put("a");
  ASSERT_TRUE(
      database_->Execute("CREATE TRIGGER full BEFORE DELETE ON outbox BEGIN SELECT RAISE(FAIL, 'full'); END").ok());
  EXPECT_FALSE(courier_->Turn().ok());
  EXPECT_EQ(At(0), 1U) << "a second has not passed";
  clock_.AdvanceTo(kStart + kSecond);
  EXPECT_FALSE(courier_->Turn().ok());
  EXPECT_EQ(At(1), 2U) << "at least once";
  ASSERT_TRUE(database_->Execute("DROP TRIGGER full").ok());
  EXPECT_EQ(At(3), 3U);
  EXPECT_EQ(*outbox_.Count("c"), 0);
}

TEST_F(CourierTest, WhatIsRefusedDoesNotHoldUpTheRest) {
  for (const char* body : {"bad", "good"}) Put(body);
  script_ = {Refused("no")};
  EXPECT_EQ(At(0), 1U);
  EXPECT_EQ(taken_, Texts{"good"});
  EXPECT_EQ(counts_.queued.With({"c"}).value(), 1);
  EXPECT_EQ(At(1), 2U) << "tried again";
}

TEST_F(CourierTest, RestsAsLongAsItIsToldTo) {
  for (const char* body : {"a", "b"}) Put(body);
  script_ = {Unreachable("429", 30 * kSecond)};
  At(0);
  EXPECT_EQ(At(29), 0U);
  script_ = {{Delivery::Result::kDelivered, 1, 60 * kSecond, ""}};
  EXPECT_EQ(At(30), 1U);
  EXPECT_EQ(At(89), 1U);
  EXPECT_EQ(At(90), 2U);
}

TEST_F(CourierTest, MessagesThatWentTogetherAreAllDone) {
  for (const char* body : {"a", "b", "c"}) Put(body);
  script_ = {{Delivery::Result::kDelivered, 2, 0, ""}};
  EXPECT_EQ(At(0), 3U);
  EXPECT_EQ(taken_, (Texts{"a", "b", "c"}));
}

TEST_F(CourierTest, ARestartForgetsNothingAndWhatIsTooOldIsGivenUp) {
  Put("a");
  script_.assign(100, Unreachable("dead"));
  At(0);
  Restart();
  script_.clear();
  EXPECT_EQ(At(1), 1U);
  Put("old");
  clock_.AdvanceTo(kStart + 2 * kDay);
  Put("new");
  EXPECT_EQ(At(2 * 86'400), 2U);
  EXPECT_EQ(taken_, (Texts{"a", "new"}));
  EXPECT_EQ(counts_.expired.With({"c"}).value(), 1U);
}

std::string Notice(const std::string& subject, int alerts = 1) {
  AlertNotice notice{{{"model", "m"}}, {}};
  for (int i = 0; i < alerts; ++i) {
    notice.alerts.push_back(
        {{{"alertname", "Drift"}, {"severity", "warning"}, {"subject", subject + std::to_string(i)}},
         {{"summary", "@everyone look"}},
         kStart});
  }
  return NoticeJson(notice, "c", "");
}

TEST(DiscordChannel, MergesWhatFitsAndMentionsNobody) {
  const Texts few = {Notice("a"), Notice("b"), Notice("c")};
  const auto merged = MakeDiscordMessage(few);
  ASSERT_TRUE(merged.ok());
  EXPECT_EQ(merged->notices, 3U);
  const JsonValue body = ParseJson(merged->body).value();
  EXPECT_EQ(body.Find("content")->text,
            "**warning** Drift subject=a0: @everyone look\n**warning** Drift subject=b0: @everyone look\n"
            "**warning** Drift subject=c0: @everyone look");
  EXPECT_TRUE(body.Find("allowed_mentions")->Find("parse")->items.empty());
  const Texts many(100, Notice("a", 10));
  const auto some = MakeDiscordMessage(many);
  EXPECT_EQ(some->notices, 4U);
  EXPECT_LE(ParseJson(some->body)->Find("content")->text.size(), 2'000U);
  const Texts one = {Notice("a", 500), Notice("b", 3)};
  const auto large = MakeDiscordMessage(one);
  EXPECT_EQ(large->notices, 1U);
  const std::string content = ParseJson(large->body)->Find("content")->text;
  EXPECT_LE(content.size(), 2'000U);
  EXPECT_NE(content.find("more"), std::string::npos);
  EXPECT_FALSE(MakeDiscordMessage(Texts{"[]"}).ok());
}

// A server of its own that answers what it is told to.
class Answering {
 public:
  explicit Answering(const HttpResponse& response) {
    server_ = HttpServer::Listen({.port = 0}, [this, response](const HttpRequest& request, Responder responder) {
                path = request.path;
                body = request.body;
                responder.Send(response);
              }).value();
    thread_ = std::thread([this] { server_->Run(0); });
  }
  ~Answering() {
    server_->Stop(kSecond);
    thread_.join();
  }
  HttpDestination destination(const char* allow = "127.0.0.1") const {
    HttpDestination to;
    to.url = ParseHttpUrl("http://127.0.0.1:" + std::to_string(server_->port()) + "/hooks/SECRET").value();
    to.rules = AddressRules::Parse({allow}).value();
    return to;
  }
  std::string path, body;  // of the last request

 private:
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

Delivery DiscordSays(const HttpResponse& response) {
  Answering server(response);
  return DiscordChannel(server.destination()).Send(Texts{Notice("a"), Notice("b")});
}

TEST(DiscordChannel, HonoursTheRateLimits) {
  const Delivery sent = DiscordSays({204, ""});
  EXPECT_EQ(sent.result, Delivery::Result::kDelivered);
  EXPECT_EQ(sent.messages, 2U);
  EXPECT_EQ(sent.wait, 0);
  const Delivery limited = DiscordSays({429, R"({"message":"slow","retry_after":1.25,"global":false})"});
  EXPECT_EQ(limited.result, Delivery::Result::kUnreachable);
  EXPECT_EQ(limited.wait, 1'250 * kMillisecond);
  EXPECT_EQ(DiscordSays({429, "no json", kJsonType, {{"Retry-After", "7"}}}).wait, 7 * kSecond);
  const Delivery last =
      DiscordSays({204, "", kJsonType, {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset-After", "0.5"}}});
  EXPECT_EQ(last.result, Delivery::Result::kDelivered);
  EXPECT_EQ(last.wait, 500 * kMillisecond);
}

TEST(HttpDestination, RefusesWhatMayNotBeConnectedToAndFollowsNoRedirect) {
  Answering server({302, "", kJsonType, {{"Location", "http://127.0.0.1:1/"}}});
  const HttpDestination closed = server.destination("10.0.0.0/8");
  const Delivery refused = DeliveryOf(closed.Post("{}"), closed);
  EXPECT_EQ(refused.result, Delivery::Result::kUnreachable);
  EXPECT_NE(refused.error.find("not an address of the public internet"), std::string::npos) << refused.error;
  EXPECT_EQ(server.path, "") << "nothing was sent";
  const HttpDestination open = server.destination();
  const Delivery redirected = DeliveryOf(open.Post("{}"), open);
  EXPECT_EQ(redirected.result, Delivery::Result::kRefused);
  EXPECT_NE(redirected.error.find("redirects are not followed"), std::string::npos) << redirected.error;
}

TEST(HttpDestination, NoErrorShowsASecret) {
  HttpDestination gone;
  {
    Answering server({200, ""});
    gone = server.destination();
  }
  gone.authorization = "Bearer SECRET";
  const Delivery unreachable = DeliveryOf(gone.Post("{}"), gone);
  EXPECT_EQ(unreachable.result, Delivery::Result::kUnreachable);
  EXPECT_EQ(unreachable.error.find("SECRET"), std::string::npos) << unreachable.error;
  for (const int status : {400, 404, 503}) {
    Answering server({status, "SECRET"});
    const HttpDestination to = server.destination();
    EXPECT_EQ(DeliveryOf(to.Post("{}"), to).error.find("SECRET"), std::string::npos);
  }
}

Status ReadSettings(const std::string& text, AlertSettings& settings) {
  const auto document = YamlDocument::Parse(text, "serve.yaml").value();
  ReadAlertSettings(document.root().Map("alerts"), settings);
  return document.Finish();
}

TEST(AlertSettings, AreRead) {
  AlertSettings settings;
  const Status read = ReadSettings(R"(alerts:
  group_by: [model]
  group_wait: 0s
  repeat_interval: 1d
  drift_at_least: high
  events_last: 30m
  allow: [127.0.0.1]
  channels:
    - {name: hook, type: webhook, url: "http://127.0.0.1:9/x", at_least: critical, resolved: false}
    - {name: am, type: alertmanager, url: "http://127.0.0.1:9093", timeout: 2s}
    - {name: chat, type: discord, url: "https://discord.com/api/webhooks/1/t"}
    - {name: redis, type: redis, host: 127.0.0.1, publish: alerts, stream: alerts, password: secret}
    - {name: log, type: log}
)",
                                   settings);
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  EXPECT_EQ(settings.options.timing.group_by, Texts{"model"});
  EXPECT_EQ(settings.options.timing.group_wait, 0);
  EXPECT_EQ(settings.options.timing.repeat_interval, kDay);
  EXPECT_EQ(settings.options.rules.drift_at_least, Severity::kHigh);
  EXPECT_EQ(settings.options.rules.events_last, 1'800 * kSecond);
  ASSERT_EQ(settings.channels.size(), 5U);
  EXPECT_EQ(settings.options.routes[0].at_least, AlertSeverity::kCritical);
  EXPECT_FALSE(settings.options.routes[0].resolved);
  EXPECT_EQ(settings.channels[1].http.timeout, 2 * kSecond);
  EXPECT_NE(settings.channels[2].http.trust, nullptr);
  const VirtualClock clock(0);
  for (const ChannelSettings& channel : settings.channels) EXPECT_NE(MakeChannel(channel, settings, clock), nullptr);
}

#ifdef HONE_HAVE_KAFKA
TEST(AlertSettings, OfKafkaAreRead) {
  ASSERT_EQ(setenv("HONE_COURIER_TEST", "of the environment", 1), 0);
  AlertSettings settings;
  const Status read = ReadSettings(R"(alerts:
  allow: [127.0.0.1]
  channels:
    - {name: bus, type: kafka, brokers: ["127.0.0.1:9092", "[2606:4700::1]:9092", kafka.example:9], topic: a.b, sasl: scram-sha-256, user: u, password_env: HONE_COURIER_TEST}
)",
                                   settings);
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  const KafkaDestination& kafka = settings.channels.at(0).kafka;
  EXPECT_EQ(kafka.brokers.size(), 3U);
  EXPECT_EQ(kafka.mechanism, "SCRAM-SHA-256");
  EXPECT_EQ(kafka.password, "of the environment");
  EXPECT_NE(MakeChannel(settings.channels[0], settings, VirtualClock(0)), nullptr);
}
#endif

TEST(AlertSettings, ErrorsNameTheLineAndShowNoSecret) {
  const auto error_of = [](const std::string& channel) {
    AlertSettings settings;
    const Status read = ReadSettings("alerts:\n  group_wait: 1s\n  channels:\n    - " + channel + "\n", settings);
    return read.ok() ? std::string("ok") : read.error().ToString();
  };
  const std::map<std::string, std::string> known = {
      {"{name: a, type: webhok, url: x}", "serve.yaml:4: alerts.channels"},
      {"{name: a, type: webhok}", "did you mean webhook"},
      {"{name: a, type: webhook}", "url"},
      {"{name: a, type: webhook, url: 'ftp://SECRET'}", "must be http://host"},
      {"{name: a, type: webhook, url: 'http://169.254.169.254/SECRET'}", "not an address of the public internet"},
      {"{name: a, type: discord, url: 'http://localhost/SECRET'}", "not an address of the public internet"},
      {"{name: a, type: webhook, url: 'https://example.com', ca: /no/such/file}", "/no/such/file"},
      {"{name: a, type: webhook, url: 'http://example.com', urll: x}", "unknown key, did you mean url?"},
      {"{name: a, type: webhook, url: 'http://example.com', timeout: 5}", "must be a duration"},
      {"{name: A, type: log}", "must be 1 to 64"},
      {"{name: a, type: redis, host: example.com}", "publish"},
      {"{name: a, type: redis, host: 10.0.0.1, publish: x, password: SECRET}", "10.0.0.1 is not"},
      {"{name: a, type: redis, host: example.com, publish: x, password: SECRET, password_env: HOME}", "one of them"},
      {"{name: a, type: redis, host: example.com, publish: x, password_file: /no/such/file}", "/no/such/file"},
      {"{name: a, type: redis, host: example.com, publish: x, password_env: HONE_NO_SUCH}", "HONE_NO_SUCH is not set"},
      {"{name: a, type: kafka, topic: t}", "brokers"},
      {"{name: a, type: kafka, brokers: [], topic: t}", "one broker at least"},
      {"{name: a, type: kafka, brokers: [example.com], topic: t}", "must be host:port"},
      {"{name: a, type: kafka, brokers: ['ssl://example.com:9092'], topic: t}", "must be host:port"},
      {"{name: a, type: kafka, brokers: ['example.com:92', '::1:92'], topic: t}", "must be host:port"},
      {"{name: a, type: kafka, brokers: ['10.0.0.1:9092'], topic: t}", "10.0.0.1 is not"},
      {"{name: a, type: kafka, brokers: ['example.com:92'], topic: 'a b'}", "topic: must be"},
      {"{name: a, type: kafka, brokers: ['example.com:92'], topic: t, password: SECRET}", "needs `sasl"},
      {"{name: a, type: kafka, brokers: ['example.com:92'], topic: t, sasl: plain, user: u}", "needs a user and"},
      {"{name: a, type: kafka, brokers: ['example.com:92'], topic: t, sasl: gssapi}", "sasl"},
      {"{name: a, type: kafka, brokers: ['example.com:92'], topic: t, ca: /etc/hostname}", "is for `tls: true`"},
      {"{name: a, type: kafka, brokers: ['example.com:92'], topic: t, tls: true, key: /etc/hostname}", "go together"},
      {"{name: a, type: log, url: SECRET}", "unknown key"}};
  for (const auto& [channel, expected] : known) {
    const std::string error = error_of(channel);
    EXPECT_NE(error.find(expected), std::string::npos) << channel << " -> " << error;
    EXPECT_NE(error.find("serve.yaml:"), std::string::npos) << error;
    EXPECT_EQ(error.find("SECRET"), std::string::npos) << error;
  }
}

}  // namespace
}  // namespace hone
