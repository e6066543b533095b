#include "hone/replay_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hone/decision_words.h"
#include "hone/html_text.h"
#include "hone/replay_chart_data.h"
#include "hone/replay_report_assets.h"
#include "hone/replay_summary.h"
#include "hone/sabotage_story.h"

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

struct LossBounds {
  double low = 0, high = 1;
};

LossBounds RangeOfLosses(const ReplayResult& result) {
  LossBounds range{result.policies.front().loss, result.policies.front().loss};
  for (const PolicyResult& policy : result.policies) {
    for (const double value : {policy.loss, policy.interval.low, policy.interval.high}) {
      if (!std::isfinite(value)) continue;
      range.low = std::min(range.low, value);
      range.high = std::max(range.high, value);
    }
  }
  return range;
}

// A dot in its interval, on the scale all policies of the table share.
std::string RangeMark(const PolicyResult& policy, const LossBounds& range) {
  const auto x = [&](double value) {
    const double share = range.high > range.low ? (value - range.low) / (range.high - range.low) : 0.5;
    return 4 + 142 * std::clamp(std::isfinite(share) ? share : 0.5, 0.0, 1.0);
  };
  return fmt::format(
      "<svg class=\"range\" viewBox=\"0 0 150 14\" aria-hidden=\"true\"><line x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"7\" "
      "y2=\"7\"/><circle cx=\"{:.1f}\" cy=\"7\" r=\"4\"/></svg>",
      x(policy.interval.low), x(policy.interval.high), x(policy.loss));
}

std::string DifferenceCell(const PolicyResult& policy) {
  if (policy.name == "hone") return "<td></td><td></td>";
  const Comparison comparison = Compare(policy.difference);
  const char* tone = comparison == Comparison::kBetter ? "better" : comparison == Comparison::kWorse ? "worse" : "soft";
  return fmt::format("<td class=\"{0}\">{1:+.4f} … {2:+.4f}</td><td class=\"{0}\">{3}</td>", tone,
                     policy.difference.low, policy.difference.high, ComparisonWord(comparison));
}

std::string PolicyRow(const PolicyResult& policy, const LossBounds& range) {
  const std::string name = EscapeHtml(policy.name);
  return fmt::format(
      "<tr{}><td><span class=\"key {}\"></span>{}</td><td>{:.4f}</td><td>{:.4f} … {:.4f}</td><td class=\"{}\">{}</td>{}"
      "<td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
      policy.name == "hone" ? " class=\"own\"" : "", name, name, policy.loss, policy.interval.low, policy.interval.high,
      name, RangeMark(policy, range), DifferenceCell(policy), policy.retrains, policy.fits, policy.promotions,
      policy.rollbacks, policy.rejections);
}

std::string ComparisonTable(const ReplayResult& result) {
  std::string html =
      "<div class=\"scroll\"><table><thead><tr><th>policy</th><th>loss (RMSE)</th><th>95 % interval</th><th></th>"
      "<th>hone’s loss less this,<br>paired interval</th><th>hone "
      "is</th><th>retrains</th><th>fits</th><th>promoted</th>"
      "<th>rolled back</th><th>refused</th></tr></thead><tbody>\n";
  const LossBounds range = RangeOfLosses(result);
  for (const PolicyResult& policy : result.policies) html += PolicyRow(policy, range);
  return html + "</tbody></table></div>\n";
}

