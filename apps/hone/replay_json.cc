#include "hone/replay_json.h"

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

}  // namespace hone
