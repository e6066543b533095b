#include "wire/plain_socket.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace hone::http_internal {
namespace {

bool IsPassing(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

PlainSocket::PlainSocket(PlainSocket&& other) noexcept
    : handle_(std::exchange(other.handle_, -1)),
      poll_(std::exchange(other.poll_, nullptr)),
      watcher_(other.watcher_),
      emptied_(other.emptied_),
      ended_(other.ended_),
      failed_(other.failed_) {}

bool PlainSocket::Watch(SocketPoll& poll, SocketPoll::Watcher* watcher) {
  if (!poll.Add(handle_, watcher)) return false;
  poll_ = &poll;
  watcher_ = watcher;
  emptied_ = true;
  return true;
}

void PlainSocket::Note(SocketPoll::Ready ready) {
  if (ready.readable) emptied_ = false;
  if (ready.ended) ended_ = true;
}

void PlainSocket::AwaitReadable() {
  if (!emptied_) poll_->TellAgain(handle_, watcher_);
}

// An end is told only once, with the bytes before it: it is looked for until it is found.
PlainSocket::Received PlainSocket::Receive(std::span<char> room) {
  const ssize_t got = ::recv(handle_, room.data(), room.size(), 0);
  if (got > 0) {
    const auto bytes = static_cast<std::size_t>(got);
    emptied_ = bytes < room.size() && !ended_;
    return {.bytes = bytes};
  }
  if (got == 0 || !IsPassing(errno)) return {.ended = true};
  emptied_ = errno != EINTR;
  return {};
}

std::size_t PlainSocket::Send(std::span<const char> bytes) {
  const ssize_t sent = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  const int error = errno;
  failed_ = !IsPassing(error);
  if (poll_ != nullptr && (failed_ || error == EINTR)) poll_->TellAgain(handle_, watcher_);
  return 0;
}

bool PlainSocket::EndSending() { return ::shutdown(handle_, SHUT_WR) == 0; }

void PlainSocket::Close() {
  if (const int handle = Release(); handle >= 0) ::close(handle);
}

// A file that a child process still has open would be told of even when it is closed here.
void PlainSocket::Unwatch() {
  if (const auto poll = std::exchange(poll_, nullptr)) poll->Remove(handle_);
}

int PlainSocket::Release() {
  Unwatch();
  return std::exchange(handle_, -1);
}

}  // namespace hone::http_internal
