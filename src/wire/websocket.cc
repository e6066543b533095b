#include "wire/websocket.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>

namespace hone {
namespace {

boost::beast::string_view View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

bool AsksForWebSocket(const HttpRequest& request) {
  using boost::beast::http::token_list;
  return request.method == "GET" && token_list(View(request.Header("Connection"))).exists("upgrade") &&
         token_list(View(request.Header("Upgrade"))).exists("websocket");
}

}  // namespace hone
