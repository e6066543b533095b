// Whose certificates a client believes: those that the system's store vouches for, or those of one PEM file. TLS 1.2
// and 1.3; the certificate must be of the host that is asked for.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace hone {

// Immutable once it is made; any number of clients (HttpClient).
class TlsTrust {
 public:
  // `file`: authorities, or the server's own certificate; "" for the system's store. kInvalidArgument names a file that
  // cannot be read or holds no certificate.
  static Result<std::shared_ptr<TlsTrust>> Load(const std::string& file);

  virtual ~TlsTrust() = default;

 protected:
  TlsTrust() = default;
};

}  // namespace hone
