// What an operator asks of a running server.
#pragma once

#include <string>

#include "base/result.h"

namespace hone {

// The body of the 200 to `method` url/target with the JSON `body`. HONE_TOKEN, where set, is sent as the bearer.
// kInvalidArgument for an address that is not http://host[:port]; the server's own words for what it refuses.
Result<std::string> AskServer(const std::string& url, const std::string& method, const std::string& target,
                              const std::string& body);

// POST url/models/{model}/{act} with {"version"} (left out when ""). The version then active.
Result<std::string> ActThroughServer(const std::string& url, const std::string& model, const std::string& act,
                                     const std::string& version);

}  // namespace hone
