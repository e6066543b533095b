// Where a command's rows go: stdout, or a file that appears when it is whole.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hone {

class OutputFile {
 public:
  // "" is stdout. A file is written beside `path` and takes its place in Finish; a device or a pipe is written as it
  // is.
  static Result<OutputFile> Open(const std::string& path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  // What is not finished is removed.
  ~OutputFile();

  bool is_terminal() const;
  // False when the bytes cannot be written; `status` then says why. Of stdout FinishOutput says so (commands.h).
  bool Write(std::string_view bytes);
  Status status() const;
  Status Finish();

 private:
  OutputFile(std::FILE* stream, std::string path, std::string written);
  Error Failure(int code) const;

  std::FILE* stream_;
  std::string path_;     // "" is stdout
  std::string written_;  // the file that takes bytes until Finish; "" where it is `path_` itself
  int failure_ = 0;      // errno of the first
};

}  // namespace hone
