// TLS over one accepted connection, by OpenSSL through Boost.Asio. Internal to the server; slow to compile.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <utility>

#include "wire/tls.h"

namespace hone::http_internal {

class OpenSslContext final : public TlsContext {
 public:
  OpenSslContext() : context(boost::asio::ssl::context::tls_server) {}
  boost::asio::ssl::context context;
};

struct TlsChannel {
  TlsChannel(boost::asio::ip::tcp::socket socket, TlsContext& context)
      : stream(std::move(socket), static_cast<OpenSslContext&>(context).context) {}
  boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream;
};

}  // namespace hone::http_internal
