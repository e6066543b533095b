#include "hone/commands.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace hone {

int Fail(const Error& error) {
  std::fprintf(stderr, "hone: %s\n", error.ToString().c_str());
  return error.code == ErrorCode::kInvalidArgument ? 2 : 1;
}

int ExitCodeOf(const Status& status) { return status.ok() ? 0 : Fail(status.error()); }

int FinishOutput(int exit_code) {
  errno = 0;
  const bool flushed = std::fflush(stdout) == 0;
  if (flushed && std::ferror(stdout) == 0) return exit_code;
  std::fprintf(stderr, "hone: stdout: cannot be written%s%s; the output is not complete\n", errno == 0 ? "" : ": ",
               errno == 0 ? "" : std::strerror(errno));
  return exit_code == 0 ? 1 : exit_code;
}

}  // namespace hone
