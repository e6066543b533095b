// Who may call which route: bearer tokens with roles (RFC 6750), and the Origin that a browser names.
//
// A secret is hashed with SHA-256 and compared, in a time that does not depend on it, with the hash of every token; a
// secret of 256 random bits needs no slower hash. Without any token a server that listens on loopback lets everyone on
// the machine do everything. Tokens may come and go while the server runs: each I/O thread has its own list.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "records/access_token.h"
#include "wire/http_message.h"

namespace hone {

// Why a request may not be carried out; status 0 when it may.
struct Refusal {
  int status = 0;  // 401: no token or an unknown one; 403: its role is too low, or a page of another site asks
  std::string detail;
};

class AccessGuard {
 public:
  // `open_without_tokens`: the server can be reached from this machine only. `fixed`: tokens that always count.
  AccessGuard(bool open_without_tokens, int io_threads, std::vector<AccessToken> fixed);

  // The other tokens from now on, for requests on this I/O thread: on that thread, or before any request.
  void SetTokens(int io_thread, const std::vector<AccessToken>& tokens);
  // From now on nothing without a token; before any request.
  void Close() { open_ = false; }
  // A request on this I/O thread needs a token where its route asks for a role.
  bool needs_token(int io_thread) const { return !open_ || !lanes_[static_cast<std::size_t>(io_thread)].empty(); }

  // On the request's I/O thread.
  Refusal Check(const HttpRequest& request, AccessRole needed) const;
  // A page of another site asks: where answers could be read by it, as a WebSocket's can. Any thread.
  static Refusal CheckOrigin(const HttpRequest& request);
  // The same of what a transport without browsers sent as `authorization` ("" for nothing).
  Refusal CheckBearer(int io_thread, std::string_view authorization, AccessRole needed) const;
  // Name of the request's token; "" where it has none, or an unknown one. On the request's I/O thread.
  std::string CallerOf(const HttpRequest& request) const;

 private:
  bool open_;
  std::vector<AccessToken> fixed_;
  std::vector<std::vector<AccessToken>> lanes_;  // fixed_ and the others, by I/O thread
};

}  // namespace hone
