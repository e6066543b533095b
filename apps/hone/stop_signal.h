// Waits for SIGINT or SIGTERM.
#pragma once

namespace hone {

// One at a time. While it lives the two signals end Wait instead of the process, and SIGPIPE is ignored; children
// started by exec get the default dispositions of the two back.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // Returns once one of them has come.
  void Wait();

 private:
  int pipe_[2];
};

}  // namespace hone
