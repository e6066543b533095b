#include "scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/files.h"

namespace hone {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;

Error Wrong(const std::string& message) { return Error{ErrorCode::kInvalidArgument, message, "", 0, ""}; }

class Parser {
 public:
  explicit Parser(std::string path) { scenario_.path = std::move(path); }

  Status Line(std::string_view line) {
    ++line_;
    Words words(line);
    if (words.empty()) return OkStatus();
    const Status status = Statement(words);
    if (!status.ok()) return Located(status.error());
    return words.empty() ? OkStatus() : Status(Located(Wrong(fmt::format("unknown words \"{}\"", words.Rest()))));
  }

  Result<Scenario> Finish() {
    if (!scenario_.market && scenario_.simulation.rows == 0)
      return Located(Wrong("neither a market nor \"simulate N rows\""));
    if (scenario_.market && (simulated_ || scenario_.simulation.rows > 0)) {
      return Located(Wrong("a market is replayed as it is: faults and recipes are for \"simulate N rows\""));
    }
    if (!scenario_.market && scenario_.sabotage) return Located(Wrong("a sabotaged refresh needs a market"));
    if (!scenario_.market && scenario_.simulation.recipes.empty()) return Located(Wrong("no recipe"));
    if (expectations_.empty()) return Located(Wrong("nothing is expected"));
    HONE_RETURN_IF_ERROR(ReadPolicies());
    for (const auto& [line, words] : expectations_) {
      Result<Expectation> expectation = ParseExpectation(words, scenario_.policy.rollout.alpha);
      line_ = line;
      if (!expectation.ok()) return Located(expectation.error());
      expectation->line = line;
      scenario_.expectations.push_back(std::move(expectation).value());
    }
    return std::move(scenario_);
  }

 private:
  Error Located(Error error) const {
    error.source = scenario_.path;
    error.line = line_;
    return error;
  }

