// Files: bounded reads, writes that are either whole or absent, and the lock that makes one process owner of a folder.
// Every error names the path.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hone {

// The whole file. kNotFound when it does not exist, kInvalidData when it is a folder or larger than `max_bytes`.
Result<std::string> ReadFile(const std::filesystem::path& path, std::size_t max_bytes);

// Replaces or creates `path`: a temporary file beside it is written, synced, renamed over it, and the folder synced.
// After success the bytes survive a power cut; after any failure the old file is as it was. kResourceExhausted when
// the disk is full.
Status WriteFileAtomically(const std::filesystem::path& path, std::string_view bytes);

// Creates the folder and its parents where missing.
Status EnsureFolder(const std::filesystem::path& path);

// Makes renames, creations and removals in the folder durable.
Status SyncFolder(const std::filesystem::path& path);

// An exclusive advisory lock (flock) on a file, held until destruction or the death of the process. The file stays.
class FileLock {
 public:
  // Creates `path` where missing. kConflict, at once, when another process (or another FileLock) holds it.
  static Result<FileLock> Acquire(const std::filesystem::path& path);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace hone
