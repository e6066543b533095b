#include "hone/evidence_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "hone/decision_words.h"
#include "wire/json.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

struct Meaning {
  std::string_view key, words;
};

constexpr std::array kMeanings = {
    Meaning{"verdict", "what the paired comparison says: advance, hold, roll_back or no_data"},
    Meaning{"rows", "outcomes it rests on"},
    Meaning{"mean_gain", "squared error saved per outcome against what it is compared with; above 0 is better"},
    Meaning{"interval", "the gain lies in here, whenever one looks"},
    Meaning{"log_e", "logarithm of the evidence against `no difference`"},
    Meaning{"threshold", "evidence that decides: log(1 / (2 alpha))"},
    Meaning{"alpha", "chance of deciding wrongly that was allowed, after every correction"},
    Meaning{"block_length", "outcomes a block: neighbours depend on each other, blocks hardly do"},
    Meaning{"blocks", "blocks of that length"},
    Meaning{"recent_gain", "the same over the newest outcomes only"},
    Meaning{"championship", "how many times recipes have competed; each time the allowed chance shrinks"},
    Meaning{"candidates", "what took part in the choice"},
    Meaning{"start", "outcome the comparison began at"},
    Meaning{"recipe", "how the version is made"},
    Meaning{"champion", "version that was active"},
    Meaning{"replaced", "version whose place it took"},
    Meaning{"question", "refresh: same recipe on newer data; recipe: another way, which must be proven better"},
    Meaning{"margin", "squared error it may at most be worse by"},
    Meaning{"licence.margin", "part of the error by which refreshed versions may at most be worse"},
    Meaning{"licence.rows", "outcomes both the newer and the replaced version answered"},
    Meaning{"true_gain", "squared error really saved, known because the market is synthetic"},
    Meaning{"because", "what let it begin"},
    Meaning{"licence", "the recipe's record: are its refreshed versions not worse than the ones they replaced?"},
    Meaning{"practice_rows", "outcomes both the newer and the replaced version answered"},
    Meaning{"mean", "mean of the compared losses"},
    Meaning{"twin", "the same fit without the newest rows, judged on them"},
    Meaning{"twin_rmse", "error of the twin on rows neither had seen"},
    Meaning{"champion_rmse", "error of the active version on the same rows"},
    Meaning{"ratio", "twin against champion; 1 is equal"},
    Meaning{"limit", "largest ratio the recipe's own record allows"},
    Meaning{"trigger", "what called for it"},
    Meaning{"last_rows", "outcomes known at the training before"},
    Meaning{"recent_loss", "mean squared error of the newest outcomes"},
    Meaning{"reference_loss", "mean squared error the recipe usually has"},
    Meaning{"loss_ratio", "recent against usual"},
    Meaning{"standing", "lost: refits of the champion's recipe need no licence"},
    Meaning{"lead", "the refit beside what was served, since it was made"},
    Meaning{"step", "step of the rollout"},
    Meaning{"share", "part of the requests it answers"},
    Meaning{"guard_rows", "outcomes the guard against harm has seen in this phase"},
    Meaning{"against", "compared with the version it replaced, or with the anchor, the last one proven better"},
    Meaning{"from", "where it stood"},
    Meaning{"to", "version that answers instead"},
    Meaning{"by", "who decided"},
    Meaning{"why", "what they said"},
    Meaning{"next_share", "share of the requests that the next step would give it"},
    Meaning{"deadline_days", "days a rollout may take"},
    Meaning{"started", "when the rollout began"},
    Meaning{"serves", "version that goes on answering"},
    Meaning{"guardrail", "operational limit that was broken"},
    Meaning{"value", "the answer that broke it"},
    Meaning{"walk_forward_rmse", "error on outcomes after each training window"},
    Meaning{"check", "which check refused it"},
    Meaning{"error", "what failed"},
    Meaning{"rollbacks", "in a row"},
    Meaning{"ab_test", "split of live traffic between versions"},
    Meaning{"arms", "versions that share the traffic, and what came of it"},
    Meaning{"answered", "requests it answered, of the newest ones looked at"},
    Meaning{"outcomes", "of these, how many have an outcome"},
    Meaning{"mean_squared_error", "of its answers to them"},
    Meaning{"winner", "version proven better than the champion"},
    Meaning{"reason", "what it rests on"},
    Meaning{"challengers", "each beside the champion, its losses weighed by the shares"},
    Meaning{"units", "counted requests: of a routing key its first, others each"},
    Meaning{"split", "how requests were shared out, and what came of it beside the answers"},
    Meaning{"requests", "assigned to it, answered or not"},
    Meaning{"failed", "counted requests it had no finite answer for"},
    Meaning{"timed", "counted requests with a latency of their own"},
    Meaning{"late", "of them, those that took longer than the budget"},
    Meaning{"mismatch", "do the versions get their shares of the counted requests?"},
    Meaning{"proven", "whether that is decided"},
    Meaning{"p_value", "chance of such counts, at whatever time one looks, were the shares right"},
    Meaning{"latency_budget_ms", "a request that took longer is late"},
    Meaning{"guardrails",
            "is a share of failures or late requests larger than the champion's by more than the margin?"},
    Meaning{"broken", "whether that is proven"},
    Meaning{"champion_share", "the same share of the champion's counted requests"},
    Meaning{"guardrails.share", "of its counted requests that failed, or were late"},
    Meaning{"guardrails.margin", "by how much it may exceed the champion's"},
    Meaning{"guardrails.log_e", "logarithm of the evidence that it does"},
    Meaning{"guardrails.threshold", "evidence that decides"},
    Meaning{"mismatch.log_e", "logarithm of the evidence for other shares"},
    Meaning{"mismatch.threshold", "evidence that decides: log(1 / alpha)"},
    Meaning{"looked_at", "newest requests since the start that were counted"},
};

