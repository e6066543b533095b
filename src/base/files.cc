#include "base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

namespace hone {
namespace {

namespace fs = std::filesystem;

Error SystemError(const fs::path& path, const char* act, int number) {
  ErrorCode code = ErrorCode::kInternal;
  if (number == ENOENT || number == ENOTDIR) code = ErrorCode::kNotFound;
  if (number == ENOSPC || number == EDQUOT || number == EFBIG) code = ErrorCode::kResourceExhausted;
  const char* hint = code == ErrorCode::kResourceExhausted ? "; free some space and try again" : "";
  return {code, fmt::format("cannot {}: {}{}", act, std::strerror(number), hint), path.string(), 0, ""};
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }
  bool ok() const { return number_ >= 0; }

 private:
  int number_;
};

Status WriteAll(int descriptor, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError(path, "write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor) != 0) return SystemError(path, "sync", errno);
  return OkStatus();
}

Status WriteNewFile(const fs::path& path, std::string_view bytes) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!file.ok()) return SystemError(path, "create", errno);
  return WriteAll(file.get(), bytes, path);
}

fs::path TemporaryBeside(const fs::path& path) {
  static std::atomic<unsigned> counter{0};
  fs::path temporary = path;
  temporary += fmt::format(".{}.{}.tmp", ::getpid(), counter++);
  return temporary;
}

fs::path FolderOf(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

}  // namespace

Result<std::string> ReadFile(const fs::path& path, std::size_t max_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.ok()) return SystemError(path, "open", errno);
  std::string bytes;
  char chunk[1 << 16];
  while (true) {
    const ssize_t count = ::read(file.get(), chunk, sizeof chunk);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EISDIR)
      return Error{ErrorCode::kInvalidData, "is a folder, must be a file", path.string(), 0, ""};
    if (count < 0) return SystemError(path, "read", errno);
    if (count == 0) return bytes;
    bytes.append(chunk, static_cast<std::size_t>(count));
    if (bytes.size() > max_bytes) {
      return Error{ErrorCode::kInvalidData, fmt::format("must be at most {} bytes, is larger", max_bytes),
                   path.string(), 0, ""};
    }
  }
}

Status WriteFileAtomically(const fs::path& path, std::string_view bytes) {
  const fs::path temporary = TemporaryBeside(path);
  if (auto status = WriteNewFile(temporary, bytes); !status.ok()) {
    ::unlink(temporary.c_str());
    return status;
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const int number = errno;
    ::unlink(temporary.c_str());
    return SystemError(path, "replace", number);
  }
  return SyncFolder(FolderOf(path));
}

Status EnsureFolder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return SystemError(path, "create the folder", error.value());
  if (!fs::is_directory(path, error)) {
    return Error{ErrorCode::kInvalidArgument, "must be a folder, is a file", path.string(), 0, ""};
  }
  return OkStatus();
}

Status SyncFolder(const fs::path& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.ok()) return SystemError(path, "open the folder", errno);
  if (::fsync(folder.get()) != 0) return SystemError(path, "sync the folder", errno);
  return OkStatus();
}

Result<FileLock> FileLock::Acquire(const fs::path& path) {
  FileLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (lock.descriptor_ < 0) return SystemError(path, "open the lock", errno);
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return SystemError(path, "lock", errno);
  return Error{ErrorCode::kConflict, "another hone process is using this folder; stop it, or choose another --dir",
               path.string(), 0, ""};
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace hone
