#include "wire/http_plain_request.h"

#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <string>
#include <vector>

#include "base/random.h"
#include "wire/http_request_parser.h"

namespace hone::http_internal {
namespace {

const std::string kWhole =
    "POST /predict/single?a=%20 HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nContent-Type:application/json\r\n"
    "Content-Length:  5 \r\nconnection: Keep-Alive\r\nX-Empty:\r\nX-Text: a b\tc \xc3\xa9\r\n\r\nhello";

struct Read {
  std::size_t length = 0;  // 0: not read
  HttpRequest request;
  std::string target;
};

Read ReadPlain(const std::string& bytes, const HttpServerOptions& limits = {}) {
  Read read;
  read.request.headers.resize(20, {"of", "before"});
  read.length = TakePlainRequest(bytes, limits, read.request, read.target);
  return read;
}

// As the server goes on with a request that is not plain; it is to be kept alive.
Read ReadGenerally(const std::string& bytes, const HttpServerOptions& limits = {}) {
  Read read;
  RequestParser parser(limits, read.request, read.target);
  boost::beast::error_code error;
  const std::size_t length = parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  const bool whole = !error && parser.is_done() && parser.keep_alive() && parser.host_is_right();
  read.length = whole && parser.version() == 11 ? length : 0;
  return read;
}

void ExpectSame(const Read& a, const Read& b, const std::string& bytes) {
  EXPECT_EQ(a.length, b.length) << bytes;
  EXPECT_EQ(a.target, b.target) << bytes;
  EXPECT_EQ(a.request.method, b.request.method) << bytes;
  EXPECT_EQ(a.request.body, b.request.body) << bytes;
  ASSERT_EQ(a.request.headers.size(), b.request.headers.size()) << bytes;
  for (std::size_t i = 0; i < a.request.headers.size(); ++i) {
    EXPECT_EQ(a.request.headers[i].name, b.request.headers[i].name) << bytes;
    EXPECT_EQ(a.request.headers[i].value, b.request.headers[i].value) << bytes;
  }
}

TEST(HttpPlainRequest, ReadsOneOfThoseThatStandThere) {
  const Read read = ReadPlain(kWhole + kWhole);
  EXPECT_EQ(read.length, kWhole.size());
  EXPECT_EQ(read.request.method, "POST");
  EXPECT_EQ(read.target, "/predict/single?a=%20");
  EXPECT_EQ(read.request.body, "hello");
  ASSERT_EQ(read.request.headers.size(), 6U);
  EXPECT_EQ(read.request.Header("content-length"), "5");
  EXPECT_EQ(read.request.Header("x-text"), "a b\tc \xc3\xa9");
  ExpectSame(read, ReadGenerally(kWhole + kWhole), kWhole);
  EXPECT_GT(ReadPlain("GET / HTTP/1.1\r\nHost: a\r\n\r\n").length, 0U);
}

TEST(HttpPlainRequest, LeavesAllElseToTheGeneralParser) {
  for (std::size_t length = 0; length < kWhole.size(); ++length) {
    EXPECT_EQ(ReadPlain(kWhole.substr(0, length)).length, 0U) << length;
  }
  for (const char* header :
       {"Transfer-Encoding: chunked", "Connection: close", "Connection: upgrade", "Proxy-Connection: close",
        "Upgrade: websocket", "Expect: 100-continue", "Host: b", "Content-Length: 6", "Content-Length: 5",
        "Content-Length: +5", "Content-Length: 5, 5", "Content-Length: 00000000000000005", "A : b", " folded",
        "A: \x01", ": b", "A", "A: b\nC: d"}) {
    std::string bytes = kWhole;
    bytes.insert(bytes.find("X-Empty"), std::string(header) + "\r\n");
    EXPECT_EQ(ReadPlain(bytes).length, 0U) << header;
  }
  for (const char* bytes : {"GET / HTTP/1.0\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n",
                            "GET / HTTP/1.1\r\n\r\n", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                            "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /\x80 HTTP/1.1\r\nHost: a\r\n\r\n"}) {
    EXPECT_EQ(ReadPlain(bytes).length, 0U) << bytes;
  }
}

TEST(HttpPlainRequest, LeavesWhatIsBeyondALimit) {
  HttpServerOptions limits;
  limits.max_body_bytes = 5;
  limits.max_header_bytes = kWhole.size() - 5;
  EXPECT_EQ(ReadPlain(kWhole, limits).length, kWhole.size());
  limits.max_body_bytes = 4;
  EXPECT_EQ(ReadPlain(kWhole, limits).length, 0U);
  limits.max_body_bytes = 5;
  --limits.max_header_bytes;
  EXPECT_EQ(ReadPlain(kWhole, limits).length, 0U);
}

// Each byte at each place of values of each length, which are read eight bytes at once.
TEST(HttpPlainRequest, ValuesEndWhereTheyEndForTheGeneralParser) {
  int read = 0;
  for (std::size_t length = 1; length <= 18; ++length) {
    for (std::size_t place = 0; place < length; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string value(length, 'v');
        value[place] = static_cast<char>(byte);
        const std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\nX: \t" + value + "\r\n\r\n";
        const Read plain = ReadPlain(bytes);
        const bool text = byte == '\t' || (byte >= ' ' && byte != 0x7f);
        EXPECT_EQ(plain.length > 0, text) << length << " " << place << " " << byte;
        if (plain.length == 0) continue;
        ++read;
        ExpectSame(plain, ReadGenerally(bytes), bytes);
      }
    }
  }
  EXPECT_GT(read, 10'000);
}

TEST(HttpPlainRequest, WhatItReadsTheGeneralParserReadsToo) {
  const std::vector<std::string> parts = {
      "\r\n", ":", " ", "\t", "5", "0", "Host: a\r\n", "Content-Length: 3\r\n", "\n", "\r", "chunked", "a", "\x80"};
  Random random(29);
  int read = 0;
  for (int round = 0; round < 100'000; ++round) {
    std::string bytes = kWhole;
    for (std::uint64_t i = random.Below(3); i > 0; --i) {
      const std::size_t at = random.Below(bytes.size());
      if (random.Below(2) == 0) {
        bytes[at] = static_cast<char>(random.Below(256));
      } else {
        bytes.replace(at, random.Below(3), parts[random.Below(parts.size())]);
      }
    }
    const Read plain = ReadPlain(bytes);
    if (plain.length == 0) continue;
    ++read;
    ExpectSame(plain, ReadGenerally(bytes), bytes);
  }
  EXPECT_GT(read, 10'000);
}

}  // namespace
}  // namespace hone::http_internal
