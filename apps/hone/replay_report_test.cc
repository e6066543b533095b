#include "hone/replay_report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "hone/html_text.h"
#include "hone/replay_chart_data.h"
#include "hone/replay_summary.h"

namespace hone {
namespace {

// Two versions, 1.0.0 then 1.1.0 through a canary, on `rows` days; 1.1.0 is closer to the outcome.
ReplayResult SmallReplay(std::size_t rows = 200) {
  ReplayResult result;
  result.data = "prices/two <weeks>.csv.gz";
  result.model = "volatility";
  IdGenerator ids(1);
  for (std::size_t i = 0; i < rows; ++i) {
    const Time now = static_cast<Time>(i) * kDay;
    const bool second = i >= rows / 2;
    const bool canary = i + 5 >= rows / 2 && !second && i % 2 == 0;
    const double wave = std::sin(static_cast<double>(i));
    Prediction prediction;
    prediction.id = ids.Next(now);
    prediction.time = now;
    prediction.version = second || canary ? "1.1.0" : "1.0.0";
    prediction.role = canary ? Role::kCanary : Role::kChampion;
    prediction.value = wave + (prediction.version == "1.1.0" ? 0.1 : 0.2);
    result.rows.push_back({now, 100 + wave, prediction.value, wave, prediction.version});
    result.shadows.push_back({prediction.id, prediction.version == "1.1.0" ? "1.0.0" : "1.1.0", wave + 0.3});
    result.predictions.push_back(prediction);
  }
  for (const char* name : {"hone", "never", "persistence"}) {
    PolicyResult policy;
    policy.name = name;
    policy.squared_errors.assign(rows, policy.name == "hone" ? 0.01 : 0.04);
    policy.loss = std::sqrt(policy.squared_errors.front());
    policy.interval = {policy.loss - 0.01, policy.loss + 0.01};
    policy.difference = {-0.2, -0.05};
    if (policy.name == "never") policy.recipes = {{"har", 0.2}, {"gbm", 0.3}};
    result.policies.push_back(policy);
  }
  const auto decide = [&](std::size_t row, DecisionKind kind, const char* version, const char* reason) {
    const Time now = static_cast<Time>(row) * kDay;
    result.decisions.push_back({ids.Next(now), now, kind, "volatility", version, reason, R"({"rows":7})"});
  };
  decide(0, DecisionKind::kActivate, "1.0.0", "har did best");
  decide(90, DecisionKind::kReject, "1.0.1", "</script><script>alert('no')</script> & \"more\"");
  decide(rows / 2, DecisionKind::kPromote, "1.1.0", "a refresh");
  decide(150, DecisionKind::kRollBack, "1.1.0", "not as good after all");
  DriftEvent drift;
  drift.time = 40 * kDay;
  drift.subject = "</script>";
  drift.severity = Severity::kHigh;
  drift.effect = 0.5;
  result.drift.push_back(drift);
  return result;
}

std::size_t Occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

TEST(HtmlText, EscapesWhatMeansSomethingInHtml) {
  EXPECT_EQ(EscapeHtml("a<b> & \"c\" 'd'"), "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
}

TEST(HtmlText, JsonCannotEndItsScriptElement) {
  const std::string text = ScriptJson({{"reason", "</script><!-- \xff"}});
  EXPECT_EQ(text.find('<'), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(text)["reason"], "</script><!-- \xEF\xBF\xBD");
}

TEST(ReplayReport, LoadsAndLinksNothingFromOutside) {
  const std::string page = ReplayReport({SmallReplay()});
  for (const char* outside : {"http", "//cdn", "@import", "src=", "url(\"", "xmlns", "<link"}) {
    EXPECT_EQ(page.find(outside), std::string::npos) << outside;
  }
  for (auto at = page.find("href=\""); at != std::string::npos; at = page.find("href=\"", at + 1)) {
    EXPECT_EQ(page[at + 6], '#') << page.substr(at, 40);
  }
}

TEST(ReplayReport, ShowsEveryDecisionWithItsWordReasonAndEvidence) {
  const ReplayResult result = SmallReplay();
  const std::string page = ReplayReport({result});
  EXPECT_EQ(Occurrences(page, "<li data-at="), result.decisions.size());
  for (const Decision& decision : result.decisions) {
    EXPECT_NE(page.find(EscapeHtml(decision.reason)), std::string::npos) << decision.reason;
  }
  EXPECT_EQ(Occurrences(page, "&quot;rows&quot;: 7"), result.decisions.size());
  EXPECT_NE(page.find(">promoted<"), std::string::npos);
  EXPECT_NE(page.find(">rolled back<"), std::string::npos);
  EXPECT_NE(page.find(">refused<"), std::string::npos);
}

TEST(ReplayReport, NoTextOfADecisionBecomesMarkup) {
  const std::string page = ReplayReport({SmallReplay()});
  EXPECT_EQ(Occurrences(page, "<script"), 2u);
  EXPECT_EQ(Occurrences(page, "</script>"), 2u);
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(page.find("<weeks>"), std::string::npos);
}

TEST(ReplayReport, SeveralSeriesAreSaidToDependOnEachOther) {
  const ReplayResult result = SmallReplay();
  EXPECT_EQ(ReplayReport({result}).find(kNotIndependent), std::string::npos);
  const std::string page = ReplayReport({result, result});
  EXPECT_NE(page.find(kNotIndependent), std::string::npos);
  EXPECT_EQ(Occurrences(page, "<section id="), 2u);
}

TEST(ReplayReport, TheSameResultGivesTheSameBytes) {
  EXPECT_EQ(ReplayReport({SmallReplay()}), ReplayReport({SmallReplay()}));
}

TEST(ReplayReport, LongSeriesAreThinned) {
  const ReplayResult result = SmallReplay(20000);
  const nlohmann::ordered_json data = ChartData(result);
  EXPECT_EQ(data["stride"], 7);
  EXPECT_LE(data["time"].size(), 3001u);
  EXPECT_EQ(data["time"].back(), 19999 * 86400);
  EXPECT_LT(ReplayReport({result}).size(), 1u << 20);
}

TEST(ChartData, ReignsPassOverTheCanary) {
  const std::vector<Reign> reigns = Reigns(SmallReplay());
  ASSERT_EQ(reigns.size(), 2u);
  EXPECT_EQ(reigns[0].version, "1.0.0");
  EXPECT_EQ(reigns[0].end, 100u);
  EXPECT_EQ(reigns[1].version, "1.1.0");
  EXPECT_EQ(reigns[1].end, 200u);
}

TEST(ChartData, VersionLossesCountServedAndShadowAnswers) {
  const nlohmann::ordered_json data = ChartData(SmallReplay());
  ASSERT_EQ(data["versions"].size(), 2u);
  const auto& second = data["versions"][1];
  EXPECT_EQ(second["name"], "1.1.0");
  EXPECT_EQ(second["loss"].size(), 200u);
  EXPECT_TRUE(second["loss"][0].is_null());
  EXPECT_EQ(second["loss"][50], 3000);   // in shadow, 0.3 off
  EXPECT_EQ(second["loss"][199], 1000);  // served, 0.1 off
}

TEST(ChartData, RollingRmseOfAStepMovesOverItsWindow) {
  std::vector<double> errors(100, 1.0);
  errors.resize(200, 4.0);
  const std::vector<double> rolling = RollingRmse(errors);
  EXPECT_TRUE(std::isnan(rolling[19]));
  EXPECT_DOUBLE_EQ(rolling[20], 1);
  EXPECT_DOUBLE_EQ(rolling[99], 1);
  EXPECT_NEAR(rolling[100], std::sqrt((62 + 4.0) / 63), 1e-12);
  EXPECT_DOUBLE_EQ(rolling[162], 2);
}

TEST(ChartData, OnlyTheLeastSevereDriftIsLeftOut) {
  std::vector<DriftEvent> events(5);
  for (std::size_t i = 0; i < 5; ++i) events[i].severity = i % 2 == 0 ? Severity::kLow : Severity::kCritical;
  const std::vector<DriftEvent> kept = MostSevere(events, 3);
  ASSERT_EQ(kept.size(), 3u);
  EXPECT_EQ(kept[0].severity, Severity::kLow);
  EXPECT_EQ(kept[1].severity, Severity::kCritical);
  EXPECT_EQ(kept[2].severity, Severity::kCritical);
}

TEST(ReplaySummary, NamesASeriesByItsFile) {
  ReplayResult result;
  result.data = "demo-data/sp500.csv.gz";
  EXPECT_EQ(SeriesName(result), "sp500");
  result.data = "synthetic:break,bars=900";
  EXPECT_EQ(SeriesName(result), "synthetic:break,bars=900");
}

TEST(ReplaySummary, ComparesByThePairedInterval) {
  EXPECT_EQ(Compare({-2, -1}), Comparison::kBetter);
  EXPECT_EQ(Compare({-2, 1}), Comparison::kEqual);
  EXPECT_EQ(Compare({1, 2}), Comparison::kWorse);
}

}  // namespace
}  // namespace hone
