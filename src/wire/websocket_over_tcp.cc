#include "wire/websocket_connection.h"

namespace hone::http_internal {

std::shared_ptr<LoopWebSocket> MakeWebSocket(Loop& loop, std::uint64_t number, boost::asio::ip::tcp::socket socket,
                                             const WebSocketLimits& limits,
                                             std::shared_ptr<WebSocketListener> listener) {
  return std::make_shared<WebSocketConnection<boost::asio::ip::tcp::socket>>(loop, number, std::move(socket), limits,
                                                                             std::move(listener));
}

}  // namespace hone::http_internal
