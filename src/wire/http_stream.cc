#include "wire/http_stream.h"

#include "wire/tls_channel.h"

namespace hone::http_internal {

namespace asio = boost::asio;

Stream::Stream(Socket socket, TlsContext* tls) : socket_(std::move(socket)) {
  if (tls != nullptr) tls_ = std::make_unique<TlsChannel>(std::move(socket_), *tls);
}

Stream::Stream(Stream&& other) noexcept = default;
Stream::~Stream() = default;

void Stream::Handshake(std::function<void(Code)> done) {
  tls_->stream.async_handshake(asio::ssl::stream_base::server, std::move(done));
}

void Stream::ReadSecurely(asio::mutable_buffer buffer, Transferred done) {
  tls_->stream.async_read_some(buffer, std::move(done));
}

void Stream::WriteSecurely(asio::const_buffer buffer, Transferred done) {
  asio::async_write(tls_->stream, buffer, std::move(done));
}

std::size_t Stream::SendNow(asio::const_buffer buffer) {
  if (secure()) return 0;
  Code ignored;
  return socket_.send(buffer, 0, ignored);
}

bool Stream::EndSending(std::function<void()> done) {
  Code error;
  if (secure()) {
    tls_->stream.async_shutdown([done = std::move(done)](Code failed) {
      if (!failed) done();
    });
  } else {
    socket_.shutdown(Socket::shutdown_send, error);
  }
  return !error;
}

void Stream::Close() {
  Code ignored;
  if (secure()) {
    tls_->stream.lowest_layer().close(ignored);
  } else {
    socket_.close(ignored);
  }
}

std::unique_ptr<TlsChannel> Stream::TakeSecure() { return std::move(tls_); }

}  // namespace hone::http_internal