std::string RecipeTable(const ReplayResult& result) {
  std::string html = "<div class=\"scroll\"><table><tbody>\n";
  for (const PolicyResult& policy : result.policies) {
    if (policy.recipes.empty()) continue;
    const auto best = std::min_element(policy.recipes.begin(), policy.recipes.end(),
                                       [](const RecipeLoss& a, const RecipeLoss& b) { return a.loss < b.loss; });
    html += fmt::format("<tr><td><span class=\"key {0}\"></span>{0}</td>", EscapeHtml(policy.name));
    for (auto recipe = policy.recipes.begin(); recipe != policy.recipes.end(); ++recipe) {
      html += fmt::format("<td{}>{} {:.4f}</td>", recipe == best ? " class=\"best\"" : "", EscapeHtml(recipe->recipe),
                          recipe->loss);
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string Button(const std::string& name, const std::string& text, bool pressed) {
  return fmt::format("<button data-show=\"{0}\" aria-pressed=\"{1}\"><span class=\"key {0}\"></span>{2}</button>\n",
                     EscapeHtml(name), pressed, EscapeHtml(text));
}

std::string Chart(const ReplayResult& result) {
  std::string html = "<div class=\"tools\">";
  for (const PolicyResult& policy : result.policies) html += Button(policy.name, policy.name, true);
  html += Button("versions", "every version", false);
  html +=
      "<span class=\"space\"></span><button data-view=\"earlier\" aria-label=\"earlier\">←</button>"
      "<button data-view=\"later\" aria-label=\"later\">→</button><button data-view=\"in\">zoom in</button>"
      "<button data-view=\"out\">zoom out</button><button data-view=\"all\">all years</button></div>\n";
  const std::string hint =
      "Point anywhere to read the values; drag to zoom, double-click for the whole series; click a decision for its "
      "evidence, or reach it with Tab and the arrow keys.";
  return html + fmt::format(
                    "<div class=\"readout\" data-hint=\"{0}\">{0}</div><div class=\"chart\"><svg role=\"group\" "
                    "aria-label=\"price, loss, drift and decisions over time\"></svg><div class=\"tip\" "
                    "role=\"status\" hidden></div></div>\n",
                    hint);
}

// The evidence, indented; as it is where it is no JSON.
std::string EvidenceText(const std::string& evidence) {
  const Json json = Json::parse(evidence, nullptr, false);
  if (json.is_discarded()) return evidence;
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string DecisionItem(const Decision& decision) {
  const char* kind = DecisionKindName(decision.kind);
  return fmt::format(
      "<li data-at=\"{}\" data-kind=\"{}\" data-version=\"{}\"><details><summary><time datetime=\"{}\">{}</time>"
      "<span class=\"word {}\">{}</span><span class=\"version\">{}</span><span class=\"reason\">{}</span></summary>"
      "<pre>{}</pre></details></li>\n",
      decision.time / kSecond, kind, EscapeHtml(decision.version), FormatTime(decision.time), FormatDate(decision.time),
      kind, DecisionWord(decision.kind), EscapeHtml(decision.version), EscapeHtml(decision.reason),
      EscapeHtml(EvidenceText(decision.evidence)));
}

std::string Decisions(const ReplayResult& result) {
  std::string html = fmt::format(
      "<h3>Every decision, {} in all</h3><p class=\"soft\">Open one for the numbers it rests on.</p><ol "
      "class=\"decisions\">\n",
      result.decisions.size());
  for (const Decision& decision : result.decisions) html += DecisionItem(decision);
  return html + "</ol>\n";
}

std::string DriftSentence(const ReplayResult& result) {
  const std::size_t shown = MostSevere(result.drift, kMostDriftEvents).size();
  if (shown == result.drift.size()) return "";
  return fmt::format("<p class=\"soft\">Of {} drift events the {} most severe are drawn.</p>\n", result.drift.size(),
                     shown);
}

std::string SabotageText(const ReplayResult& result) {
  if (!result.sabotage) return "";
  return "<pre class=\"story\">" + EscapeHtml(SabotageStory(result)) + "</pre>\n";
}

std::string SeriesSection(const ReplayResult& result, std::size_t number) {
  return fmt::format(
             "<section id=\"series-{}\" data-series><h2>{}</h2><p class=\"soft\">model {}, seed {}: {} predictions, {} "
             "to {}, each answered before its outcome was known</p>\n",
             number, EscapeHtml(SeriesName(result)), EscapeHtml(result.model), result.seed, result.rows.size(),
             FormatDate(result.rows.front().time), FormatDate(result.rows.back().time)) +
         SabotageText(result) + ComparisonTable(result) + Chart(result) + DriftSentence(result) + Decisions(result) +
         "<h3>What each recipe would have lost on each schedule</h3><p class=\"soft\">A fixed schedule stands in the "
         "table above as its best recipe in hindsight, which nobody knew in advance.</p>\n" +
         RecipeTable(result) + "</section>\n";
}

std::string Introduction(const std::vector<ReplayResult>& results) {
  std::string html =
      "<header><h1>Had this policy been in charge, what would it have done?</h1>\n"
      "<p>hone served every prediction, waited for its outcome, retrained when it saw a reason, and let a new version "
      "answer only after it had passed. The same rows were answered by schedules that retrain never, every quarter on "
      "all history, or every quarter on the last four years, by persistence, and by the same triggers without any "
      "check.</p>\n";
  if (results.size() > 1) {
    html += fmt::format("<p class=\"soft\">{}</p>\n<nav aria-label=\"series\">", EscapeHtml(kNotIndependent));
    for (std::size_t i = 0; i < results.size(); ++i) {
      html += fmt::format("<a href=\"#series-{}\">{}</a>", i, EscapeHtml(SeriesName(results[i])));
    }
    html += "</nav>\n";
  }
  return html + "</header>\n";
}

}  // namespace

std::string ReplayReport(const std::vector<ReplayResult>& results) {
  std::string page =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<title>hone: replay report</title>\n<style>\n";
  page += kReportStyle;
  page += "</style>\n</head>\n<body>\n" + Introduction(results) + "<main>\n";
  Json series = Json::array();
  for (std::size_t i = 0; i < results.size(); ++i) {
    page += SeriesSection(results[i], i);
    series.push_back(ChartData(results[i]));
  }
  page += "</main>\n<script type=\"application/json\" id=\"series\">" + ScriptJson(series) + "</script>\n<script>\n";
  page += kReportScript;
  return page + "</script>\n</body>\n</html>\n";
}

}  // namespace hone
