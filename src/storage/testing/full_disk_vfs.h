// Tests only: an SQLite VFS over the default one that answers SQLITE_FULL once a number of bytes has been written, as a
// full disk does. Registered while the object lives; one at a time in a process.
//   FullDiskVfs disk;
//   auto database = Database::Open(path, {.vfs = disk.name()});
//   disk.Allow(4096);   // the next 4 KiB fit, then the disk is full
#pragma once

#include <cstdint>
#include <string>

namespace hone {

class FullDiskVfs {
 public:
  FullDiskVfs();
  ~FullDiskVfs();
  FullDiskVfs(const FullDiskVfs&) = delete;
  FullDiskVfs& operator=(const FullDiskVfs&) = delete;

  std::string name() const;
  // Bytes that may still be written from now on; negative for no limit (the default).
  void Allow(std::int64_t bytes);
  // Writes refused so far.
  std::int64_t refused() const;
  // Files opened so far for what a statement or savepoint would take back.
  std::int64_t take_back_files() const;
};

}  // namespace hone
