#include "engine/ab_test_evidence.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "engine/split_book.h"

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kLookedAt = 5'000;                               // bounds what a decision costs
constexpr Time kAfterAll = std::numeric_limits<Time>::max() - kSecond;  // after every request there can be

struct Tally {
  std::int64_t answered = 0, outcomes = 0;
  double squared_error = 0;  // summed

  void Take(const JoinedPrediction& row) {
    ++answered;
    if (!row.outcome) return;
    ++outcomes;
    const double error = row.prediction.value - row.outcome->value;
    squared_error += error * error;
  }
};

Json AnsweredJson(const AbArm& arm, const Tally& tally) {
  Json json{{"version", arm.version}, {"share", arm.share}, {"answered", tally.answered}, {"outcomes", tally.outcomes}};
  if (tally.outcomes > 0) json["mean_squared_error"] = tally.squared_error / static_cast<double>(tally.outcomes);
  return json;
}

// A counted unit whose outcome is known.
struct JudgedUnit {
  Time known = 0;  // and mature
  Id id;
  std::size_t arm = 0;
  double loss = 0;
};

Result<std::vector<JudgedUnit>> JudgedUnits(LiveStore& store, const SplitRecord& split, Time now) {
  HONE_ASSIGN_OR_RETURN(const std::vector<SplitUnit> units, store.splits.Units(split.identity.tag()));
  std::vector<JudgedUnit> judged;
  for (const SplitUnit& unit : units) {
    HONE_ASSIGN_OR_RETURN(const std::optional<Outcome> outcome, store.outcomes.Find(unit.prediction));
    if (!outcome || unit.arm >= split.identity.arms.size()) continue;
    const Time known = std::max(outcome->time, unit.prediction.time() + split.question.horizon_time);
    const double error = unit.value - outcome->value;
    if (known <= now) judged.push_back({known, unit.prediction, unit.arm, error * error});
  }
  std::ranges::sort(judged, [](const JudgedUnit& a, const JudgedUnit& b) {
    return std::tie(a.known, a.id) < std::tie(b.known, b.id);
  });
  return judged;
}

// "" where none is broken.
std::string BrokenBy(const SplitRecord& split, std::size_t arm) {
  for (const Guardrail guardrail : {Guardrail::kErrors, Guardrail::kLatency}) {
    if (split.watch.broken(guardrail, arm)) return std::string("broke the guardrail ") + GuardrailName(guardrail);
  }
  return "";
}

AbTestChallenger JudgeChallenger(const SplitRecord& split, std::size_t arm, const std::vector<JudgedUnit>& units) {
  const std::vector<AbArm>& arms = split.identity.arms;
  TrialTerms terms;
  terms.horizon = split.question.horizon;
  terms.alpha = split.question.alpha / static_cast<double>(arms.size() - 1);
  terms.minimum_rows = split.question.minimum_outcomes;
  SplitComparison comparison(terms, arms[arm].share / (arms[arm].share + arms[0].share));
  for (const JudgedUnit& unit : units) {
    if (unit.arm == 0 || unit.arm == arm) comparison.Add(unit.arm == arm, unit.loss);
  }
  AbTestChallenger challenger;
  challenger.version = arms[arm].version;
  challenger.losses = comparison.Answer();
  challenger.verdict = challenger.losses.judgement.verdict;
  challenger.champion_losses = comparison.losses(false);
  challenger.challenger_losses = comparison.losses(true);
  challenger.reason = BrokenBy(split, arm);
  if (!challenger.reason.empty()) challenger.verdict = Verdict::kRollBack;
  return challenger;
}

// Of several that are proven better, the one proven by the fewest rows.
const AbTestChallenger* Winner(const std::vector<AbTestChallenger>& challengers) {
  const AbTestChallenger* winner = nullptr;
  for (const AbTestChallenger& challenger : challengers) {
    if (challenger.verdict != Verdict::kAdvance) continue;
    if (winner == nullptr || challenger.losses.row < winner->losses.row) winner = &challenger;
  }
  return winner;
}

