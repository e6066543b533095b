#include "hone/output_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace hone {

OutputFile::OutputFile(std::FILE* stream, std::string path, std::string written)
    : stream_(stream), path_(std::move(path)), written_(std::move(written)) {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : stream_(std::exchange(other.stream_, nullptr)),
      path_(std::move(other.path_)),
      written_(std::exchange(other.written_, "")),
      failure_(other.failure_) {}

OutputFile::~OutputFile() {
  if (stream_ != nullptr && stream_ != stdout) std::fclose(stream_);
  if (!written_.empty()) ::unlink(written_.c_str());
}

Result<OutputFile> OutputFile::Open(const std::string& path) {
  if (path.empty()) return OutputFile(stdout, "", "");
  std::error_code ignored;
  const auto kind = std::filesystem::status(path, ignored).type();
  const bool whole = kind == std::filesystem::file_type::regular || kind == std::filesystem::file_type::not_found;
  const std::string written = whole ? path + "." + std::to_string(::getpid()) + ".tmp" : path;
  std::FILE* const stream = std::fopen(written.c_str(), "wb");
  const int failure = errno;
  OutputFile file(stream, path, whole && stream != nullptr ? written : "");
  if (stream == nullptr) return file.Failure(failure);
  return file;
}

Error OutputFile::Failure(int code) const {
  return {code == ENOSPC ? ErrorCode::kResourceExhausted : ErrorCode::kInternal,
          std::string("cannot be written: ") + std::strerror(code), path_};
}

bool OutputFile::is_terminal() const { return ::isatty(::fileno(stream_)) != 0; }

bool OutputFile::Write(std::string_view bytes) {
  if (path_.empty()) {
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
    return true;
  }
  if (failure_ == 0 && std::fwrite(bytes.data(), 1, bytes.size(), stream_) != bytes.size()) failure_ = errno;
  return failure_ == 0;
}

Status OutputFile::status() const { return failure_ == 0 ? OkStatus() : Status(Failure(failure_)); }

Status OutputFile::Finish() {
  if (path_.empty()) return OkStatus();
  if (failure_ == 0 && std::fflush(stream_) != 0) failure_ = errno;
  if (failure_ == 0 && !written_.empty() && ::fsync(::fileno(stream_)) != 0) failure_ = errno;
  if (failure_ == 0 && !written_.empty() && std::rename(written_.c_str(), path_.c_str()) != 0) failure_ = errno;
  if (failure_ == 0) written_.clear();
  return status();
}

}  // namespace hone
