#include "engine/split_book.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

// The rounds of a test whose shares change have its level together: the r-th 1 / (r (r + 1)) of it.
double LevelOf(const SplitIdentity& split) {
  const double round = 1 - split.step;
  return split.one_of_many ? 1 / (round * (round + 1)) : 1;
}

SplitTerms TermsOf(const RolloutPolicy& policy, const SplitIdentity& split) {
  SplitTerms terms;
  for (const AbArm& arm : split.arms) terms.shares.push_back(arm.share);
  terms.mismatch_alpha = policy.mismatch_alpha * LevelOf(split);
  terms.guard_alpha = policy.alpha * LevelOf(split);
  terms.error_margin = policy.error_margin;
  terms.latency_budget = static_cast<Duration>(policy.latency_budget_ms * kMillisecond);
  terms.latency_margin = policy.latency_margin;
  return terms;
}

Json ArmJson(const SplitRecord& record, std::size_t arm) {
  const SplitWatch& watch = record.watch;
  const std::size_t challenger = std::max<std::size_t>(arm, 1);  // the champion stands in every challenger's guard
  const ShareExcess& errors = watch.guard(Guardrail::kErrors, challenger);
  const ShareExcess& latency = watch.guard(Guardrail::kLatency, challenger);
  return {{"version", record.identity.arms[arm].version},
          {"share", record.identity.arms[arm].share},
          {"requests", watch.requests(arm)},
          {"units", watch.units().count(arm)},
          {"failed", errors.happened(arm != 0)},
          {"timed", latency.units(arm != 0)},
          {"late", latency.happened(arm != 0)}};
}

Json MismatchJson(const SplitWatch& watch) {
  return {{"proven", watch.mismatch()},
          {"p_value", watch.units().p_value()},
          {"log_e", watch.units().log_peak()},
          {"threshold", watch.mismatch_threshold()}};
}

Json GuardJsonOf(const SplitRecord& record, Guardrail guardrail, std::size_t arm) {
  const ShareExcess& guard = record.watch.guard(guardrail, arm);
  return {{"version", record.identity.arms[arm].version},
          {"guardrail", GuardrailName(guardrail)},
          {"broken", record.watch.broken(guardrail, arm)},
          {"share", guard.share(true)},
          {"champion_share", guard.share(false)},
          {"margin", guard.margin()},
          {"log_e", guard.log_peak()},
          {"threshold", record.watch.guard_threshold()}};
}

Json JsonOf(const SplitRecord& record) {
  Json arms = Json::array(), guardrails = Json::array();
  for (std::size_t arm = 0; arm < record.watch.arms(); ++arm) arms.push_back(ArmJson(record, arm));
  for (std::size_t arm = 1; arm < record.watch.arms(); ++arm) {
    for (const Guardrail guardrail : {Guardrail::kErrors, Guardrail::kLatency}) {
      guardrails.push_back(GuardJsonOf(record, guardrail, arm));
    }
  }
  const int step = record.identity.step;
  Json json{{"split", record.identity.experiment}, {"step", std::max(step, 0)}, {"round", std::max(-step, 0)}};
  json["started"] = FormatTime(record.started);
  json["ended"] = record.ended ? Json(FormatTime(*record.ended)) : Json();
  json["arms"] = std::move(arms);
  json["mismatch"] = MismatchJson(record.watch);
  json["latency_budget_ms"] = static_cast<double>(record.watch.terms().latency_budget) / kMillisecond;
  json["guardrails"] = std::move(guardrails);
  return json;
}

SplitFinding Mismatch(const SplitRecord& record) {
  std::string got;
  for (std::size_t arm = 0; arm < record.watch.arms(); ++arm) {
    const SequentialMultinomial& units = record.watch.units();
    got += fmt::format(
        "{}{} got {:.4g} of {:.4g}", got.empty() ? "" : ", ", record.identity.arms[arm].version,
        static_cast<double>(units.count(arm)) / static_cast<double>(std::max<std::int64_t>(units.units(), 1)),
        record.identity.arms[arm].share);
  }
  return {"mismatch", record.watch.arms() == 2 ? record.identity.arms[1].version : "", std::nullopt,
          "requests are not shared out as the split says: " + got,
          Json{{"by", "policy"}, {"split", JsonOf(record)}}.dump()};
}