void Conclude(AbTestVerdict& verdict) {
  const auto all = [&](Verdict wanted) {
    return std::ranges::all_of(verdict.challengers,
                               [wanted](const AbTestChallenger& each) { return each.verdict == wanted; });
  };
  if (verdict.split->watch.mismatch()) {
    verdict.reason = "the arms did not get their shares of the requests: what they show cannot be compared";
    return;
  }
  if (const AbTestChallenger* winner = Winner(verdict.challengers)) {
    verdict.verdict = Verdict::kAdvance;
    verdict.winner = winner->version;
    verdict.reason = winner->version + " is proven better than the champion";
  } else if (all(Verdict::kRollBack)) {
    verdict.verdict = Verdict::kRollBack;
    verdict.reason = "every challenger is proven worse, or broke a guardrail";
  } else if (all(Verdict::kNoData)) {
    verdict.reason = "too few outcomes are known";
  } else {
    verdict.verdict = Verdict::kHold;
    verdict.reason = "nothing is proven yet";
  }
}

Json ChallengerJson(const AbTestChallenger& challenger) {
  const TrialAnswer& losses = challenger.losses;
  const auto arm = [](const RunningMoments& moments) {
    return Json{{"units", moments.count()}, {"mean_loss", moments.mean()}};
  };
  return {{"version", challenger.version},
          {"verdict", VerdictName(challenger.verdict)},
          {"reason", challenger.reason},
          {"rows", losses.gain.rows},
          {"mean_gain", losses.gain.mean},
          {"interval", {losses.gain.low, losses.gain.high}},
          {"recent_gain", losses.recent_gain},
          {"log_e", losses.judgement.evidence.log_e},
          {"threshold", losses.judgement.threshold},
          {"alpha", losses.judgement.alpha},
          {"champion", arm(challenger.champion_losses)},
          {"challenger", arm(challenger.challenger_losses)}};
}

void AddVerdict(const AbTestVerdict& verdict, Json& json) {
  json["verdict"] = VerdictName(verdict.verdict);
  json["reason"] = verdict.reason;
  json["winner"] = verdict.winner.empty() ? Json() : Json(verdict.winner);
  Json& challengers = json["challengers"] = Json::array();
  for (const AbTestChallenger& challenger : verdict.challengers) challengers.push_back(ChallengerJson(challenger));
  json["split"] = verdict.split ? Json::parse(SplitJson(*verdict.split)) : Json();
}

}  // namespace

Result<AbTestVerdict> JudgeAbTest(LiveStore& store, const AbTest& test, Time now) {
  HONE_ASSIGN_OR_RETURN(std::vector<SplitRecord> splits, store.splits.OfExperiment(test.model, test.id.ToString()));
  AbTestVerdict verdict;
  if (splits.empty()) {
    verdict.reason = "nothing was counted yet";
    return verdict;
  }
  verdict.split = std::move(splits.back());
  if (test.bandit) {
    verdict.reason = "its shares follow a bandit: experiment evaluate tells what each version would have earned";
    return verdict;
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<JudgedUnit> units, JudgedUnits(store, *verdict.split, now));
  for (std::size_t arm = 1; arm < verdict.split->identity.arms.size(); ++arm) {
    verdict.challengers.push_back(JudgeChallenger(*verdict.split, arm, units));
  }
  Conclude(verdict);
  return verdict;
}

Result<Json> AbTestEvidence(LiveStore& store, const AbTest& test, Time now) {
  std::map<std::string, Tally> tallies;
  std::int64_t looked_at = 0;
  const auto take = [&](const JoinedPrediction& row) {
    tallies[row.prediction.version].Take(row);
    return ++looked_at < kLookedAt;
  };
  HONE_RETURN_IF_ERROR(store.joined.VisitNewest(test.model, test.started, kAfterAll, take, false));
  Json json{{"id", test.id.ToString()}, {"started", FormatTime(test.started)}, {"looked_at", looked_at}};
  Json& arms = json["arms"] = Json::array();
  for (const AbArm& arm : test.arms) arms.push_back(AnsweredJson(arm, tallies[arm.version]));
  HONE_ASSIGN_OR_RETURN(const AbTestVerdict verdict, JudgeAbTest(store, test, now));
  AddVerdict(verdict, json);
  return json;
}

}  // namespace hone
