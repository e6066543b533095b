#include "wire/websocket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "wire/http_client.h"
#include "wire/http_problem.h"
#include "wire/http_server.h"
#include "wire/testing/raw_client.h"
#include "wire/testing/websocket_client.h"

namespace hone {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using testing_wire::RawClient;
using testing_wire::WebSocketClient;

constexpr std::string_view kHandshake =
    "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

// A client's frame: final, masked with zeros. `first`: flags and opcode.
std::string Frame(unsigned char first, const std::string& payload) {
  return std::string{static_cast<char>(first), static_cast<char>(0x80 | payload.size()), 0, 0, 0, 0} + payload;
}

// Says everything back. "flood N B": N messages of B bytes; "leave": is closed with 1008.
class Echo final : public WebSocketListener {
 public:
  explicit Echo(std::atomic<int>& closed) : closed_(&closed) {}

  void OnOpen(std::shared_ptr<WebSocket> socket) override { socket_ = std::move(socket); }
  void OnText(std::string_view text) override {
    if (text == "leave") return socket_->Close(WebSocketClose::kPolicy, "asked to leave");
    if (text.substr(0, 6) == "flood ") return Flood(std::string(text.substr(6)));
    socket_->Send(std::make_shared<const std::string>(text));
  }
  void OnClosed() override { ++*closed_; }

 private:
  void Flood(const std::string& text) {
    std::size_t end = 0;
    const int messages = std::stoi(text, &end);
    const auto shared = std::make_shared<const std::string>(std::stoul(text.substr(end)), 'x');
    for (int i = 0; i < messages; ++i) socket_->Send(shared);
  }

