// SQLite result codes as hone's errors. Internal to storage.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;

namespace hone {

// "cannot <act>: <what SQLite says>; <what would help>", with the connection's path as the source.
Error SqliteError(sqlite3* connection, int code, std::string_view act, const std::string& path);

}  // namespace hone
