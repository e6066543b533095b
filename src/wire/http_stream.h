// The bytes of one connection: TCP, moved as its loop's SocketPoll tells, or TLS over it, moved by Boost.Asio. Internal
// to the server.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include "wire/plain_socket.h"
#include "wire/tls.h"

namespace hone::http_internal {

struct TlsChannel;

// On its loop's thread.
class Stream {
 public:
  using Code = boost::system::error_code;
  using Socket = boost::asio::ip::tcp::socket;
  using Transferred = std::function<void(Code, std::size_t)>;

  explicit Stream(PlainSocket plain);
  Stream(Socket socket, TlsContext& tls);
  Stream(Stream&& other) noexcept;
  ~Stream();

  bool secure() const { return tls_ != nullptr; }
  // Where it is not secure.
  PlainSocket& plain() { return plain_; }

  // Where it is secure; before anything else.
  void Handshake(std::function<void(Code)> done);
  // Where it is secure; one of each may be pending, and must end before the stream does.
  void ReadSecurely(boost::asio::mutable_buffer buffer, Transferred done);
  void WriteSecurely(boost::asio::const_buffer buffer, Transferred done);

  // Tells the client that nothing more comes; false where that cannot be told. `done`, only where it is secure, when
  // the client has said the same.
  bool EndSending(std::function<void()> done);
  // At once.
  void Close();

  // What is underneath; the stream is of no use afterwards.
  PlainSocket TakePlain() { return std::move(plain_); }
  std::unique_ptr<TlsChannel> TakeSecure();

 private:
  PlainSocket plain_;
  std::unique_ptr<TlsChannel> tls_;
};

}  // namespace hone::http_internal
