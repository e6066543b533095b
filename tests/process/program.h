// The program `hone` as a child process.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/time.h"

namespace hone {

struct Finished {
  int exit_code = -1;  // 128 + signal when one ended it
  std::string output, errors;
};

// Runs `hone arguments...` to its end, at most a minute. `output`: where stdout goes instead of into Finished.
Finished RunHone(const std::vector<std::string>& arguments, const std::string& output = "");

// `hone arguments...` while it runs. Killed by the destructor.
class RunningHone {
 public:
  // `output`: where stdout goes instead of into Finished.
  explicit RunningHone(const std::vector<std::string>& arguments, const std::string& output = "");
  ~RunningHone();
  RunningHone(const RunningHone&) = delete;
  RunningHone& operator=(const RunningHone&) = delete;

  // Waits at most `limit` for its end; exit_code is -1 while it still runs.
  Finished Await(Duration limit);
  // SIGKILL; what it had written until then. Its exit code where it had ended before.
  Finished Kill();

 private:
  Finished Told(int exit_code) const;

  std::string output_file_, errors_file_;
  pid_t child_ = -1;
  int exit_code_ = -1;
};

// `hone serve` on a free port. Killed by the destructor.
class ServingHone {
 public:
  // Starts it and waits until it is ready or has ended; see running(). `certificate`: of one that speaks TLS.
  explicit ServingHone(const std::string& folder, const std::vector<std::string>& more = {},
                       const std::string& certificate = "");
  ~ServingHone();
  ServingHone(const ServingHone&) = delete;
  ServingHone& operator=(const ServingHone&) = delete;

  bool running() const { return child_ > 0; }
  int port() const { return port_; }
  pid_t process() const { return child_; }
  // What it wrote to stderr so far.
  std::string errors() const;
  // Sends the signal and waits at most `limit`; the exit code, or -1 when it still runs.
  int End(int signal, Duration limit);

 private:
  bool Ready();

  std::string errors_file_, certificate_;
  pid_t child_ = -1;
  int port_ = 0;
};

}  // namespace hone
