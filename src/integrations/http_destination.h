// Where a channel posts to: over HTTP or HTTPS, to an address that may be connected to, secrets kept out of every
// error.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "integrations/address_rules.h"
#include "integrations/channel.h"
#include "wire/http_client.h"
#include "wire/http_url.h"
#include "wire/tls_trust.h"

namespace hone {

struct HttpDestination {
  HttpUrl url;  // its target may hold a secret
  AddressRules rules;
  std::shared_ptr<TlsTrust> trust;  // of an https one; must be there for one
  std::string authorization;        // header, "" for none
  Duration timeout = 5 * kSecond;

  // One connection for each call: the host is resolved, the address checked and that very address connected to. No
  // redirect is followed. Errors, which name host and port and nothing more of the address: kInvalidArgument where it
  // may not be connected to, kUnavailable.
  Result<HttpAnswer> Post(std::string_view body) const;
  std::string place() const;  // host:port
};

// What a status means where nothing else is agreed: 2xx delivered, 408, 429 and 5xx nobody takes anything now (for as
// long as Retry-After says), all else refused. An error is unreachable.
Delivery DeliveryOf(const Result<HttpAnswer>& answer, const HttpDestination& destination);

}  // namespace hone
