#include "alerts/alert_book.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <utility>

#include "alerts/alert_json.h"
#include "alerts/alert_store.h"
#include "base/random.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

constexpr Duration kMinute = 60 * kSecond;
constexpr Time kStart = 1'000 * kDay;

AlertTiming Timing() { return {{"alertname", "model"}, 30 * kSecond, 5 * kMinute, 4 * 60 * kMinute, 60 * kMinute}; }

RaisedAlert Drift(const std::string& subject, const char* severity = "warning") {
  return {{{"alertname", "Drift"}, {"model", "m"}, {"subject", subject}, {"severity", severity}}, {}, std::nullopt};
}

// "firing a warning, resolved b critical | ..." by notice, by subject.
std::string Told(const std::vector<AlertNotice>& notices) {
  std::string text;
  for (const AlertNotice& notice : notices) {
    std::set<std::pair<std::string, std::string>> lines;
    for (const Alert& alert : notice.alerts) {
      const std::string& subject = alert.labels.at("subject");
      lines.insert({subject, std::string(alert.state()) + " " + subject + " " + alert.labels.at("severity")});
    }
    text += text.empty() ? "" : " | ";
    for (const auto& line : lines) text += (line == *lines.begin() ? "" : ", ") + line.second;
  }
  return text;
}

Silence SilenceOf(const char* matcher, Time from, Time until) {
  return {Id{{1}}, {ParseLabelMatcher(matcher).value()}, from, until, "desk", ""};
}

TEST(AlertBook, WhatBreaksTogetherIsToldTogetherAndOnce) {
  AlertBook book(Timing());
  book.Raise(Drift("a"), kStart);
  book.Raise(Drift("b"), kStart + 20 * kSecond);
  for (int i = 0; i < 100; ++i) book.Raise(Drift("a"), kStart + 21 * kSecond);
  EXPECT_EQ(Told(book.Advance(kStart + 30 * kSecond - 1)), "");
  EXPECT_EQ(Told(book.Advance(kStart + 30 * kSecond)), "firing a warning, firing b warning");
  EXPECT_EQ(book.alerts().size(), 2U);
  EXPECT_EQ(book.alerts().at(Fingerprint(Drift("a").labels)).starts_at, kStart);
  for (int minute = 1; minute < 240; ++minute) EXPECT_EQ(Told(book.Advance(kStart + minute * kMinute)), "") << minute;
  EXPECT_EQ(Told(book.Advance(kStart + 241 * kMinute)), "firing a warning, firing b warning") << "repeat_interval";
}

TEST(AlertBook, WhatIsNewAndWhatEndedIsToldAtTheNextLook) {
  AlertBook book(Timing());
  book.Raise(Drift("a"), kStart);
  ASSERT_EQ(Told(book.Advance(kStart + 30 * kSecond)), "firing a warning");
  book.Raise(Drift("b"), kStart + kMinute);
  EXPECT_EQ(Told(book.Advance(kStart + 5 * kMinute)), "");
  EXPECT_EQ(Told(book.Advance(kStart + 5 * kMinute + 30 * kSecond)), "firing a warning, firing b warning");
  book.Clear({{"subject", "a"}}, kStart + 6 * kMinute);
  EXPECT_EQ(Told(book.Advance(kStart + 11 * kMinute)), "resolved a warning, firing b warning");
  book.Clear({{"model", "m"}}, kStart + 12 * kMinute);
  EXPECT_EQ(Told(book.Advance(kStart + 17 * kMinute)), "resolved b warning");
  EXPECT_TRUE(book.groups().empty());
  EXPECT_EQ(book.alerts().size(), 2U) << "kept for a while, to be listed";
  EXPECT_EQ(Told(book.Advance(kStart + 100 * kMinute)), "");
  EXPECT_TRUE(book.alerts().empty());
}

// Ended before anybody was told: nobody is.
TEST(AlertBook, AFlickerIsNotToldOf) {
  AlertBook book(Timing());
  book.Raise(Drift("a"), kStart);
  book.Clear({{"subject", "a"}}, kStart + kSecond);
  EXPECT_EQ(Told(book.Advance(kStart + kMinute)), "");
  EXPECT_TRUE(book.groups().empty());
}

TEST(AlertBook, AnotherSeverityTakesTheAlertsPlace) {
  AlertBook book(Timing());
  book.Raise(Drift("a"), kStart);
  ASSERT_EQ(Told(book.Advance(kStart + kMinute)), "firing a warning");
  book.Raise(Drift("a", "critical"), kStart + 2 * kMinute);
  EXPECT_EQ(Told(book.Advance(kStart + 6 * kMinute)), "firing a critical, resolved a warning");
}

