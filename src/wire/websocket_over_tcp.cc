#include "wire/websocket_connection.h"

namespace hone::http_internal {

std::shared_ptr<LoopWebSocket> MakePlainWebSocket(Loop& loop, std::uint64_t number, Stream stream,
                                                  const WebSocketLimits& limits,
                                                  std::shared_ptr<WebSocketListener> listener) {
  return std::make_shared<WebSocketConnection<Stream::Socket>>(loop, number, loop.ToAsio(stream.TakePlain()), limits,
                                                               std::move(listener));
}

}  // namespace hone::http_internal
