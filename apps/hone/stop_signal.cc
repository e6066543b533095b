#include "hone/stop_signal.h"

#include <cerrno>
#include <cstdlib>

namespace hone {

StopSignal::StopSignal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  // Blocked, they wait for Wait; threads begun from now on inherit that, so none of them is interrupted.
  if (pthread_sigmask(SIG_BLOCK, &signals, &before_) != 0) std::abort();
  signals_ = signals;
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
}

StopSignal::~StopSignal() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

int StopSignal::Wait() {
  int signal = 0;
  while (sigwait(&signals_, &signal) == EINTR) {
  }
  return signal;
}

}  // namespace hone