std::string_view MeaningOf(std::string_view key) {
  const auto* found =
      std::find_if(kMeanings.begin(), kMeanings.end(), [key](const Meaning& meaning) { return meaning.key == key; });
  return found == kMeanings.end() ? std::string_view() : found->words;
}

// What a key means inside of `parent`, where it has a meaning of its own there.
std::string_view MeaningOf(const std::string& parent, std::string_view key) {
  const std::string_view own = MeaningOf(parent + "." + std::string(key));
  return own.empty() ? MeaningOf(key) : own;
}

const char* RuleOf(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::kActivate: return "A model without an active version takes the one that did best so far.";
    case DecisionKind::kRetrain:
      return "Training begins when data have grown, a schedule is due, the realised loss left its range, or an "
             "operator "
             "asks.";
    case DecisionKind::kReject: return "A trained version must pass its smoke test, and a refresh its twin check.";
    case DecisionKind::kShadow:
      return "Before it answers anyone a version scores every request in shadow, beside the one that answers.";
    case DecisionKind::kAdvance:
      return "A canary answers a growing share of the requests while a guard looks for harm.";
    case DecisionKind::kPromote:
      return "A refresh becomes active when its recipe has proven the practice, or it leads a champion whose loss left "
             "its range by far, its twin passed and its canary was clean; another recipe only when paired losses prove "
             "it better.";
    case DecisionKind::kRollBack: return "A version is taken back once it is shown to be worse, or breaks a guardrail.";
    case DecisionKind::kGrantLicence:
    case DecisionKind::kWithdrawLicence:
      return "Refreshes by a recipe need the record that refreshing it does no harm.";
    case DecisionKind::kFreeze: return "While the naive answer is proven better than the model, it answers instead.";
    case DecisionKind::kStartAbTest:
      return "An operator splits the traffic of a model; its loop then begins no rollout.";
    case DecisionKind::kEndAbTest:
      return "An A/B test runs until an operator ends it, splits the traffic anew, or the active version changes.";
    case DecisionKind::kPause:
    case DecisionKind::kResume:
      return "A person may halt a rollout, and the policy may have it wait before a step; its guards go on.";
    case DecisionKind::kAbort: return "A rollout ends early when a person says so, or its deadline has passed.";
    case DecisionKind::kFreezeRollouts:
    case DecisionKind::kUnfreezeRollouts:
      return "After so many automatic roll backs in a row no rollout begins until a person says so.";
    case DecisionKind::kAlert: return "Something a person should look at.";
  }
  return "";
}

