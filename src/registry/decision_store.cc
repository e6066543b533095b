#include "registry/decision_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace hone {
namespace {

constexpr std::array kKinds = {
    DecisionKind::kActivate,       DecisionKind::kRetrain,          DecisionKind::kReject,
    DecisionKind::kShadow,         DecisionKind::kAdvance,          DecisionKind::kPromote,
    DecisionKind::kRollBack,       DecisionKind::kGrantLicence,     DecisionKind::kWithdrawLicence,
    DecisionKind::kFreeze,         DecisionKind::kStartAbTest,      DecisionKind::kEndAbTest,
    DecisionKind::kPause,          DecisionKind::kResume,           DecisionKind::kAbort,
    DecisionKind::kFreezeRollouts, DecisionKind::kUnfreezeRollouts, DecisionKind::kAlert};

constexpr std::string_view kDecisionColumns = "id, time, kind, model, version, reason, evidence";

Result<Decision> ReadDecision(const Statement& row, const std::string& path) {
  Decision decision;
  decision.id = row.IdAt(0);
  decision.time = row.Int(1);
  const auto kind = ParseDecisionKind(row.Bytes(2));
  if (!kind.ok()) return Error{ErrorCode::kCorrupt, kind.error().message, path, 0, "decisions.kind"};
  decision.kind = *kind;
  decision.model = row.Text(3);
  decision.version = row.Text(4);
  decision.reason = row.Text(5);
  decision.evidence = row.Text(6);
  return decision;
}

}  // namespace

Result<DecisionKind> ParseDecisionKind(std::string_view name) {
  for (const DecisionKind kind : kKinds) {
    if (name == DecisionKindName(kind)) return kind;
  }
  return Error{ErrorCode::kInvalidArgument, fmt::format("there is no decision of kind \"{}\"", name.substr(0, 64)), "",
               0, "kind"};
}

Status DecisionStore::Append(const Decision& decision) {
  if (!nlohmann::json::parse(decision.evidence, nullptr, false).is_object()) {
    return Error{ErrorCode::kInvalidArgument, "a decision's evidence must be a JSON object", database_->path(), 0,
                 "evidence"};
  }
  HONE_ASSIGN_OR_RETURN(
      Statement insert,
      database_->Prepare(fmt::format("INSERT INTO decisions ({}) VALUES (?, ?, ?, ?, ?, ?, ?)", kDecisionColumns)));
  return insert.Run(decision.id, decision.time, DecisionKindName(decision.kind), decision.model, decision.version,
                    decision.reason, decision.evidence);
}

Result<std::optional<Decision>> DecisionStore::Find(const Id& id) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare(fmt::format("SELECT {} FROM decisions WHERE id = ?", kDecisionColumns)));
  select.BindAll(id);
  HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
  if (!row) return std::optional<Decision>();
  HONE_ASSIGN_OR_RETURN(Decision decision, ReadDecision(select, database_->path()));
  return std::optional(std::move(decision));
}

Result<std::vector<Decision>> DecisionStore::List(const DecisionQuery& query) {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare(fmt::format(
                            "SELECT {} FROM decisions WHERE (?1 = '' OR model = ?1) AND (?2 = '' OR kind = ?2) "
                            "AND (?3 IS NULL OR id < ?3) ORDER BY id DESC LIMIT ?4",
                            kDecisionColumns)));
  select.BindAll(query.model, query.kind ? DecisionKindName(*query.kind) : "");
  if (query.before) select.Bind(3, *query.before);
  select.Bind(4, query.limit);
  std::vector<Decision> decisions;
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) break;
    HONE_ASSIGN_OR_RETURN(Decision decision, ReadDecision(select, database_->path()));
    decisions.push_back(std::move(decision));
  }
  std::reverse(decisions.begin(), decisions.end());
  return decisions;
}

}  // namespace hone
