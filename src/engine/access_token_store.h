// The bearer tokens that callers may show. Table: access_tokens. Of a secret only its SHA-256 is kept.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "records/access_token.h"
#include "storage/database.h"

namespace hone {

// Single-threaded, as its connection. Another process may write while a server reads.
class AccessTokenStore {
 public:
  explicit AccessTokenStore(Database& database) : database_(&database) {}

  // kInvalidArgument for a name, role or hash that is none; kConflict when the name is taken.
  Status Add(const AccessToken& token);
  // kNotFound names the nearest.
  Status Revoke(const std::string& name);
  // By name.
  Result<std::vector<AccessToken>> List();

 private:
  Database* database_;
};

// "read", "predict", "operate"; kInvalidArgument for anything else.
Result<AccessRole> ParseAccessRole(std::string_view name);

}  // namespace hone
