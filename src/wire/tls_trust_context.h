// What a TlsTrust is behind its header: OpenSSL's context, for the client's streams.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include "wire/tls_trust.h"

namespace hone::http_internal {

class OpenSslTrust final : public TlsTrust {
 public:
  OpenSslTrust() : context(boost::asio::ssl::context::tls_client) {}
  boost::asio::ssl::context context;
};

}  // namespace hone::http_internal
