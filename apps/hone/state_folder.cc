#include "hone/state_folder.h"

#include <filesystem>

namespace hone {

Result<FileLock> LockFolder(const std::string& directory, const std::string& instead) {
  HONE_RETURN_IF_ERROR(EnsureFolder(directory));
  Result<FileLock> lock = FileLock::Acquire(std::filesystem::path(directory) / "lock");
  if (!lock.ok() && lock.error().code == ErrorCode::kConflict) {
    return Error{ErrorCode::kConflict, "a running hone has this folder; " + instead, directory};
  }
  return lock;
}

Result<std::unique_ptr<LiveStore>> OpenForReading(const std::string& directory) {
  Result<std::unique_ptr<LiveStore>> store = LiveStore::Open(directory, true);
  if (!store.ok() && store.error().code == ErrorCode::kNotFound) {
    return Error{ErrorCode::kNotFound, "there is no hone.db here; `hone train --data FILE --dir DIR` makes one",
                 directory};
  }
  return store;
}

Result<std::unique_ptr<LiveStore>> OpenBesideServer(const std::string& directory) {
  const Result<FileLock> lock = LockFolder(directory, "");
  if (!lock.ok()) {
    if (lock.error().code != ErrorCode::kConflict) return lock.error();
    HONE_RETURN_IF_ERROR(LiveStore::Open(directory, true));  // nothing is to be migrated
  }
  return LiveStore::Open(directory);
}

Result<std::string> OwnProgram() {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return Error{ErrorCode::kInternal, "cannot tell where this program lies: " + error.message()};
  return path.string();
}

}  // namespace hone