  Status Statement(Words& words) {
    if (words.Take("expect")) return Expect(words);
    if (words.Take("policy")) return PolicyKey(words);
    if (words.Take("seeds")) return Count(words, 1, 10'000, scenario_.seeds);
    if (words.Take("takes minutes")) return OkStatus();  // CMake gives the test its label
    if (words.Take("market")) return Market(words);
    if (words.Take("refresh sabotaged at")) return Sabotage(words);
    simulated_ = true;
    return SimulationStatement(words);
  }

  Status SimulationStatement(Words& words) {
    SimulationSpec& simulation = scenario_.simulation;
    if (words.Take("simulate")) return CountOf(words, 1, 100'000, simulation.rows, "rows");
    if (words.Take("history")) return CountOf(words, 120, 100'000, simulation.history, "rows");
    if (words.Take("horizon")) return CountOf(words, 1, 100, simulation.horizon, "rows");
    if (words.Take("recipe")) return Recipe(words);
    if (words.Take("features independent")) return OkStatus();
    if (words.Take("features AR(1)")) return Autoregression(words);
    if (words.Take("versions age")) return Age(words);
    if (words.Take("learner throws at every retraining")) {
      simulation.faults.every_retraining_throws = true;
      return OkStatus();
    }
    if (words.Take("learner throws at retraining")) {
      return Count(words, 1, 10'000, simulation.faults.throwing_retrainings.emplace_back());
    }
    if (words.Take("outcomes late by")) return CountOf(words, 1, 10'000, simulation.faults.late_rows, "rows");
    if (words.Take("outcomes reordered within")) {
      return CountOf(words, 2, 10'000, simulation.faults.reordered_rows, "rows");
    }
    if (words.Take("outcomes doubled")) {
      simulation.faults.doubled = true;
      return OkStatus();
    }
    if (words.Take("no outcomes at all")) {
      simulation.faults.no_outcomes = true;
      return OkStatus();
    }
    return Change(words);
  }

  static Status Count(Words& words, int least, int most, int& value) {
    const auto number = words.Number();
    if (!number || *number != std::floor(*number) || *number < least || *number > most) {
      return Wrong(fmt::format("a whole number from {} to {} belongs here", least, most));
    }
    value = static_cast<int>(*number);
    return OkStatus();
  }

  static Status CountOf(Words& words, int least, int most, int& value, std::string_view unit) {
    HONE_RETURN_IF_ERROR(Count(words, least, most, value));
    return words.Take(unit) ? OkStatus() : Status(Wrong(fmt::format("after the number comes \"{}\"", unit)));
  }

  Status Expect(Words& words) {
    expectations_.emplace_back(line_, words);
    words = Words("");
    return OkStatus();
  }

  // "rollout.step_predictions 60" is the policy's key of that section.
  Status PolicyKey(Words& words) {
    const std::string key = words.Word().value_or("");
    const auto dot = key.find('.');
    const std::string value = words.Rest();
    if (dot == std::string::npos || value.empty()) return Wrong("a policy line is \"policy SECTION.KEY VALUE\"");
    words = Words("");
    const std::string yaml = fmt::format("version: 1\n{}:\n  {}: {}\n", key.substr(0, dot), key.substr(dot + 1), value);
    const Result<Policy> alone = ReadPolicy(yaml, scenario_.path);
    if (!alone.ok()) return Wrong(alone.error().message);
    sections_[key.substr(0, dot)] += fmt::format("  {}: {}\n", key.substr(dot + 1), value);
    return OkStatus();
  }

  Status ReadPolicies() {
    std::string yaml = "version: 1\n";
    for (const auto& [section, keys] : sections_) yaml += section + ":\n" + keys;
    HONE_ASSIGN_OR_RETURN(scenario_.policy, ReadPolicy(yaml, scenario_.path));
    return OkStatus();
  }

  Status Market(Words& words) {
    HONE_ASSIGN_OR_RETURN(scenario_.market, ParseSyntheticSpec(words.Word().value_or("")));
    return OkStatus();
  }

  Status Sabotage(Words& words) {
    scenario_.sabotage = words.Percent();
    if (scenario_.sabotage && *scenario_.sabotage > 0 && *scenario_.sabotage < 1) return OkStatus();
    return Wrong("a refresh is sabotaged at P % of the bars, between 0 and 100");
  }

  Status Recipe(Words& words) {
    const auto name = words.Word();
    if (!name) return Wrong("a recipe has a name");
    if (Known(*name)) return Wrong(fmt::format("there is a recipe {} already", *name));
    scenario_.simulation.recipes.push_back(*name);
    return OkStatus();
  }

  bool Known(const std::string& recipe) const {
    const auto& recipes = scenario_.simulation.recipes;
    return std::find(recipes.begin(), recipes.end(), recipe) != recipes.end();
  }

  Status Autoregression(Words& words) {
    const auto coefficient = words.Number();
    if (!coefficient || std::abs(*coefficient) >= 1) return Wrong("an autoregression has a coefficient within (-1, 1)");
    scenario_.simulation.autoregression = *coefficient;
    return OkStatus();
  }

  Status Age(Words& words) {
    const auto share = words.Percent();
    if (!share || !words.Take("a year")) return Wrong("versions age P % a year");
    scenario_.simulation.age_per_year = *share;
    return OkStatus();
  }

  Status Change(Words& words) {
    QualityChange change;
    if (words.Take("challenger")) {
      change.who = QualityChange::Who::kChallenger;
    } else if (words.Take("each refresh")) {
      change.who = QualityChange::Who::kEachRefresh;
    } else if (words.Take("refresh")) {
      change.who = QualityChange::Who::kRefresh;
      HONE_RETURN_IF_ERROR(Count(words, 1, 10'000, change.refresh));
    } else {
      const std::string rest = words.Rest();
      change.recipe = words.Word().value_or("");
      if (!Known(change.recipe)) return Wrong(fmt::format("unknown words \"{}\"", rest));
    }
    HONE_RETURN_IF_ERROR(Factor(words, change));
    HONE_RETURN_IF_ERROR(Moment(words, change));
    scenario_.simulation.changes.push_back(change);
    return OkStatus();
  }

  static Status Factor(Words& words, QualityChange& change) {
    if (!words.Take("is")) return Wrong("someone \"is P % worse\" or \"is P % better\"");
    const auto share = words.Percent();
    const bool worse = words.Take("worse");
    if (!share || *share < 0 || (!worse && !words.Take("better"))) {
      return Wrong("someone \"is P % worse\" or \"is P % better\"");
    }
    change.factor = worse ? 1 + *share : 1 - *share;
    constexpr double kMostBetter = 1.0 / 3;
    return worse || *share <= kMostBetter ? OkStatus() : Status(Wrong("nobody can be more than 33 % better"));
  }

  static Status Moment(Words& words, QualityChange& change) {
    using From = QualityChange::From;
    const bool challenger = change.who == QualityChange::Who::kChallenger;
    if (!words.Take("from")) return challenger ? Status(Wrong("say from when")) : OkStatus();
    if (words.Take("the start of service"))
      change.from = From::kService;
    else if (words.Take("the start of canary"))
      change.from = From::kCanary;
    else if (words.Take("promotion"))
      change.from = From::kPromotion;
    else if (words.Take("row")) {
      change.from = From::kRow;
      HONE_RETURN_IF_ERROR(Count(words, 0, 100'000, change.row));
    } else
      return Wrong("from \"the start of service\", \"the start of canary\", \"promotion\" or \"row N\"");
    const bool of_rollout = change.from == From::kCanary || change.from == From::kPromotion;
    if (challenger != of_rollout) return Wrong("a challenger changes from canary or promotion on, nobody else does");
    return OkStatus();
  }

  Scenario scenario_;
  int line_ = 0;
  bool simulated_ = false;
  std::map<std::string, std::string> sections_;
  std::vector<std::pair<int, Words>> expectations_;
};

}  // namespace

Result<Scenario> ParseScenario(std::string_view text, const std::string& path) {
  Parser parser(path);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    HONE_RETURN_IF_ERROR(parser.Line(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return parser.Finish();
}

Result<Scenario> ReadScenario(const std::string& path) {
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMostBytes));
  return ParseScenario(text, path);
}

}  // namespace hone
