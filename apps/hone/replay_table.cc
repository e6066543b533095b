#include "hone/replay_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "hone/decision_words.h"
#include "hone/replay_summary.h"
#include "hone/sabotage_story.h"

namespace hone {
namespace {

constexpr const char* kGreen = "32";
constexpr const char* kRed = "31";
constexpr const char* kYellow = "33";
constexpr const char* kBold = "1";

std::string Painted(const std::string& text, const char* colour, const TableStyle& style) {
  if (!style.colours || colour == nullptr) return text;
  return fmt::format("\x1b[{}m{}\x1b[0m", colour, text);
}

const char* ColourOf(Comparison comparison) {
  if (comparison == Comparison::kBetter) return kGreen;
  return comparison == Comparison::kWorse ? kRed : nullptr;
}

const char* ColourOf(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::kActivate:
    case DecisionKind::kPromote: return kGreen;
    case DecisionKind::kRollBack:
    case DecisionKind::kFreeze:
    case DecisionKind::kFreezeRollouts:
    case DecisionKind::kAlert: return kRed;
    case DecisionKind::kReject:
    case DecisionKind::kWithdrawLicence: return kYellow;
    default: return nullptr;
  }
}

// "hone's loss is 0.5 % lower" in columns: relative difference, paired interval, what they say.
std::string DifferenceCells(const PolicyResult& policy, const PolicyResult& own, const TableStyle& style) {
  if (&policy == &own) return "";
  const Comparison comparison = Compare(policy.difference);
  return fmt::format("  {:+6.1f} %  {:+.4f} .. {:+.4f}  {}", 100 * (own.loss / policy.loss - 1), policy.difference.low,
                     policy.difference.high, Painted(ComparisonWord(comparison), ColourOf(comparison), style));
}

std::string PolicyRow(const PolicyResult& policy, const PolicyResult& own, const TableStyle& style) {
  const std::string counts = fmt::format("{:>8}  {:>5}  {:>8}  {:>11}  {:>7}", policy.retrains, policy.fits,
                                         policy.promotions, policy.rollbacks, policy.rejections);
  return fmt::format("  {}  {:.4f}  {:.4f} .. {:.4f}  {}{}\n",
                     Painted(fmt::format("{:<11}", policy.name), &policy == &own ? kBold : nullptr, style), policy.loss,
                     policy.interval.low, policy.interval.high, counts, DifferenceCells(policy, own, style));
}

std::string SeriesTitle(const ReplayResult& result, const TableStyle& style) {
  return Painted(SeriesName(result), kBold, style) +
         fmt::format(": model {}, {} predictions, {} to {}", result.model, result.rows.size(),
                     FormatDate(result.rows.front().time), FormatDate(result.rows.back().time));
}

std::string RecipeLines(const ReplayResult& result) {
  std::string text;
  for (const PolicyResult& policy : result.policies) {
    if (policy.recipes.empty()) continue;
    text += fmt::format("  {:<12}", policy.name);
    for (const RecipeLoss& recipe : policy.recipes) text += fmt::format(" {} {:.4f} ", recipe.recipe, recipe.loss);
    text.back() = '\n';
  }
  return text;
}

bool IsMilestone(DecisionKind kind) {
  static const std::set<DecisionKind> steps = {DecisionKind::kRetrain, DecisionKind::kShadow, DecisionKind::kAdvance,
                                               DecisionKind::kGrantLicence};
  return steps.count(kind) == 0;
}

std::string DecisionLine(const Decision& decision, const TableStyle& style) {
  const std::string word = fmt::format("{:<12}", DecisionWord(decision.kind));
  return fmt::format("  {}  {}  {:<7}  {}\n", FormatDate(decision.time), Painted(word, ColourOf(decision.kind), style),
                     decision.version, decision.reason);
}

std::string TimelineOf(const ReplayResult& result, const TableStyle& style) {
  std::string text = Painted(SeriesName(result), kBold, style) + ": what happened\n";
  std::size_t steps = 0;
  for (const Decision& decision : result.decisions) {
    const bool shown = style.timeline == Timeline::kAll || IsMilestone(decision.kind);
    if (shown) text += DecisionLine(decision, style);
    steps += shown ? 0 : 1;
  }
  if (steps > 0) text += fmt::format("  and {} steps between: retrainings, shadow, canary, licences\n", steps);
  return text;
}

}  // namespace

std::string ReplayTable(const std::vector<ReplayResult>& results, const TableStyle& style) {
  std::string text = fmt::format("  {:<11}  {:<6}  {:<16}  {:>8}  {:>5}  {:>8}  {:>11}  {:>7}  {}\n", "policy", "loss",
                                 "95 % interval", "retrains", "fits", "promoted", "rolled back", "refused",
                                 "hone's loss against it, paired interval");
  for (std::size_t i = 0; i < results.size(); ++i) {
    text += SeriesTitle(results[i], style);
    text += i < style.seconds.size() ? fmt::format(", time {:.1f} s\n", style.seconds[i]) : "\n";
    const std::vector<PolicyResult>& policies = results[i].policies;
    for (const PolicyResult& policy : policies) text += PolicyRow(policy, policies.front(), style);
  }
  if (results.size() > 1) text += std::string(kNotIndependent) + "\n";
  text += "\nnever, quarterly and rolling are shown as their best recipe in hindsight, which nobody knew in advance:\n";
  for (const ReplayResult& result : results) {
    if (results.size() > 1) text += Painted(SeriesName(result), kBold, style) + "\n";
    text += RecipeLines(result);
  }
  return text;
}

std::string ReplayTimeline(const std::vector<ReplayResult>& results, const TableStyle& style) {
  std::string text;
  for (const ReplayResult& result : results) {
    if (!text.empty()) text += "\n";
    text += TimelineOf(result, style);
    if (result.sabotage) text.append("\n").append(SabotageStory(result));
  }
  return text;
}

}  // namespace hone
