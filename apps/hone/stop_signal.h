// Waits for SIGINT, SIGTERM or SIGHUP.
#pragma once

#include <signal.h>

namespace hone {

// One at a time, made before the threads of the process. While it lives the three signals end Wait instead of the
// process, and SIGPIPE is ignored, also after it. A child keeps signals blocked over exec unless it unblocks them.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // Returns once one of them has come, at once if it came before: which.
  int Wait();

 private:
  sigset_t signals_, before_;
};

}  // namespace hone
