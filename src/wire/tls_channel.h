// TLS over one accepted connection, by OpenSSL through Boost.Asio. Internal to the server; slow to compile.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <mutex>
#include <utility>

#include "wire/tls.h"

namespace hone::http_internal {

class OpenSslContext final : public TlsContext {
 public:
  explicit OpenSslContext(TlsFiles files) : files_(std::move(files)) {}
  Status Reload() override;
  // Of the files as they were last read; after the first Reload. A stream keeps what it needs of it.
  std::shared_ptr<boost::asio::ssl::context> current() const {
    const std::lock_guard lock(mutex_);
    return current_;
  }

 private:
  const TlsFiles files_;
  mutable std::mutex mutex_;
  std::shared_ptr<boost::asio::ssl::context> current_;
};

struct TlsChannel {
  TlsChannel(boost::asio::ip::tcp::socket socket, TlsContext& context)
      : stream(std::move(socket), *static_cast<OpenSslContext&>(context).current()) {}
  boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream;
};

}  // namespace hone::http_internal
