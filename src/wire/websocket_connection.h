// A WebSocket over one kind of stream, by Boost.Beast. Internal to the server; slow to compile, so that each kind of
// stream has one .cc file that includes this.
#pragma once

#include <fmt/format.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "wire/http_loop.h"
#include "wire/websocket.h"

namespace hone::http_internal {

// Belongs to its loop's thread. Pending operations keep it alive; a read is pending until its end.
template <typename Stream>
class WebSocketConnection final : public WebSocket,
                                  public LoopWebSocket,
                                  public std::enable_shared_from_this<WebSocketConnection<Stream>> {
 public:
  WebSocketConnection(Loop& loop, std::uint64_t number, Stream stream, const WebSocketLimits& limits,
                      std::shared_ptr<WebSocketListener> listener)
      : loop_(loop), number_(number), limits_(limits), stream_(std::move(stream)), listener_(std::move(listener)) {
    namespace websocket = boost::beast::websocket;
    const auto idle = std::chrono::nanoseconds(limits.idle_timeout);
    stream_.set_option(
        websocket::stream_base::timeout{std::chrono::nanoseconds(loop.options().request_timeout), idle, true});
    stream_.set_option(websocket::stream_base::decorator(
        [](websocket::response_type& response) { response.set(boost::beast::http::field::server, "hone"); }));
    stream_.read_message_max(limits.max_message_bytes);
    stream_.auto_fragment(false);
    stream_.text(true);
  }

  void Start(const HttpRequest& request) override {
    stream_.async_accept(HandshakeOf(request), [self = this->shared_from_this()](Code error) {
      if (error) return self->Finish();
      self->open_ = self->opened_ = true;
      self->listener_->OnOpen(self);
      self->Read();
    });
  }

  void Send(WebSocketText text) override {
    if (!open_) return;
    if (!queue_.empty() &&
        (queue_.size() >= limits_.max_queued_messages || queued_bytes_ + text->size() > limits_.max_queued_bytes)) {
      return DropSlow();
    }
    queued_bytes_ += text->size();
    queue_.push_back(std::move(text));
    if (queue_.size() == 1) Write();
  }

  void Close(WebSocketClose code, std::string_view reason) override {
    if (!open_) return;
    open_ = false;
    if (queue_.size() > 1) queue_.resize(1);  // the one being written
    namespace websocket = boost::beast::websocket;
    const std::string_view fits = reason.substr(0, websocket::reason_string::static_capacity);
    websocket::close_reason why(static_cast<websocket::close_code>(code), {fits.data(), fits.size()});
    stream_.async_close(why, [self = this->shared_from_this()](Code) {});
    if (loop_.stopping()) return;  // the loop's own deadline holds
    loop_.PostAfter(limits_.close_timeout, [weak = this->weak_from_this()] {
      if (const auto self = weak.lock()) self->Abort();
    });
  }

  bool open() const override { return open_; }

  void Stop() override {
    if (!opened_) return Abort();
    Close(WebSocketClose::kGoingAway, "the server ends");
  }

  void Abandon() override {
    open_ = opened_ = false;
    listener_.reset();
    Abort();
  }

  void Abort() override {
    Code ignored;
    boost::beast::get_lowest_layer(stream_).close(ignored);
  }

 private:
  using Code = boost::beast::error_code;
  using Handshake = boost::beast::http::request<boost::beast::http::empty_body>;

  static constexpr std::size_t kKeptBuffer = 4 << 10;  // memory kept between messages

  static Handshake HandshakeOf(const HttpRequest& request) {
    Handshake handshake;
    handshake.version(11);
    handshake.method_string({request.method.data(), request.method.size()});
    handshake.target({request.path.data(), request.path.size()});
    for (const HttpHeader& header : request.headers) handshake.insert(header.name, header.value);
    return handshake;
  }

  void Read() {
    stream_.async_read(input_, [self = this->shared_from_this()](Code error, std::size_t) {
      if (error) return self->Finish();
      self->Take();
      self->Read();
    });
  }

  void Take() {
    const auto data = input_.data();
    if (!stream_.got_text()) {
      Close(WebSocketClose::kUnsupported, "messages are JSON text, not binary");
    } else if (open_) {
      listener_->OnText({static_cast<const char*>(data.data()), data.size()});
    }
    input_.clear();
    if (input_.capacity() > kKeptBuffer) input_.shrink_to_fit();
  }

  void Write() {
    stream_.async_write(boost::asio::buffer(*queue_.front()),
                        [self = this->shared_from_this()](Code error, std::size_t) { self->OnWritten(!error); });
  }

  void OnWritten(bool ok) {
    queued_bytes_ -= queue_.front()->size();
    queue_.pop_front();
    if (ok && open_ && !queue_.empty()) Write();
  }

  void DropSlow() {
    loop_.counts().websockets_slow.fetch_add(1, std::memory_order_relaxed);
    Close(WebSocketClose::kTryAgainLater, fmt::format("too slow: {} messages were not sent", queue_.size()));
  }

  void Finish() {
    open_ = false;
    Abort();
    // A listener may keep its WebSocket: the two let go of one another here.
    const auto listener = std::exchange(listener_, nullptr);
    if (std::exchange(opened_, false)) listener->OnClosed();
    loop_.ForgetWebSocket(number_);
  }

  Loop& loop_;
  const std::uint64_t number_;
  const WebSocketLimits limits_;
  boost::beast::websocket::stream<Stream> stream_;
  std::shared_ptr<WebSocketListener> listener_;
  boost::beast::flat_buffer input_;
  std::deque<WebSocketText> queue_;  // the first is being written
  std::size_t queued_bytes_ = 0;
  bool opened_ = false;  // OnOpen was called, OnClosed was not
  bool open_ = false;    // and neither side has begun to close
};

}  // namespace hone::http_internal