  std::atomic<int>* closed_;
  std::shared_ptr<WebSocket> socket_;
};

class WebSocketTest : public testing::Test {
 protected:
  void Serve(const WebSocketLimits& limits = {}) {
    const auto handle = [this, limits](const HttpRequest& request, Responder responder) {
      if (request.path == "/late") {
        auto kept = std::make_shared<Responder>(std::move(responder));
        std::thread([this, kept, limits] { kept->Upgrade(std::make_shared<Echo>(closed_), limits); }).join();
      } else if (AsksForWebSocket(request)) {
        responder.Upgrade(std::make_shared<Echo>(closed_), limits);
      } else {
        responder.Send(TextResponse("plain"));
      }
    };
    server_ = HttpServer::Listen({.port = 0}, handle).value();
    thread_ = std::thread([this] { server_->Run(0); });
  }
  ~WebSocketTest() override { Stop(); }
  void Stop() {
    if (!thread_.joinable()) return;
    server_->Stop(5 * kSecond);
    thread_.join();
  }
  int port() const { return server_->port(); }
  template <typename Condition>
  static bool Within(std::chrono::milliseconds time, const Condition& holds) {
    const auto until = std::chrono::steady_clock::now() + time;
    while (!holds() && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return holds();
  }

  std::atomic<int> closed_{0};
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

TEST_F(WebSocketTest, MessagesGoBothWaysInOrder) {
  Serve();
  WebSocketClient client(port());
  ASSERT_EQ(client.status(), 101);
  client.stream().write_buffer_bytes(64);  // a long message goes in many fragments
  const std::string longest(100'000, 'y');
  for (const std::string& text : {std::string("one"), longest, std::string("\xc3\xa9"), std::string()}) {
    client.Send(text);
    EXPECT_EQ(client.Read(), text);
  }
  client.Send("flood 500 20");
  for (int i = 0; i < 500; ++i) ASSERT_EQ(client.Read(), std::string(20, 'x'));
  EXPECT_EQ(server_->counts().websockets, 1);
  EXPECT_EQ(server_->counts().open, 0);
  client.stream().close({});
  EXPECT_TRUE(Within(std::chrono::seconds(5), [this] { return closed_ == 1 && server_->counts().websockets == 0; }));
}

TEST_F(WebSocketTest, TheServerClosesWithCodeAndReason) {
  Serve();
  WebSocketClient client(port());
  client.Send("leave");
  EXPECT_EQ(client.Read(), "closed 1008 asked to leave");
}

TEST_F(WebSocketTest, OnlyTextOfTheRightSizeIsTaken) {
  Serve({.max_message_bytes = 1000});
  WebSocketClient binary(port());
  binary.stream().binary(true);
  binary.Send("x");
  EXPECT_THAT(binary.Read(), StartsWith("closed 1003 "));
  WebSocketClient large(port());
  large.Send(std::string(1000, 'x'));
  EXPECT_EQ(large.Read(), std::string(1000, 'x'));
  large.Send(std::string(1001, 'x'));
  EXPECT_THAT(large.Read(), StartsWith("closed 1009"));
}

TEST_F(WebSocketTest, BrokenFramesEndTheConnectionAndNothingElse) {
  Serve();
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"\x81\x01x", "\x03\xea"},                             // not masked: 1002
      {Frame(0xC1, "x"), "\x03\xea"},                        // a reserved bit
      {Frame(0x83, "x"), "\x03\xea"},                        // a reserved opcode
      {Frame(0x80, "x"), "\x03\xea"},                        // a continuation of nothing
      {Frame(0x09, "x"), "\x03\xea"},                        // a ping in fragments
      {Frame(0x81, "\xc0\x80"), "\x03\xef"},                 // not UTF-8: 1007
      {Frame(0x88, "\x03"), "\x03\xea"},                     // half a close code
      {Frame(0x88, std::string("\x03\xec", 2)), "\x03\xea"}  // 1004, which nobody may send
  };
  for (const auto& [sent, code] : cases) {
    RawClient client(port());
    client.Send(kHandshake);
    ASSERT_THAT(client.Receive("\r\n\r\n"), HasSubstr("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));  // RFC 6455, section 1.3
    client.Send(sent);
    const std::string answer = client.Receive();
    ASSERT_GE(answer.size(), 4u) << testing::PrintToString(sent);
    EXPECT_EQ(answer.front(), '\x88');
    EXPECT_EQ(answer.substr(2, 2), code) << testing::PrintToString(sent);
  }
  WebSocketClient after(port());
  after.Send("still here");
  EXPECT_EQ(after.Read(), "still here");
}

TEST_F(WebSocketTest, TheHandshakeIsChecked) {
  Serve();
  const auto answer = [this](std::string request, const std::string& from, const std::string& to) {
    request.replace(request.find(from), from.size(), to);
    RawClient client(port());
    client.Send(request);
    client.EndSending();
    return client.Receive("\r\n\r\n").substr(0, 12);
  };
  const std::string good(kHandshake);
  EXPECT_EQ(answer(good, "Version: 13", "Version: 13"), "HTTP/1.1 101");
  EXPECT_EQ(answer(good, "Version: 13", "Version: 8"), "HTTP/1.1 426");
  EXPECT_EQ(answer(good, "Sec-WebSocket-Key", "X-Key"), "HTTP/1.1 400");
  EXPECT_EQ(answer(good, "Upgrade: WebSocket", "Upgrade: h2c"), "HTTP/1.1 200");
  EXPECT_EQ(answer(good, "keep-alive, Upgrade", "keep-alive"), "HTTP/1.1 200");
  EXPECT_EQ(answer(good, "GET /ws", "POST /ws"), "HTTP/1.1 200");
  EXPECT_EQ(answer(good, "GET /ws", "GET /late"), "HTTP/1.1 500");
  EXPECT_EQ(answer(good, "\r\n\r\n", "\r\n\r\n" + Frame(0x81, "early")), "HTTP/1.1 400");
}

TEST_F(WebSocketTest, AConnectionMayAskPlainThingsFirst) {
  Serve();
  RawClient client(port());
  client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(client.Receive("plain"), StartsWith("HTTP/1.1 200"));
  client.Send(kHandshake);
  EXPECT_THAT(client.Receive("\r\n\r\n"), StartsWith("HTTP/1.1 101"));
  client.Send(Frame(0x81, "hi"));
  EXPECT_EQ(client.Receive("hi"), "\x81\x02hi");
  client.Send(Frame(0x89, "are you there"));
  EXPECT_THAT(client.Receive("there"), StartsWith("\x8a"));
}

// Several megabytes, more than socket buffers hold, for a client that does not read them.
TEST_F(WebSocketTest, ASlowClientIsToldAndCutOffWhileOthersAreServed) {
  Serve({.max_queued_messages = 50, .max_queued_bytes = 64u << 20});
  WebSocketClient slow(port()), other(port());
  slow.Send("flood 400 100000");
  for (int i = 0; i < 20; ++i) {
    other.Send("quick");
    ASSERT_EQ(other.Read(), "quick");
  }
  std::string last;
  int received = 0;
  while ((last = slow.Read()).front() == 'x') ++received;
  EXPECT_EQ(last, "closed 1013 too slow: 50 messages were not sent");
  EXPECT_GE(received, 1);
  EXPECT_EQ(server_->counts().websockets_slow, 1u);
}

TEST_F(WebSocketTest, QueuedBytesAreBoundedToo) {
  Serve({.max_queued_bytes = 1'000'000});
  WebSocketClient slow(port());
  slow.Send("flood 400 100000");
  std::string last;
  while ((last = slow.Read()).front() == 'x') continue;
  EXPECT_THAT(last, StartsWith("closed 1013 too slow: 10 "));
}

TEST_F(WebSocketTest, AClientThatNeverReadsIsCutOffAllTheSame) {
  Serve({.max_queued_messages = 2, .close_timeout = 200 * kMillisecond});
  WebSocketClient client(port());
  client.Send("flood 400 100000");
  EXPECT_TRUE(Within(std::chrono::seconds(10), [this] { return server_->counts().websockets == 0 && closed_ == 1; }));
}

TEST_F(WebSocketTest, OnlyAClientThatAnswersPingsIsKept) {
  Serve({.idle_timeout = 600 * kMillisecond});
  RawClient silent(port());
  silent.Send(kHandshake);
  silent.Receive("\r\n\r\n");
  WebSocketClient alive(port());
  std::thread reader([&] { EXPECT_THAT(alive.Read(), StartsWith("closed 1001")); });
  EXPECT_TRUE(Within(std::chrono::seconds(10), [this] { return closed_ == 1; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(800));
  EXPECT_EQ(server_->counts().websockets, 1);
  Stop();
  reader.join();
}

TEST_F(WebSocketTest, WhenTheServerStopsClientsAreToldSo) {
  Serve();
  WebSocketClient client(port());
  RawClient deaf(port());  // does not answer the closing handshake
  deaf.Send(kHandshake);
  deaf.Receive("\r\n\r\n");
  server_->Stop(2 * kSecond);
  EXPECT_EQ(client.Read(), "closed 1001 the server ends");
  thread_.join();
  EXPECT_EQ(closed_, 2);
}

}  // namespace
}  // namespace hone
