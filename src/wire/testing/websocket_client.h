// A WebSocket client for tests, by Boost.Beast: blocking, over TCP.
#pragma once

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstddef>
#include <string>

#include "wire/http_message.h"

namespace hone::testing_wire {

class WebSocketClient {
 public:
  using Stream = boost::beast::websocket::stream<boost::asio::ip::tcp::socket>;

  explicit WebSocketClient(int port, const std::string& target = "/ws", const HttpHeaders& headers = {})
      : stream_(context_) {
    namespace websocket = boost::beast::websocket;
    stream_.next_layer().connect({boost::asio::ip::make_address("127.0.0.1"), static_cast<std::uint16_t>(port)});
    stream_.set_option(websocket::stream_base::decorator([headers](websocket::request_type& request) {
      for (const HttpHeader& header : headers) request.set(header.name, header.value);
    }));
    websocket::response_type answer;
    boost::beast::error_code error;
    stream_.handshake(answer, "127.0.0.1:" + std::to_string(port), target, error);
    status_ = static_cast<int>(answer.result_int());
  }

  // What the request was answered: 101 where it became a WebSocket.
  int status() const { return status_; }
  Stream& stream() { return stream_; }

  void Send(const std::string& text) {
    boost::beast::error_code ignored;
    stream_.write(boost::asio::buffer(text), ignored);
  }

  // The next message; "closed CODE REASON" when the server closes, "lost" when the connection ends without that.
  std::string Read() {
    boost::beast::flat_buffer buffer;
    boost::beast::error_code error;
    stream_.read(buffer, error);
    if (error == boost::beast::websocket::error::closed) {
      const auto& reason = stream_.reason();
      return "closed " + std::to_string(reason.code) + " " + std::string(reason.reason.data(), reason.reason.size());
    }
    if (error) return "lost";
    return {static_cast<const char*>(buffer.data().data()), buffer.size()};
  }

 private:
  boost::asio::io_context context_;
  Stream stream_;
  int status_ = 0;
};

}  // namespace hone::testing_wire