TEST(AlertBook, EventsEndByThemselves) {
  AlertBook book(Timing());
  RaisedAlert event = Drift("a");
  event.lasts = 10 * kMinute;
  book.Raise(event, kStart);
  ASSERT_EQ(Told(book.Advance(kStart + kMinute)), "firing a warning");
  book.Raise(event, kStart + 8 * kMinute);  // again: it lasts longer
  EXPECT_EQ(Told(book.Advance(kStart + 17 * kMinute)), "");
  EXPECT_EQ(Told(book.Advance(kStart + 22 * kMinute)), "resolved a warning");
  EXPECT_EQ(book.alerts().begin()->second.ends_at, kStart + 18 * kMinute);
}

TEST(AlertBook, OfSilencedAlertsNobodyIsTold) {
  AlertBook book(Timing());
  book.SetSilences({SilenceOf("subject=a", kStart, kStart + 20 * kMinute)});
  book.Raise(Drift("a"), kStart);
  book.Raise(Drift("b"), kStart);
  EXPECT_EQ(Told(book.Advance(kStart + 30 * kSecond)), "firing b warning");
  EXPECT_EQ(book.SilencedBy(book.alerts().at(Fingerprint(Drift("a").labels)), kStart).size(), 1U);
  EXPECT_EQ(Told(book.Advance(kStart + 19 * kMinute)), "");
  EXPECT_EQ(Told(book.Advance(kStart + 25 * kMinute)), "firing a warning, firing b warning") << "the silence is over";
}

// Who was told that it fires is told that it ended, if only after the silence.
TEST(AlertBook, AnEndDuringASilenceIsToldAfterIt) {
  AlertBook book(Timing());
  book.Raise(Drift("a"), kStart);
  ASSERT_EQ(Told(book.Advance(kStart + kMinute)), "firing a warning");
  book.SetSilences({SilenceOf("model=m", kStart, kStart + 300 * kMinute)});
  book.Clear({{"subject", "a"}}, kStart + 2 * kMinute);
  for (int minute = 2; minute < 300; ++minute) EXPECT_EQ(Told(book.Advance(kStart + minute * kMinute)), "") << minute;
  EXPECT_EQ(Told(book.Advance(kStart + 310 * kMinute)), "resolved a warning");
}

TEST(AlertBook, TheNumberOfAlertsIsBounded) {
  AlertBook book(Timing());
  for (std::size_t i = 0; i < 50; ++i) book.Raise(Drift(std::to_string(i)), kStart);
  std::vector<Alert> many;
  for (std::size_t i = 0; i < AlertBook::kMostAlerts; ++i)
    many.push_back({Drift(std::to_string(i)).labels, {}, kStart});
  book.Restore(many, {});
  book.Raise(Drift("one more"), kStart);
  EXPECT_EQ(book.alerts().size(), AlertBook::kMostAlerts);
  EXPECT_EQ(book.left_out(), 1U);
}

// One book lives through; the other is written and read again after every step, as if its process were killed there.
TEST(AlertBook, ARestartAtAnyMomentChangesNothingThatIsTold) {
  const TemporaryFolder folder;
  AlertBook lives(Timing());
  const std::vector<Silence> silences = {SilenceOf("subject=3", kStart + 60 * kMinute, kStart + 200 * kMinute)};
  lives.SetSilences(silences);
  Random random(7);
  Time now = kStart;
  std::size_t notices = 0;
  const auto database = OpenAlertDatabase(folder.path()).value();
  AlertStore store(*database);
  for (int step = 0; step < 300; ++step) {
    AlertBook restored(Timing());
    restored.Restore(store.Alerts().value(), store.Groups().value());
    restored.SetSilences(silences);
    now += static_cast<Duration>(random.Below(120)) * kSecond;
    const std::string subject = std::to_string(random.Below(6));
    const std::uint64_t act = random.Below(4);
    RaisedAlert raised = Drift(subject, random.Below(2) == 0 ? "warning" : "critical");
    if (random.Below(2) == 0) raised.lasts = 10 * kMinute;
    for (AlertBook* book : {&lives, &restored}) {
      if (act == 0) book->Raise(raised, now);
      if (act == 1) book->Clear({{"subject", subject}}, now);
    }
    const auto told = lives.Advance(now);
    const auto told_again = restored.Advance(now);
    ASSERT_EQ(told.size(), told_again.size()) << step;
    for (std::size_t i = 0; i < told.size(); ++i) {
      ASSERT_EQ(NoticeJson(told[i], "r", ""), NoticeJson(told_again[i], "r", "")) << step;
    }
    notices += told.size();
    const auto transaction_changes = restored.TakeChanges();
    auto transaction = Transaction::Begin(*database).value();
    ASSERT_TRUE(store.Save(restored, transaction_changes).ok());
    ASSERT_TRUE(transaction.Commit().ok());
  }
  EXPECT_GT(notices, 30U);
}

