#include "expectation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "stats/binomial_density.h"

namespace hone {
namespace {

using Json = nlohmann::json;
using Measure = std::function<double(const Facts&, const std::string& recipe)>;

Error Wrong(const std::string& message) { return Error{ErrorCode::kInvalidArgument, message, "", 0, ""}; }

bool Concerns(const Facts& run, const Decision& decision, const std::string& recipe) {
  if (recipe.empty()) return true;
  const auto found = run.recipe_of.find(decision.version);
  return found != run.recipe_of.end() && found->second == recipe;
}

// Decisions of one kind whose evidence satisfies `test`.
Measure Decisions(DecisionKind kind, std::function<bool(const Json&)> test = nullptr) {
  return [kind, test](const Facts& run, const std::string& recipe) {
    return static_cast<double>(std::count_if(run.decisions.begin(), run.decisions.end(), [&](const Decision& decision) {
      return decision.kind == kind && Concerns(run, decision, recipe) &&
             (!test || test(Json::parse(decision.evidence)));
    }));
  };
}

Measure DriftEvents(Severity least, std::optional<DriftKind> kind = std::nullopt) {
  return [least, kind](const Facts& run, const std::string&) {
    return static_cast<double>(std::count_if(run.drift.begin(), run.drift.end(), [&](const DriftEvent& event) {
      return event.severity >= least && (!kind || event.kind == *kind);
    }));
  };
}

std::function<bool(const Json&)> Asks(const char* question) {
  return [question](const Json& evidence) { return evidence.value("question", "") == question; };
}

bool NoBetterRecipe(const Json& evidence) {
  return evidence.value("question", "") == "recipe" && evidence.at("true_gain").get<double>() <= 0;
}

bool RefreshBeyondMargin(const Json& evidence) {
  return evidence.value("question", "") == "refresh" &&
         evidence.at("true_gain").get<double>() < -evidence.at("margin").get<double>();
}

const std::map<std::string, Measure>& Measures() {
  static const std::map<std::string, Measure> measures = {
      {"promotions", Decisions(DecisionKind::kPromote)},
      {"recipe promotions", Decisions(DecisionKind::kPromote, Asks("recipe"))},
      {"refresh promotions", Decisions(DecisionKind::kPromote, Asks("refresh"))},
      {"recipe promotions without true gain", Decisions(DecisionKind::kPromote, NoBetterRecipe)},
      {"refresh promotions worse than their margin", Decisions(DecisionKind::kPromote, RefreshBeyondMargin)},
      {"rollbacks", Decisions(DecisionKind::kRollBack)},
      {"rejections", Decisions(DecisionKind::kReject)},
      {"retrainings", Decisions(DecisionKind::kRetrain)},
      {"shadows", Decisions(DecisionKind::kShadow)},
      {"advances", Decisions(DecisionKind::kAdvance)},
      {"freezes", Decisions(DecisionKind::kFreeze)},
      {"alerts", Decisions(DecisionKind::kAlert)},
      {"licences granted", Decisions(DecisionKind::kGrantLicence)},
      {"licences withdrawn", Decisions(DecisionKind::kWithdrawLicence)},
      {"decisions", [](const Facts& run, const std::string&) { return static_cast<double>(run.decisions.size()); }},
      {"drift events", DriftEvents(Severity::kLow)},
      {"high drift alarms", DriftEvents(Severity::kHigh)},
      {"performance alarms", DriftEvents(Severity::kLow, DriftKind::kPerformance)},
      {"evidence rows", [](const Facts& run, const std::string&) { return static_cast<double>(run.evidence_rows); }},
  };
  return measures;
}

std::string KnownMeasures() {
  std::string names;
  for (const auto& [name, measure] : Measures()) names += (names.empty() ? "" : ", ") + name;
  return names;
}

// "hone loss below never", "hone loss below 1.02 times quarterly"
Result<Condition> ParseLoss(Words& words) {
  const double times = words.Number().value_or(1);
  if (times != 1 && !words.Take("times")) return Wrong("after \"hone loss below X\" comes \"times POLICY\"");
  const auto policy = words.Word();
  const std::vector<std::string> policies = {"never", "quarterly", "rolling", "persistence", "unchecked"};
  if (!policy || std::find(policies.begin(), policies.end(), *policy) == policies.end()) {
    return Wrong("a loss is compared with never, quarterly, rolling, persistence or unchecked");
  }
  return Condition([times, name = *policy](const Facts& run, const Facts&) {
    return run.loss.contains(name) && run.loss.at("hone") < times * run.loss.at(name);
  });
}

Result<Condition> ParseCount(Words& words) {
  const std::string name = words.Until({"of", "at", "exactly"});
  const auto measure = Measures().find(name);
  if (measure == Measures().end())
    return Wrong(fmt::format("nothing is called \"{}\"; there is: {}", name, KnownMeasures()));
  std::string recipe;
  if (words.Take("of")) recipe = words.Word().value_or("");
  const bool least = words.Take("at least"), most = !least && words.Take("at most");
  if (!least && !most && !words.Take("exactly")) return Wrong("a number is \"at least\", \"at most\" or \"exactly\"");
  const auto number = words.Number();
  if (!number) return Wrong("a number is missing");
  return Condition([measure = measure->second, recipe, least, most, number = *number](const Facts& run, const Facts&) {
    const double value = measure(run, recipe);
    return least ? value >= number : most ? value <= number : value == number;
  });
}

Result<Condition> ParseCondition(Words& words, Expectation& expectation) {
  if (words.Take("hone loss below")) {
    expectation.compares_policies = true;
    return ParseLoss(words);
  }
  if (words.Take("the first version still serves")) {
    return Condition([](const Facts& run, const Facts&) { return run.first_version == run.last_version; });
  }
  if (words.Take("the first version no longer serves")) {
    return Condition([](const Facts& run, const Facts&) { return run.first_version != run.last_version; });
  }
  if (words.Take("the same metrics as without faults")) {
    expectation.needs_faultless = true;
    return Condition([](const Facts& run, const Facts& faultless) { return run.metrics == faultless.metrics; });
  }
  return ParseCount(words);
}

Status ParseShare(Words& words, double alpha, Expectation& expectation) {
  if (words.empty() || words.Take("in every seed")) return OkStatus();
  if (!words.Take("in")) return Wrong(fmt::format("unknown words \"{}\"", words.Rest()));
  expectation.share = words.Take("at most") ? Share::kAtMost : Share::kAtLeast;
  if (expectation.share == Share::kAtLeast) words.Take("at least");
  const auto fraction = words.Take("alpha") ? std::optional(alpha) : words.Percent();
  if (!fraction || *fraction < 0 || *fraction > 1 || !words.Take("of seeds")) {
    return Wrong(
        "runs are counted \"in every seed\", \"in P % of seeds\", \"in at most P % of seeds\" or \"in at most alpha of "
        "seeds\"");
  }
  expectation.fraction = *fraction;
  return OkStatus();
}

}  // namespace

Result<Expectation> ParseExpectation(Words words, double alpha) {
  Expectation expectation;
  expectation.text = words.Rest();
  do {
    HONE_ASSIGN_OR_RETURN(Condition condition, ParseCondition(words, expectation));
    expectation.conditions.push_back(std::move(condition));
  } while (words.Take("and"));
  HONE_RETURN_IF_ERROR(ParseShare(words, alpha, expectation));
  if (!words.empty()) return Wrong(fmt::format("unknown words \"{}\"", words.Rest()));
  return expectation;
}

int FewestRuns(double fraction, int runs) { return static_cast<int>(std::ceil(fraction * runs - 1e-9)); }

int MostRuns(double fraction, int runs) {
  double above = 1;
  for (int count = 0; count < runs; ++count) {
    above -= BinomialDensity(count, runs, fraction);
    if (above < 0.001) return count;
  }
  return runs;
}

std::string Complaint(const Expectation& expectation, int met, int runs) {
  switch (expectation.share) {
    case Share::kEvery: return met == runs ? "" : fmt::format("wanted all {}", runs);
    case Share::kAtLeast: {
      const int fewest = FewestRuns(expectation.fraction, runs);
      return met >= fewest ? "" : fmt::format("wanted {} of {}", fewest, runs);
    }
    case Share::kAtMost: {
      const int most = MostRuns(expectation.fraction, runs);
      return met <= most ? "" : fmt::format("allowed are {} of {}", most, runs);
    }
  }
  return "";
}

}  // namespace hone
