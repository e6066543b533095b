#include "wire/plain_socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hone::http_internal {
namespace {

// A socket with what it was told, and the other side of it.
class Pair final : public SocketPoll::Watcher {
 public:
  explicit Pair(SocketPoll& poll) {
    std::array<int, 2> handles{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, handles.data()), 0);
    socket = std::make_unique<PlainSocket>(handles[0]);
    other = std::make_unique<PlainSocket>(handles[1]);
    EXPECT_TRUE(socket->Watch(poll, this));
    poll.Visit();  // it can be written to
    told.clear();
  }
  void OnReady(SocketPoll::Ready ready) override {
    socket->Note(ready);
    told.push_back(ready);
  }
  PlainSocket::Received Receive(std::size_t room) {
    text.resize(room);
    const PlainSocket::Received received = socket->Receive(text);
    text.resize(received.bytes);
    return received;
  }

  std::unique_ptr<PlainSocket> socket, other;
  std::vector<SocketPoll::Ready> told;
  std::string text;
};

class PlainSocketTest : public testing::Test {
 protected:
  PlainSocketTest() { EXPECT_FALSE(poll_.Open()); }
  // How often the pair is told of something in one visit.
  std::size_t Visit(Pair& pair) {
    pair.told.clear();
    poll_.Visit();
    return pair.told.size();
  }
  SocketPoll poll_;
};

TEST_F(PlainSocketTest, TellsOnceOfWhatComes) {
  Pair pair(poll_);
  EXPECT_EQ(Visit(pair), 0U);
  pair.other->Send(std::string_view("abc"));
  ASSERT_EQ(Visit(pair), 1U);
  EXPECT_TRUE(pair.told[0].readable);
  EXPECT_FALSE(pair.told[0].ended);
  EXPECT_EQ(Visit(pair), 0U);
  EXPECT_EQ(pair.Receive(16).bytes, 3U);
  EXPECT_EQ(pair.text, "abc");
  pair.socket->AwaitReadable();
  EXPECT_EQ(Visit(pair), 0U);
  pair.other->Send(std::string_view("d"));
  EXPECT_EQ(Visit(pair), 1U);
}

TEST_F(PlainSocketTest, TellsAgainOfWhatWasLeft) {
  Pair pair(poll_);
  pair.other->Send(std::string_view("abcdef"));
  ASSERT_EQ(Visit(pair), 1U);
  for (const char* part : {"abc", "def"}) {
    EXPECT_EQ(pair.Receive(3).bytes, 3U);
    EXPECT_EQ(pair.text, part);
    pair.socket->AwaitReadable();
    EXPECT_EQ(Visit(pair), 1U) << part;  // told after the last byte too: only a read that comes short shows the end
  }
  const PlainSocket::Received nothing = pair.Receive(3);
  EXPECT_EQ(nothing.bytes, 0U);
  EXPECT_FALSE(nothing.ended);
  pair.socket->AwaitReadable();
  EXPECT_EQ(Visit(pair), 0U);
}

TEST_F(PlainSocketTest, WhatComesBeforeItIsAwaitedIsToldAgain) {
  Pair pair(poll_);
  pair.other->Send(std::string_view("abc"));
  EXPECT_EQ(Visit(pair), 1U);
  pair.socket->AwaitReadable();
  EXPECT_EQ(Visit(pair), 1U);
}

// The bytes and the end come together: a short read does not hide the end.
TEST_F(PlainSocketTest, AnEndBehindBytesIsFound) {
  Pair pair(poll_);
  pair.other->Send(std::string_view("last"));
  EXPECT_TRUE(pair.other->EndSending());
  ASSERT_EQ(Visit(pair), 1U);
  EXPECT_TRUE(pair.told[0].ended);
  EXPECT_EQ(pair.Receive(16).bytes, 4U);
  pair.socket->AwaitReadable();
  ASSERT_EQ(Visit(pair), 1U);
  EXPECT_TRUE(pair.Receive(16).ended);
}

TEST_F(PlainSocketTest, TellsWhenMoreCanBeSent) {
  Pair pair(poll_);
  const std::string bytes(1 << 20, 'x');
  const std::size_t sent = pair.socket->Send(bytes);
  ASSERT_LT(sent, bytes.size());
  EXPECT_EQ(Visit(pair), 0U);
  std::string taken(sent, '\0');
  for (std::size_t got = 0; got < sent;) got += pair.other->Receive(std::span(taken).subspan(got)).bytes;
  ASSERT_EQ(Visit(pair), 1U);
  EXPECT_TRUE(pair.told[0].writable);
  EXPECT_FALSE(pair.socket->failed());
}

TEST_F(PlainSocketTest, AFailureToSendIsToldInTheNextVisit) {
  Pair pair(poll_);
  pair.other->Close();
  EXPECT_EQ(Visit(pair), 1U);
  EXPECT_EQ(pair.socket->Send(std::string_view("abc")), 0U);
  EXPECT_TRUE(pair.socket->failed());
  ASSERT_EQ(Visit(pair), 1U);
  EXPECT_TRUE(pair.told[0].writable);
}

TEST_F(PlainSocketTest, NothingIsToldOfOneThatWasHandedOut) {
  Pair pair(poll_);
  PlainSocket taken(pair.socket->Release());
  pair.other->Send(std::string_view("abc"));
  EXPECT_EQ(Visit(pair), 0U);
  std::string text(3, '\0');
  EXPECT_EQ(taken.Receive(text).bytes, 3U);
}

}  // namespace
}  // namespace hone::http_internal
