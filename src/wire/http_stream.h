// The bytes of one connection: TCP, or TLS over it. Internal to the server. What is plain stays as direct as without
// this class: a test of one pointer for each call; what is TLS is out of line (http_stream.cc).
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include "wire/tls.h"

namespace hone::http_internal {

struct TlsChannel;

// On its loop's thread. One read and one write may be pending; they must end before it does.
class Stream {
 public:
  using Code = boost::system::error_code;
  using Socket = boost::asio::ip::tcp::socket;

  // `tls` null: plain.
  Stream(Socket socket, TlsContext* tls);
  Stream(Stream&& other) noexcept;
  ~Stream();

  bool secure() const { return tls_ != nullptr; }
  // Before anything else where it is secure.
  void Handshake(std::function<void(Code)> done);

  template <typename Done>  // void(Code, std::size_t)
  void ReadSome(boost::asio::mutable_buffer buffer, Done done) {
    if (secure()) return ReadSecurely(buffer, std::move(done));
    socket_.async_read_some(buffer, std::move(done));
  }
  template <typename Done>
  void Write(boost::asio::const_buffer buffer, Done done) {
    if (secure()) return WriteSecurely(buffer, std::move(done));
    boost::asio::async_write(socket_, buffer, std::move(done));
  }
  // Sends what goes at once, nothing where it is secure; how many bytes. An error shows again in Write.
  std::size_t SendNow(boost::asio::const_buffer buffer);
  // Tells the client that nothing more comes; false where that cannot be told. `done`, only where it is secure, when
  // the client has said the same.
  bool EndSending(std::function<void()> done);
  // At once.
  void Close();

  // What is underneath; the stream is of no use afterwards.
  Socket TakePlain() { return std::move(socket_); }
  std::unique_ptr<TlsChannel> TakeSecure();

 private:
  using Transferred = std::function<void(Code, std::size_t)>;
  void ReadSecurely(boost::asio::mutable_buffer buffer, Transferred done);
  void WriteSecurely(boost::asio::const_buffer buffer, Transferred done);

  Socket socket_;
  std::unique_ptr<TlsChannel> tls_;  // has the socket
};

}  // namespace hone::http_internal
