#include "recovery/small_disk.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace hone {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kRoom = 64 << 20;
constexpr std::int64_t kLeastLimit = 16 << 10;

bool WriteText(const char* path, const std::string& text) {
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(file);
  return written;
}

// Mounts of its own for this process; one that is not root becomes root of a user namespace first.
bool HasOwnMounts() {
  static const bool own = [] {
    const uid_t user = getuid();
    const gid_t group = getgid();
    if (unshare(CLONE_NEWNS) != 0) {
      if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
      WriteText("/proc/self/setgroups", "deny");
      if (!WriteText("/proc/self/uid_map", "0 " + std::to_string(user) + " 1")) return false;
      if (!WriteText("/proc/self/gid_map", "0 " + std::to_string(group) + " 1")) return false;
    }
    return mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  }();
  return own;
}

std::string SizeOption(std::int64_t bytes) { return "size=" + std::to_string(bytes); }

bool MountAt(const fs::path& folder) {
  return HasOwnMounts() && mount("tmpfs", folder.c_str(), "tmpfs", 0, SizeOption(kRoom).c_str()) == 0;
}

std::int64_t LargestFile(const fs::path& folder) {
  std::int64_t largest = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) largest = std::max(largest, static_cast<std::int64_t>(entry.file_size()));
  }
  return largest;
}

std::int64_t BytesUsed(const fs::path& folder) {
  struct statvfs about {};
  if (statvfs(folder.c_str(), &about) != 0) std::abort();
  return static_cast<std::int64_t>((about.f_blocks - about.f_bfree) * about.f_frsize);
}

}  // namespace

SmallDisk::SmallDisk(Kind wanted) : kind_(wanted) {
  signal(SIGXFSZ, SIG_IGN);  // the test itself writes under the limit too
  if (wanted == Kind::kMounted && !MountAt(folder_.path())) {
    std::printf("no tmpfs can be mounted here: files are limited instead\n");
    kind_ = Kind::kLimited;
  }
}

SmallDisk::~SmallDisk() {
  MakeRoom();
  if (kind_ == Kind::kMounted) umount2(folder_.path().c_str(), MNT_DETACH);
}

void SmallDisk::LeaveRoom(std::int64_t bytes, pid_t running) {
  if (kind_ == Kind::kMounted) {
    Remount(BytesUsed(folder_.path()) + bytes);
  } else {
    SetLimit((running > 0 ? LargestFile(folder_.path()) : 0) + std::max(bytes, kLeastLimit), running);
  }
}

void SmallDisk::MakeRoom(pid_t running) {
  if (kind_ == Kind::kMounted) {
    Remount(kRoom);
  } else {
    SetLimit(-1, running);
  }
}

void SmallDisk::Remount(std::int64_t bytes) const {
  if (mount("tmpfs", folder_.path().c_str(), "tmpfs", MS_REMOUNT, SizeOption(bytes).c_str()) != 0) std::abort();
}

// Negative: none.
void SmallDisk::SetLimit(std::int64_t bytes, pid_t running) const {
  rlimit limit{};
  if (getrlimit(RLIMIT_FSIZE, &limit) != 0) std::abort();
  limit.rlim_cur = bytes < 0 ? limit.rlim_max : static_cast<rlim_t>(bytes);
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) std::abort();
  if (running > 0 && prlimit(running, RLIMIT_FSIZE, &limit, nullptr) != 0) std::abort();
}

}  // namespace hone
