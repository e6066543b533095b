// A TCP connection whose bytes are moved by plain system calls, as its SocketPoll tells. Internal to the server.
#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include "wire/socket_poll.h"

namespace hone::http_internal {

// On its loop's thread. Nothing blocks.
class PlainSocket {
 public:
  // `handle`: a socket that does not block, closed by the destructor; -1 for none.
  explicit PlainSocket(int handle = -1) : handle_(handle) {}
  PlainSocket(PlainSocket&& other) noexcept;
  PlainSocket& operator=(PlainSocket&& other) = delete;
  ~PlainSocket() { Close(); }

  // `watcher` is told of it by `poll` until it is closed or released. False where the system has no room for that.
  bool Watch(SocketPoll& poll, SocketPoll::Watcher* watcher);
  // What the watcher was told; to be called first.
  void Note(SocketPoll::Ready ready);
  // The watcher will be told that there is something to receive, in a later visit, also of what it had no use for when
  // it was told.
  void AwaitReadable();

  struct Received {
    std::size_t bytes = 0;
    bool ended = false;  // nothing comes any more
  };
  // What is there, perhaps nothing.
  Received Receive(std::span<char> room);
  // Sends what goes at once; how many bytes. The watcher will be told when more may go, or none any more.
  std::size_t Send(std::span<const char> bytes);
  // Sending has failed: none of the rest will go.
  bool failed() const { return failed_; }
  // Nothing is sent any more; false where the connection is gone.
  bool EndSending();

  void Close();
  // Hands the socket out, no longer watched.
  int Release();

 private:
  void Unwatch();

  int handle_;
  SocketPoll* poll_ = nullptr;
  SocketPoll::Watcher* watcher_ = nullptr;
  bool emptied_ = false;  // what comes next will be told
  bool ended_ = false;
  bool failed_ = false;
};

}  // namespace hone::http_internal
