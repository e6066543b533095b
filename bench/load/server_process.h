// A server that a benchmark starts as a process of its own, on cores of its own.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace hone::bench {

// The cores this process may use, in increasing order. Never empty.
std::vector<int> UsableCores();
// This thread, and the processes it starts, stay on `core`.
void StayOn(int core);
// A TCP port of loopback that nobody listens on now; 0 where there is none.
int FreePort();

class ServerProcess {
 public:
  struct Command {
    std::vector<std::string> words;        // the program, searched in PATH where it has no '/', and its arguments
    std::vector<std::string> environment;  // NAME=VALUE, added to this process's own
    std::filesystem::path log;             // gets what it prints
    int core = 0;
  };
  explicit ServerProcess(const Command& command);
  // Asks it to end, and waits until it has.
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // Returns when the server takes connections on `port`. kUnavailable, with the end of its log, when it has ended or 60
  // seconds have passed.
  Status Await(int port);

 private:
  bool HasEnded();

  std::filesystem::path log_;
  pid_t child_ = -1;
};

}  // namespace hone::bench
