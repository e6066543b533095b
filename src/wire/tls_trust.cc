#include "wire/tls_trust.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include "wire/tls_trust_context.h"

namespace hone {

using http_internal::OpenSslTrust;

Result<std::shared_ptr<TlsTrust>> TlsTrust::Load(const std::string& file) {
  const auto made = std::make_shared<OpenSslTrust>();
  boost::system::error_code error;
  made->context.set_verify_mode(boost::asio::ssl::verify_peer, error);
  if (SSL_CTX_set_min_proto_version(made->context.native_handle(), TLS1_2_VERSION) != 1) {
    return Error{ErrorCode::kUnavailable, "the OpenSSL library lacks TLS 1.2", "TLS", 0, ""};
  }
  if (file.empty()) {
    made->context.set_default_verify_paths(error);
  } else {
    made->context.load_verify_file(file, error);
  }
  if (!error) return std::shared_ptr<TlsTrust>(made);
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("holds no certificate in PEM, or cannot be read: {}", error.message()),
               file.empty() ? "the system's certificates" : file, 0, ""};
}

}  // namespace hone
