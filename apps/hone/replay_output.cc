#include "hone/replay_output.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

Json PolicyJson(const PolicyResult& policy) {
  Json recipes = Json::array();
  for (const RecipeLoss& recipe : policy.recipes) recipes.push_back({{"recipe", recipe.recipe}, {"loss", recipe.loss}});
  Json json = {{"name", policy.name},
               {"loss", {{"mean", policy.loss}, {"low", policy.interval.low}, {"high", policy.interval.high}}}};
  if (policy.name != "hone") {
    json["hone_less_this"] = {{"low", policy.difference.low}, {"high", policy.difference.high}};
  }
  json["recipes"] = recipes;
  json["retrains"] = policy.retrains;
  json["fits"] = policy.fits;
  json["promotions"] = policy.promotions;
  json["rollbacks"] = policy.rollbacks;
  json["rejections"] = policy.rejections;
  return json;
}

Json DecisionJson(const Decision& decision) {
  return {{"id", decision.id.ToString()},
          {"time", FormatTime(decision.time)},
          {"kind", DecisionKindName(decision.kind)},
          {"model", decision.model},
          {"version", decision.version},
          {"reason", decision.reason},
          {"evidence", Json::parse(decision.evidence)}};
}

Json DriftJson(const DriftEvent& event) {
  return {{"time", FormatTime(event.time)},
          {"kind", DriftKindName(event.kind)},
          {"subject", event.subject},
          {"method", event.method},
          {"severity", SeverityName(event.severity)},
          {"statistic", event.statistic},
          {"effect", event.effect},
          {"p_value", event.p_value},
          {"version", event.version}};
}

// The word a trader would use for what happened.
const char* Told(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::kActivate: return "activated";
    case DecisionKind::kRetrain: return "retrained";
    case DecisionKind::kReject: return "refused";
    case DecisionKind::kShadow: return "in shadow";
    case DecisionKind::kAdvance: return "canary";
    case DecisionKind::kPromote: return "promoted";
    case DecisionKind::kRollBack: return "rolled back";
    case DecisionKind::kGrantLicence: return "licence";
    case DecisionKind::kWithdrawLicence: return "licence lost";
    case DecisionKind::kFreeze: return "frozen";
    case DecisionKind::kAlert: return "alert";
  }
  return "";
}

std::string PolicyRow(const PolicyResult& policy) {
  const std::string difference =
      policy.name == "hone" ? "" : fmt::format("{:+.4f} .. {:+.4f}", policy.difference.low, policy.difference.high);
  return fmt::format("  {:<12} {:.4f}  {:.4f} .. {:.4f}  {:>8} {:>5} {:>10} {:>9}  {}\n", policy.name, policy.loss,
                     policy.interval.low, policy.interval.high, policy.retrains, policy.fits, policy.promotions,
                     policy.rollbacks, difference);
}

}  // namespace

std::string ReplayJson(const ReplayResult& result) {
  Json json = {{"data", result.data},
               {"model", result.model},
               {"seed", result.seed},
               {"rows", result.rows.size()},
               {"from", FormatTime(result.rows.front().time)},
               {"to", FormatTime(result.rows.back().time)},
               {"policies", Json::array()},
               {"decisions", Json::array()},
               {"drift", Json::array()}};
  for (const PolicyResult& policy : result.policies) json["policies"].push_back(PolicyJson(policy));
  for (const Decision& decision : result.decisions) json["decisions"].push_back(DecisionJson(decision));
  for (const DriftEvent& event : result.drift) json["drift"].push_back(DriftJson(event));
  return json.dump() + "\n";
}

std::string ReplayTable(const ReplayResult& result) {
  std::string text =
      fmt::format("{}: model {}, {} predictions, {} to {}\n\n", result.data, result.model, result.rows.size(),
                  FormatDate(result.rows.front().time), FormatDate(result.rows.back().time));
  text += fmt::format("  {:<12} {:<7} {:<17} {:>8} {:>5} {:>10} {:>9}  {}\n", "policy", "loss", "interval", "retrains",
                      "fits", "promotions", "rollbacks", "hone's loss less this");
  for (const PolicyResult& policy : result.policies) text += PolicyRow(policy);
  text += "\n  Fixed schedules are shown as their best recipe in hindsight, which nobody knew in advance:\n";
  for (const PolicyResult& policy : result.policies) {
    if (policy.recipes.empty()) continue;
    text += fmt::format("  {:<12}", policy.name);
    for (const RecipeLoss& recipe : policy.recipes) text += fmt::format(" {} {:.4f} ", recipe.recipe, recipe.loss);
    text += "\n";
  }
  text += "\n  What happened:\n";
  for (const Decision& decision : result.decisions) {
    text += fmt::format("  {}  {:<12} {:<8} {}\n", FormatDate(decision.time), Told(decision.kind), decision.version,
                        decision.reason);
  }
  return text;
}

}  // namespace hone
