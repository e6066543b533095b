#include "wire/socket_poll.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>

#include "base/log.h"

namespace hone::http_internal {
namespace {

epoll_event AllOf(SocketPoll::Watcher* watcher) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = watcher;
  return event;
}

}  // namespace

SocketPoll::~SocketPoll() {
  if (handle_ >= 0) ::close(handle_);
}

boost::system::error_code SocketPoll::Open() {
  handle_ = ::epoll_create1(EPOLL_CLOEXEC);
  if (handle_ >= 0) return {};
  return {errno, boost::system::system_category()};
}

bool SocketPoll::Add(int socket, Watcher* watcher) {
  epoll_event event = AllOf(watcher);
  return ::epoll_ctl(handle_, EPOLL_CTL_ADD, socket, &event) == 0;
}

void SocketPoll::TellAgain(int socket, Watcher* watcher) {
  epoll_event event = AllOf(watcher);
  ::epoll_ctl(handle_, EPOLL_CTL_MOD, socket, &event);
}

void SocketPoll::Remove(int socket) { ::epoll_ctl(handle_, EPOLL_CTL_DEL, socket, nullptr); }

void SocketPoll::Visit() {
  std::array<epoll_event, kMostTold> events;
  const int count = ::epoll_wait(handle_, events.data(), kMostTold, 0);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const bool ended = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    // The others have been told already as far as the kernel knows.
    try {
      static_cast<Watcher*>(event.data.ptr)
          ->OnReady({.readable = ended || (event.events & EPOLLIN) != 0,
                     .writable = (event.events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0,
                     .ended = ended});
    } catch (const std::exception& exception) {
      LogError("a connection threw", {{"what", exception.what()}});
    }
  }
}

}  // namespace hone::http_internal
