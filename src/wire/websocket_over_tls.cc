#include <boost/beast/websocket/ssl.hpp>

#include "wire/tls_channel.h"
#include "wire/websocket_connection.h"

namespace hone::http_internal {

std::shared_ptr<LoopWebSocket> MakeSecureWebSocket(Loop& loop, std::uint64_t number, Stream stream,
                                                   const WebSocketLimits& limits,
                                                   std::shared_ptr<WebSocketListener> listener) {
  using Secure = boost::asio::ssl::stream<Stream::Socket>;
  return std::make_shared<WebSocketConnection<Secure>>(loop, number, std::move(stream.TakeSecure()->stream), limits,
                                                       std::move(listener));
}

}  // namespace hone::http_internal
