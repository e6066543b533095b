#include "engine/access_token_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/edit_distance.h"
#include "base/sha256.h"

namespace hone {
namespace {

bool IsTokenName(std::string_view name) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789_-";
  return !name.empty() && name.size() <= 64 && name.find_first_not_of(kLetters) == name.npos;
}

Status Check(const AccessToken& token) {
  if (!IsTokenName(token.name)) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("a token's name must be 1 to 64 of a-z, 0-9, _ and -, is '{}'", token.name)};
  }
  if (token.role == AccessRole::kNone) return Error{ErrorCode::kInvalidArgument, "a token needs a role"};
  if (!IsSha256Hex(token.hash)) return Error{ErrorCode::kInvalidArgument, "a token's hash must be a SHA-256"};
  return OkStatus();
}

}  // namespace

Status AccessTokenStore::Add(const AccessToken& token) {
  HONE_RETURN_IF_ERROR(Check(token));
  HONE_ASSIGN_OR_RETURN(const std::vector<AccessToken> all, List());
  if (std::ranges::any_of(all, [&](const AccessToken& other) { return other.name == token.name; })) {
    return Error{ErrorCode::kConflict, fmt::format("there is a token {} already", token.name), database_->path()};
  }
  HONE_ASSIGN_OR_RETURN(
      Statement insert,
      database_->Prepare("INSERT INTO access_tokens (name, role, hash, created) VALUES (?, ?, ?, ?)"));
  return insert.Run(token.name, std::string_view(AccessRoleName(token.role)), token.hash, token.created);
}

Status AccessTokenStore::Revoke(const std::string& name) {
  HONE_ASSIGN_OR_RETURN(const std::vector<AccessToken> all, List());
  HONE_ASSIGN_OR_RETURN(Statement remove, database_->Prepare("DELETE FROM access_tokens WHERE name = ?"));
  HONE_RETURN_IF_ERROR(remove.Run(name));
  if (database_->changes() > 0) return OkStatus();
  std::vector<std::string> names;
  for (const AccessToken& token : all) names.push_back(token.name);
  return Error{ErrorCode::kNotFound, fmt::format("there is no token {}{}", name, DidYouMean(name, names)),
               database_->path()};
}

Result<std::vector<AccessToken>> AccessTokenStore::List() {
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare("SELECT name, role, hash, created FROM access_tokens ORDER BY name"));
  std::vector<AccessToken> tokens;
  for (;;) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return tokens;
    HONE_ASSIGN_OR_RETURN(const AccessRole role, ParseAccessRole(select.Text(1)));
    tokens.push_back({select.Text(0), role, select.Text(2), select.Int(3)});
  }
}

Result<AccessRole> ParseAccessRole(std::string_view name) {
  for (const AccessRole role : {AccessRole::kRead, AccessRole::kPredict, AccessRole::kOperate}) {
    if (name == AccessRoleName(role)) return role;
  }
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("must be read, predict or operate, is \"{}\"", name.substr(0, 64)), "", 0, "role"};
}

}  // namespace hone
