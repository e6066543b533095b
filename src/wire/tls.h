// What a server needs to speak TLS: its certificate and its key. TLS 1.2 and 1.3, ciphers with forward secrecy and
// authenticated encryption only, ALPN http/1.1; no renegotiation, no compression.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace hone {

// PEM: the server's certificate and then, where there are some, the intermediate ones; the private key, not encrypted.
struct TlsFiles {
  std::string certificate, key;
};

// Any number of servers and threads.
class TlsContext {
 public:
  // kInvalidArgument names the file: it cannot be read, holds no certificate or no private key, is encrypted, or the
  // key is not the certificate's.
  static Result<std::shared_ptr<TlsContext>> Load(const TlsFiles& files);
  // Reads the files again: connections from now on show the new certificate, those there are go on as they are. The
  // same errors; what was read before stays then.
  virtual Status Reload() = 0;

  virtual ~TlsContext() = default;

 protected:
  TlsContext() = default;
};

}  // namespace hone
