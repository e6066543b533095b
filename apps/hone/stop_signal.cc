#include "hone/stop_signal.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace hone {
namespace {

volatile sig_atomic_t wake_descriptor = -1;

extern "C" void OnStopSignal(int) {
  const int saved = errno;
  const char byte = 0;
  [[maybe_unused]] const ssize_t written = write(static_cast<int>(wake_descriptor), &byte, 1);
  errno = saved;
}

void SetHandler(int signal, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigaction(signal, &action, nullptr);
}

}  // namespace

StopSignal::StopSignal() {
  if (pipe2(pipe_, O_CLOEXEC | O_NONBLOCK) != 0) std::abort();
  fcntl(pipe_[0], F_SETFL, 0);
  wake_descriptor = pipe_[1];
  SetHandler(SIGINT, OnStopSignal);
  SetHandler(SIGTERM, OnStopSignal);
  SetHandler(SIGPIPE, SIG_IGN);
}

StopSignal::~StopSignal() {
  SetHandler(SIGINT, SIG_DFL);
  SetHandler(SIGTERM, SIG_DFL);
  close(pipe_[0]);
  close(pipe_[1]);
}

void StopSignal::Wait() {
  char byte = 0;
  while (read(pipe_[0], &byte, 1) < 0 && errno == EINTR) {
  }
}

}  // namespace hone
