#include "wire/http_stream.h"

#include <boost/asio/write.hpp>

#include "wire/tls_channel.h"

namespace hone::http_internal {

namespace asio = boost::asio;

Stream::Stream(PlainSocket plain) : plain_(std::move(plain)) {}
Stream::Stream(Socket socket, TlsContext& tls) : tls_(std::make_unique<TlsChannel>(std::move(socket), tls)) {}
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

bool Stream::EndSending(std::function<void()> done) {
  if (!secure()) return plain_.EndSending();
  tls_->stream.async_shutdown([done = std::move(done)](Code failed) {
    if (!failed) done();
  });
  return true;
}

void Stream::Close() {
  if (!secure()) return plain_.Close();
  Code ignored;
  tls_->stream.lowest_layer().close(ignored);
}

std::unique_ptr<TlsChannel> Stream::TakeSecure() { return std::move(tls_); }

}  // namespace hone::http_internal
