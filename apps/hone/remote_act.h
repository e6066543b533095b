// Acts of an operator through a running server.
#pragma once

#include <string>

#include "base/result.h"

namespace hone {

// POST url/models/{model}/{act} with {"version"} (left out when ""). HONE_TOKEN, where set, is sent as the bearer.
// The version then active.
// kInvalidArgument for an address that is not http://host[:port]; the server's own words for what it refuses.
Result<std::string> ActThroughServer(const std::string& url, const std::string& model, const std::string& act,
                                     const std::string& version);

}  // namespace hone