TEST(AlertBook, AnotherGroupByTellsOfWhatFiresInItsNewGroups) {
  AlertBook book(Timing());
  book.Raise(Drift("a"), kStart);
  ASSERT_EQ(Told(book.Advance(kStart + kMinute)), "firing a warning");
  std::vector<Alert> alerts;
  std::vector<AlertGroup> groups;
  for (const auto& entry : book.alerts()) alerts.push_back(entry.second);
  for (const auto& entry : book.groups()) groups.push_back(entry.second);
  AlertTiming other = Timing();
  other.group_by = {"subject"};
  AlertBook after(other);
  after.Restore(alerts, groups);
  EXPECT_EQ(Told(after.Advance(kStart + 2 * kMinute)), "firing a warning");
  after.Advance(kStart + 10 * kMinute);
  EXPECT_EQ(after.groups().size(), 1U);
}

TEST(Silence, MatchersAreCheckedAndMatch) {
  const Labels labels = {{"model", "m"}, {"severity", "warning"}};
  for (const auto& [text, matches] : std::map<std::string, bool>{{"model=m", true},
                                                                 {"model=n", false},
                                                                 {"severity!=critical", true},
                                                                 {"severity!=warning", false},
                                                                 {"absent=", true},
                                                                 {"absent!=x", true},
                                                                 {"model==m", false}}) {
    const auto matcher = ParseLabelMatcher(text);
    ASSERT_TRUE(matcher.ok()) << text;
    EXPECT_EQ(matcher->Matches(labels), matches) << text;
    EXPECT_EQ(matcher->ToString(), text);
  }
  for (const char* text : {"", "=", "model", "=m", "1model=m", "mo del=m", "!=m"}) {
    EXPECT_FALSE(ParseLabelMatcher(text).ok()) << text;
  }
  EXPECT_TRUE(CheckSilence(SilenceOf("model=m", 5, 10), 7).ok());
  EXPECT_EQ(CheckSilence(SilenceOf("model=m", 5, 10), 10).error().key, "ends_at");
  EXPECT_EQ(CheckSilence(SilenceOf("model=m", 5, 5), 1).error().key, "ends_at");
  EXPECT_EQ(CheckSilence(SilenceOf("model!=m", 5, 10), 7).error().code, ErrorCode::kConflict);
  EXPECT_EQ(CheckSilence({{}, {}, 5, 10, "", ""}, 7).error().code, ErrorCode::kInvalidArgument);
  Silence wordy = SilenceOf("model=m", 5, 10);
  wordy.comment = std::string(257, 'x');
  EXPECT_EQ(CheckSilence(wordy, 7).error().key, "comment");
}

TEST(AlertStore, SilencesEndAndAreForgotten) {
  const TemporaryFolder folder;
  const auto database = OpenAlertDatabase(folder.path()).value();
  AlertStore store(*database);
  ASSERT_TRUE(store.Add(SilenceOf("model=a \"b\" = c", 10, 100)).ok());
  const auto silences = store.Silences(50).value();
  ASSERT_EQ(silences.size(), 1U);
  EXPECT_EQ(silences[0].matchers[0].value, "a \"b\" = c");
  EXPECT_EQ(silences[0].created_by, "desk");
  EXPECT_TRUE(store.End(silences[0].id, 60).ok());
  EXPECT_EQ(store.Silences(60)->size(), 0U);
  EXPECT_EQ(store.End(silences[0].id, 70).error().code, ErrorCode::kConflict);
  EXPECT_EQ(store.End(Id{{9}}, 70).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(store.ForgetSilences(61).ok());
  EXPECT_EQ(store.End(silences[0].id, 70).error().code, ErrorCode::kNotFound);
}

TEST(AlertNotice, ReadsBackWhatItWrote) {
  AlertNotice notice{{{"alertname", "Drift"}}, {{Drift("a").labels, {{"summary", "it \"moved\""}}, kStart}}};
  notice.alerts.push_back({Drift("b").labels, {{"summary", "so did it"}}, kStart, kStart + kSecond});
  const std::string json = NoticeJson(notice, "ops", "http://here");
  EXPECT_NE(
      json.find(R"("commonLabels":{"alertname":"Drift","model":"m","severity":"warning"},"commonAnnotations":{})"),
      std::string::npos)
      << json;
  EXPECT_NE(
      json.find(R"("groupKey":"{}:{alertname=\"Drift\"}","truncatedAlerts":0,"status":"firing","receiver":"ops")"),
      std::string::npos)
      << json;
  const auto read = ParseNotice(json);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(NoticeJson(*read, "ops", "http://here"), json);
  EXPECT_EQ(ParseNotice("{}").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(ParseNotice("[").error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace hone
