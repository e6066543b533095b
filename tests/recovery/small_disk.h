// A disk that is full when the test says so: a tmpfs mounted for this process and its children alone, where the machine
// lets it; else a folder in which files may not grow beyond a limit (RLIMIT_FSIZE), which fails writes like a disk
// quota.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "storage/testing/temporary_folder.h"

namespace hone {

class SmallDisk {
 public:
  enum class Kind { kMounted, kLimited };

  // Limits where `wanted` cannot be had. There is room for 64 MiB.
  explicit SmallDisk(Kind wanted);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  Kind kind() const { return kind_; }
  std::string operator/(const std::string& name) const { return (folder_ / name).string(); }

  // From now on `bytes` more can be written in all. Or, where files are limited, to the largest file by `running`, and
  // to each file from its beginning by children begun afterwards; at least 16 KiB, so that errors can still be told.
  void LeaveRoom(std::int64_t bytes, pid_t running = 0);
  // Space is made again.
  void MakeRoom(pid_t running = 0);

 private:
  void SetLimit(std::int64_t bytes, pid_t running) const;
  void Remount(std::int64_t bytes) const;

  TemporaryFolder folder_;
  Kind kind_;
};

}  // namespace hone