std::string ScalarText(const JsonValue& value) {
  switch (value.kind) {
    case JsonValue::Kind::kNumber:
      return value.is_integer ? std::to_string(value.integer) : fmt::format("{:.6g}", value.number);
    case JsonValue::Kind::kText: return value.text;
    case JsonValue::Kind::kBoolean: return value.boolean ? "yes" : "no";
    default: return "unbounded";  // a number that was not finite
  }
}

bool IsScalar(const JsonValue& value) { return !value.is_map() && !value.is_list(); }

std::string ListText(const JsonValue& list) {
  std::string text;
  for (const JsonValue& item : list.items) text += (text.empty() ? "" : " to ") + ScalarText(item);
  return text;
}

void Explain(const JsonValue& map, const std::string& parent, int depth, std::string& out);

void ExplainMember(const std::string& parent, const std::string& key, const JsonValue& value, int depth,
                   std::string& out) {
  const std::string indent(static_cast<std::size_t>(2 * depth), ' ');
  const std::string_view words = MeaningOf(parent, key);
  const bool plain_list = value.is_list() && std::all_of(value.items.begin(), value.items.end(), IsScalar);
  if (IsScalar(value) || plain_list) {
    const std::string text = plain_list ? ListText(value) : ScalarText(value);
    out += fmt::format("{}{:<{}}  {:<24}  {}", indent, key, 18 - 2 * depth, text, words);
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
    return;
  }
  out += fmt::format("{}{}{}{}\n", indent, key, words.empty() ? "" : ": ", words);
  if (value.is_map()) return Explain(value, key, depth + 1, out);
  for (const JsonValue& item : value.items) {
    if (item.is_map()) Explain(item, key, depth + 1, out);
  }
}

void Explain(const JsonValue& map, const std::string& parent, int depth, std::string& out) {
  for (std::size_t i = 0; i < map.keys.size(); ++i) ExplainMember(parent, map.keys[i], map.items[i], depth, out);
}

}  // namespace

std::string ExplainDecision(const Decision& decision) {
  std::string out = fmt::format("{}  {} {} {}\n\nwhy   {}\nrule  {}\n", FormatTime(decision.time), decision.model,
                                decision.version, DecisionWord(decision.kind), decision.reason, RuleOf(decision.kind));
  const Result<JsonValue> evidence = ParseJson(decision.evidence, {.source = "evidence"});
  if (!evidence.ok() || evidence->keys.empty()) return out + "\nno numbers stand behind it\n";
  out += "\nevidence\n";
  Explain(*evidence, "", 1, out);
  return out;
}

std::string ExplainPrediction(const JoinedPrediction& row) {
  const Prediction& prediction = row.prediction;
  std::string out = fmt::format(
      "{}  {} {} answered {:.6g}\n\nIt answered as {}, chosen with probability {:.4g}, in {:.1f} us, from {} "
      "features.\n",
      FormatTime(prediction.time), prediction.model, prediction.version, prediction.value, RoleName(prediction.role),
      prediction.propensity, static_cast<double>(prediction.latency) / 1000, prediction.features.size());
  if (row.outcome) {
    out += fmt::format("The outcome, known at {}, was {:.6g}: an error of {:.6g}.\n", FormatTime(row.outcome->time),
                       row.outcome->value, prediction.value - row.outcome->value);
  } else {
    out += "Its outcome is not known yet.\n";
  }
  for (const ShadowPrediction& shadow : row.shadows) {
    out += fmt::format("In shadow {} said {:.6g}.\n", shadow.version, shadow.value);
  }
  return out;
}

}  // namespace hone
