#include "wire/tls.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509err.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "wire/tls_channel.h"

namespace hone {
namespace {

using boost::system::error_code;
using http_internal::OpenSslContext;
namespace ssl = boost::asio::ssl;

constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";  // of TLS 1.2; those of 1.3 are all sound

Error Wrong(const std::string& file, std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message), file, 0, ""};
}

Status CheckReadable(const std::string& file, const char* what) {
  errno = 0;
  std::ifstream stream(file);
  if (stream.good() && stream.peek() != std::ifstream::traits_type::eof()) return OkStatus();
  const char* why = errno != 0 ? std::strerror(errno) : "it is empty";
  return Wrong(file, fmt::format("the {} cannot be read: {}", what, why));
}

// The client's first protocol that is ours; a client that offers others only is refused.
int ChooseProtocol(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                   unsigned offered_length, void*) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1";
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, length, kOurs, sizeof kOurs - 1, offered, offered_length) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

Status Restrict(ssl::context& context) {
  SSL_CTX* handle = context.native_handle();
  SSL_CTX_set_options(handle, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(handle, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(handle, &ChooseProtocol, nullptr);
  if (SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION) == 1 && SSL_CTX_set_cipher_list(handle, kCiphers) == 1) {
    return OkStatus();
  }
  return Error{ErrorCode::kUnavailable, "the OpenSSL library lacks TLS 1.2 or its ciphers", "TLS", 0, ""};
}

// An encrypted key is an error, not a question on the terminal.
Status ReadFiles(const TlsFiles& files, ssl::context& context) {
  error_code error;
  context.set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); }, error);
  context.use_certificate_chain_file(files.certificate, error);
  if (error) return Wrong(files.certificate, fmt::format("holds no certificate in PEM: {}", error.message()));
  context.use_private_key_file(files.key, ssl::context::pem, error);
  if (!error) return OkStatus();
  const auto why = static_cast<unsigned long>(error.value());
  if (ERR_GET_LIB(why) == ERR_LIB_X509 && ERR_GET_REASON(why) == X509_R_KEY_VALUES_MISMATCH) {
    return Wrong(files.key, fmt::format("is not the key of the certificate {}", files.certificate));
  }
  return Wrong(files.key, fmt::format("holds no private key in PEM that is not encrypted: {}", error.message()));
}

}  // namespace

Status OpenSslContext::Reload() {
  HONE_RETURN_IF_ERROR(CheckReadable(files_.certificate, "certificate"));
  HONE_RETURN_IF_ERROR(CheckReadable(files_.key, "private key"));
  auto read = std::make_shared<ssl::context>(ssl::context::tls_server);
  HONE_RETURN_IF_ERROR(Restrict(*read));
  HONE_RETURN_IF_ERROR(ReadFiles(files_, *read));
  const std::lock_guard lock(mutex_);
  current_.swap(read);
  return OkStatus();
}

Result<std::shared_ptr<TlsContext>> TlsContext::Load(const TlsFiles& files) {
  auto made = std::make_shared<OpenSslContext>(files);
  HONE_RETURN_IF_ERROR(made->Reload());
  return std::shared_ptr<TlsContext>(std::move(made));
}

}  // namespace hone
