// Which of many sockets can be read or written, by epoll(7), edge-triggered. Internal to the server.
//
// Boost.Asio asks a socket for more after each read and learns from a refused call that nothing is left. Whoever is
// told here what came need not: a read that got less than it had room for has emptied the socket, and what comes later
// is told again. Nothing is changed in the kernel from one request to the next.
#pragma once

#include <boost/system/error_code.hpp>

namespace hone::http_internal {

class SocketPoll {
 public:
  struct Ready {
    bool readable = false;  // bytes, the end of what the other side sends, or an error
    bool writable = false;
    bool ended = false;  // behind the bytes that there may be lies an end or an error: nothing more will be told
  };

  class Watcher {
   public:
    // Not to be destroyed before the Visit that calls it has returned, even where it is removed in it.
    virtual void OnReady(Ready ready) = 0;

   protected:
    ~Watcher() = default;
  };

  SocketPoll() = default;
  ~SocketPoll();
  SocketPoll(const SocketPoll&) = delete;
  SocketPoll& operator=(const SocketPoll&) = delete;

  // Before anything else.
  boost::system::error_code Open();
  // A file that is readable while Visit would find something.
  int handle() const { return handle_; }

  // False where the system has no room for it. What it is ready for is told in the next Visit.
  bool Add(int socket, Watcher* watcher);
  // What it is ready for is told once more.
  void TellAgain(int socket, Watcher* watcher);
  void Remove(int socket);

  // Tells the watchers of sockets that have become ready since they were last told, of kMostTold at most. Never waits.
  void Visit();

 private:
  static constexpr int kMostTold = 128;
  int handle_ = -1;
};

}  // namespace hone::http_internal