SplitFinding Broken(const SplitRecord& record, Guardrail guardrail, std::size_t arm) {
  const ShareExcess& guard = record.watch.guard(guardrail, arm);
  const std::string& version = record.identity.arms[arm].version;
  const char* what = guardrail == Guardrail::kErrors ? "had no answer for" : "took longer than the budget for";
  const std::string reason = fmt::format("{} {:.3g} % of its requests, the champion {:.3g} %", what,
                                         100 * guard.share(true), 100 * guard.share(false));
  const Json evidence{{"guardrail", GuardrailName(guardrail)}, {"split", JsonOf(record)}};
  return {fmt::format("{} {}", GuardrailName(guardrail), version), version, guardrail, reason, evidence.dump()};
}

}  // namespace

Status SplitBook::Follow(const std::string& model, const std::optional<SplitIdentity>& split, Time now, int horizon,
                         Duration horizon_time) {
  const std::uint64_t tag = split ? split->tag() : 0;
  const auto found = running_.find(model);
  if (found != running_.end() && found->second.tag == tag) return OkStatus();
  HONE_RETURN_IF_ERROR(Flush());
  running_.erase(model);
  HONE_RETURN_IF_ERROR(store_->splits.EndOthers(model, tag, now));
  if (!split) return OkStatus();
  HONE_ASSIGN_OR_RETURN(std::optional<SplitRecord> record, store_->splits.Resume(*split));
  if (!record) {
    record.emplace(SplitRecord{*split,
                               now,
                               std::nullopt,
                               {policy_.alpha, policy_.minimum_outcomes, horizon, horizon_time},
                               SplitWatch(TermsOf(policy_, *split)),
                               {}});
    HONE_RETURN_IF_ERROR(store_->splits.Save(*record));
  }
  record->identity.one_of_many = split->one_of_many;
  HONE_ASSIGN_OR_RETURN(const std::vector<SplitUnit> units, store_->splits.Units(tag));
  running_.emplace(model, Running{*std::move(record), tag, static_cast<std::int64_t>(units.size()), false});
  return OkStatus();
}

Status SplitBook::Take(const Prediction& prediction) {
  const Assignment& assignment = prediction.assignment;
  if (assignment.split == 0) return OkStatus();
  const auto found = running_.find(prediction.model);
  if (found == running_.end()) return OkStatus();
  Running& running = found->second;
  if (assignment.split != running.tag) return OkStatus();
  running.changed = true;
  const bool counts = running.record.watch.Take(assignment, prediction.latency);
  if (!counts || !assignment.answered || !running.record.identity.ab_test()) return OkStatus();
  if (running.record.identity.one_of_many || running.units >= kMostSplitUnits) return OkStatus();
  ++running.units;
  return store_->splits.AppendUnit(running.tag, {prediction.id, assignment.arm, prediction.value});
}

Status SplitBook::Flush() {
  for (auto& [model, running] : running_) {
    if (!running.changed) continue;
    HONE_RETURN_IF_ERROR(store_->splits.Save(running.record));
    running.changed = false;
  }
  return OkStatus();
}

std::vector<SplitFinding> SplitBook::TakeFindings(const std::string& model) {
  const auto found = running_.find(model);
  if (found == running_.end()) return {};
  std::vector<std::string>& told = found->second.record.told;
  std::vector<SplitFinding> findings = FindingsOf(found->second.record);
  std::erase_if(findings, [&](const SplitFinding& finding) { return std::ranges::count(told, finding.name) > 0; });
  for (const SplitFinding& finding : findings) told.push_back(finding.name);
  found->second.changed = found->second.changed || !findings.empty();
  return findings;
}

std::vector<SplitFinding> FindingsOf(const SplitRecord& record) {
  std::vector<SplitFinding> findings;
  if (record.watch.mismatch()) findings.push_back(Mismatch(record));
  for (std::size_t arm = 1; arm < record.watch.arms(); ++arm) {
    for (const Guardrail guardrail : {Guardrail::kErrors, Guardrail::kLatency}) {
      if (record.watch.broken(guardrail, arm)) findings.push_back(Broken(record, guardrail, arm));
    }
  }
  return findings;
}

std::string SplitJson(const SplitRecord& record) { return JsonOf(record).dump(); }

}  // namespace hone
