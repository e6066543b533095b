#include "integrations/kafka_channel.h"

#ifdef HONE_HAVE_KAFKA

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <memory>

#include "alerts/alert_json.h"
#include "wire/json.h"

namespace hone {
namespace {

constexpr std::int16_t kProduceRequest = 0;
constexpr int kPartitions = 4;

AlertNotice TwoAlerts(std::string subject) {
  AlertNotice notice{{{"model", "m"}}, {}};
  for (const char* severity : {"critical", "warning"}) {
    notice.alerts.push_back({{{"alertname", "Drift"}, {"severity", severity}, {"subject", subject}},
                             {{"summary", "\"look\""}},
                             20'000 * kDay});
  }
  return notice;
}

std::string TwoAlertsNotice(const std::string& subject) { return NoticeJson(TwoAlerts(subject), "bus", "http://hone"); }

TEST(SplitNotice, GivesEachAlertAsItStandsThere) {
  const std::string notice = TwoAlertsNotice("a");
  const auto split = SplitNotice(notice);
  ASSERT_TRUE(split.ok()) << split.error().ToString();
  ASSERT_EQ(split->size(), 2U);
  for (const NoticeAlert& alert : *split) {
    EXPECT_NE(notice.find(alert.json), std::string::npos) << alert.json;
    EXPECT_EQ(ParseJson(alert.json)->Find("fingerprint")->text, alert.fingerprint);
    EXPECT_EQ(ParseJson(alert.json)->Find("generatorURL")->text, "http://hone");
  }
  EXPECT_EQ((*split)[1].fingerprint, Fingerprint(TwoAlerts("a").alerts[1].labels));
  for (const char* none : {"", "[]", "{}", R"({"alerts":[1]})"}) EXPECT_FALSE(SplitNotice(none).ok()) << none;
}

// librdkafka's own stand-in of a cluster: it speaks Kafka's protocol and answers what it is told to.
class KafkaChannelTest : public testing::Test {
 protected:
  KafkaChannelTest() {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "test.mock.num.brokers", "1", nullptr, 0);
    rd_kafka_conf_set(conf, "log_level", "0", nullptr, 0);
    client_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0));
    cluster_ = rd_kafka_handle_mock_cluster(client_.get());
    rd_kafka_mock_topic_create(cluster_, "alerts", kPartitions, 1);
    to_.brokers = {rd_kafka_mock_cluster_bootstraps(cluster_)};
    to_.topic = "alerts";
    to_.rules = AddressRules::Parse({"127.0.0.1"}).value();
    to_.timeout = 3 * kSecond;
  }
  // Answers of the next requests to write.
  void Answer(std::vector<rd_kafka_resp_err_t> errors) {
    rd_kafka_mock_push_request_errors_array(cluster_, kProduceRequest, errors.size(), errors.data());
  }
  Delivery Tell(std::vector<std::string> notices) { return KafkaChannel(to_).Send(notices); }
  std::int64_t Written() {
    std::int64_t written = 0;
    for (int i = 0; i < kPartitions; ++i) {
      std::int64_t low = 0, high = 0;
      EXPECT_EQ(rd_kafka_query_watermark_offsets(client_.get(), "alerts", i, &low, &high, 5'000),
                RD_KAFKA_RESP_ERR_NO_ERROR);
      written += high - low;
    }
    return written;
  }

  std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)> client_{nullptr, rd_kafka_destroy};
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
  KafkaDestination to_;
};

TEST_F(KafkaChannelTest, TellsWhatHasGatheredInOneCall) {
  const Delivery told = Tell({TwoAlertsNotice("a"), TwoAlertsNotice("b"), TwoAlertsNotice("c")});
  EXPECT_EQ(told.result, Delivery::Result::kDelivered) << told.error;
  EXPECT_EQ(told.messages, 3U);
  EXPECT_EQ(Written(), 6);
}

TEST_F(KafkaChannelTest, WhatTheBrokerAsksToRepeatIsWrittenOnce) {
  Answer({RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION});
  const Delivery told = Tell({TwoAlertsNotice("a")});
  EXPECT_EQ(told.result, Delivery::Result::kDelivered) << told.error;
  EXPECT_EQ(Written(), 2);
}

TEST_F(KafkaChannelTest, WithoutAnAcknowledgementNothingIsDelivered) {
  to_.timeout = 300 * kMillisecond;
  Answer(std::vector<rd_kafka_resp_err_t>(100, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS));
  const Delivery told = Tell({TwoAlertsNotice("a")});
  EXPECT_EQ(told.result, Delivery::Result::kUnreachable);
  EXPECT_NE(told.error.find("not acknowledged in time"), std::string::npos) << told.error;
  rd_kafka_mock_clear_request_errors(cluster_, kProduceRequest);
  EXPECT_EQ(Written(), 0);
}

TEST_F(KafkaChannelTest, WhatIsTooLargeIsRefusedAndWhatWentBeforeIsDelivered) {
  const std::string large = TwoAlertsNotice(std::string(2'000'000, 'x'));
  const Delivery refused = Tell({large, TwoAlertsNotice("b")});
  EXPECT_EQ(refused.result, Delivery::Result::kRefused);
  EXPECT_EQ(refused.messages, 1U);
  const Delivery some = Tell({TwoAlertsNotice("a"), large, TwoAlertsNotice("b")});
  EXPECT_EQ(some.result, Delivery::Result::kDelivered);
  EXPECT_EQ(some.messages, 1U);
  EXPECT_EQ(Written(), 2);
  Answer(std::vector<rd_kafka_resp_err_t>(100, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE));
  EXPECT_EQ(Tell({TwoAlertsNotice("c")}).result, Delivery::Result::kRefused);
}

TEST_F(KafkaChannelTest, AnswersNoticesThatAreNone) {
  EXPECT_EQ(Tell({"[]", TwoAlertsNotice("a")}).result, Delivery::Result::kRefused);
  EXPECT_EQ(Tell({TwoAlertsNotice("a"), "[]"}).messages, 1U);
  EXPECT_EQ(Written(), 2);
}

// The rules hold for whatever the cluster names, too: librdkafka connects nowhere else.
TEST_F(KafkaChannelTest, ConnectsOnlyWhereItMay) {
  to_.timeout = 300 * kMillisecond;
  to_.rules = AddressRules();
  const Delivery told = Tell({TwoAlertsNotice("a")});
  EXPECT_EQ(told.result, Delivery::Result::kUnreachable);
  EXPECT_NE(told.error.find("127.0.0.1 is not an address of the public internet"), std::string::npos) << told.error;
  EXPECT_EQ(Written(), 0);
}

TEST_F(KafkaChannelTest, NoErrorShowsASecret) {
  to_.timeout = 300 * kMillisecond;
  to_.mechanism = "PLAIN";
  to_.user = "user";
  to_.password = "SECRET";
  const Delivery told = Tell({TwoAlertsNotice("a")});  // the stand-in knows no SASL
  EXPECT_EQ(told.result, Delivery::Result::kUnreachable);
  EXPECT_EQ(told.error.find("SECRET"), std::string::npos) << told.error;
  to_.mechanism = "none-such";
  const Delivery unknown = Tell({TwoAlertsNotice("a")});
  EXPECT_EQ(unknown.result, Delivery::Result::kUnreachable);
  EXPECT_NE(unknown.error.find("none-such"), std::string::npos) << unknown.error;
  EXPECT_EQ(unknown.error.find("SECRET"), std::string::npos) << unknown.error;
}

}  // namespace
}  // namespace hone

#endif
