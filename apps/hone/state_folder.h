// The folder of all state, as commands beside a server meet it.
#pragma once

#include <memory>
#include <string>

#include "base/files.h"
#include "base/result.h"
#include "engine/live_store.h"

namespace hone {

inline constexpr const char* kDefaultFolder = "./hone-data";

// The folder's lock. kConflict says what else can be done when a server has it.
Result<FileLock> LockFolder(const std::string& directory, const std::string& instead);
// The store for reading; a server may go on writing.
Result<std::unique_ptr<LiveStore>> OpenForReading(const std::string& directory);
// The store for a small change, also while a server has the folder: the two writers take turns. kConflict when the
// server is of another release, whose store this program would have to change first.
Result<std::unique_ptr<LiveStore>> OpenBesideServer(const std::string& directory);
// Where the running program lies, for starting it again.
Result<std::string> OwnProgram();

}  // namespace hone
