#include "wire/tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <stdlib.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "wire/http_server.h"
#include "wire/testing/certificate.h"
#include "wire/testing/raw_client.h"

namespace hone {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using testing_wire::CertificateFiles;
using testing_wire::MakeCertificate;
using testing_wire::RawClient;

class SecureEcho final : public WebSocketListener {
 public:
  void OnOpen(std::shared_ptr<WebSocket> socket) override { socket_ = std::move(socket); }
  void OnText(std::string_view text) override { socket_->Send(std::make_shared<const std::string>(text)); }
  void OnClosed() override { socket_.reset(); }

 private:
  std::shared_ptr<WebSocket> socket_;
};

// Trusts `authority` alone.
class SecureClient {
 public:
  using Stream = ssl::stream<asio::ip::tcp::socket>;

  explicit SecureClient(const std::string& authority) : context_(ssl::context::tls_client) {
    if (!authority.empty()) context_.load_verify_file(authority);
    context_.set_verify_mode(ssl::verify_peer);
    context_.set_verify_callback(ssl::host_name_verification("127.0.0.1"));
  }

  ssl::context& context() { return context_; }
  Stream& stream() { return *stream_; }

  // "" or what is wrong. `protocols`: of ALPN, each after its length.
  std::string Connect(int port, const std::string& protocols = "\x08http/1.1") {
    stream_.emplace(io_, context_);
    stream_->lowest_layer().connect({asio::ip::make_address("127.0.0.1"), static_cast<std::uint16_t>(port)});
    SSL_set_alpn_protos(stream_->native_handle(), reinterpret_cast<const unsigned char*>(protocols.data()),
                        static_cast<unsigned>(protocols.size()));
    error_code error;
    stream_->handshake(ssl::stream_base::client, error);
    return error ? error.message() : "";
  }
  // Sends, and reads until the server closes.
  std::string Exchange(const std::string& request) {
    error_code error;
    asio::write(*stream_, asio::buffer(request), error);
    std::string answer;
    asio::read(*stream_, asio::dynamic_buffer(answer), error);
    ended_ = error;
    return answer;
  }
  // How the last Exchange ended: eof where the server said that it ends.
  error_code ended() const { return ended_; }
  std::string protocol() const {
    const unsigned char* name = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(const_cast<Stream&>(*stream_).native_handle(), &name, &length);
    return {reinterpret_cast<const char*>(name), length};
  }

 private:
  asio::io_context io_;
  ssl::context context_;
  std::optional<Stream> stream_;
  error_code ended_;
};

class TlsTest : public testing::Test {
 protected:
  TlsTest() {
    char path[] = "/tmp/hone-tls-XXXXXX";
    folder_ = mkdtemp(path);
    files_ = MakeCertificate(folder_, "server");
  }
  ~TlsTest() override {
    Stop();
    std::filesystem::remove_all(folder_);
  }
  void Serve(Duration request_timeout = 10 * kSecond) {
    const auto handle = [](const HttpRequest& request, Responder responder) {
      if (AsksForWebSocket(request)) return responder.Upgrade(std::make_shared<SecureEcho>(), {});
      responder.Send(TextResponse(request.path == "/big" ? std::string(3'000'000, 'b') : request.body));
    };
    tls_ = TlsContext::Load({files_.certificate, files_.key}).value();
    server_ = HttpServer::Listen({.port = 0, .request_timeout = request_timeout}, handle, tls_).value();
    thread_ = std::thread([this] { server_->Run(0); });
  }
  void Stop() {
    if (!thread_.joinable()) return;
    server_->Stop(5 * kSecond);
    thread_.join();
  }
  std::string Write(const std::string& name, const std::string& text) {
    std::string path = (folder_ / name).string();
    std::ofstream(path) << text;
    return path;
  }
  int port() const { return server_->port(); }

  std::filesystem::path folder_;
  CertificateFiles files_;
  std::shared_ptr<TlsContext> tls_;
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

constexpr const char* kPost =
    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nfirstPOST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
    "Content-Length: 6\r\n\r\nsecond";

TEST_F(TlsTest, RequestsAreAnsweredAsOverPlainTcp) {
  Serve();
  SecureClient client(files_.certificate);
  ASSERT_EQ(client.Connect(port()), "");
  EXPECT_EQ(client.protocol(), "http/1.1");
  EXPECT_STREQ(SSL_get_version(client.stream().native_handle()), "TLSv1.3");
  const std::string answers = client.Exchange(kPost);
  EXPECT_THAT(answers, HasSubstr("first"));
  EXPECT_THAT(answers, EndsWith("second"));
  EXPECT_EQ(client.ended(), asio::error::eof) << "the server says that it ends";
  ASSERT_EQ(client.Connect(port()), "");
  EXPECT_THAT(client.Exchange("GET /big HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
              EndsWith(std::string(3'000'000, 'b')));
}

TEST_F(TlsTest, AClientRefusesWhatItDoesNotTrust) {
  Serve();
  SecureClient nobody(""), other(MakeCertificate(folder_, "other").certificate);
  EXPECT_THAT(nobody.Connect(port()), HasSubstr("certificate verify failed"));
  EXPECT_THAT(other.Connect(port()), HasSubstr("certificate verify failed"));
  SecureClient trusting(files_.certificate);
  EXPECT_EQ(trusting.Connect(port()), "");
}

TEST_F(TlsTest, OldVersionsWeakCiphersAndOtherProtocolsAreRefused) {
  Serve();
  SecureClient old(files_.certificate);
  SSL_CTX_set_min_proto_version(old.context().native_handle(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old.context().native_handle(), TLS1_1_VERSION);
  SSL_CTX_set_security_level(old.context().native_handle(), 0);
  EXPECT_NE(old.Connect(port()), "");
  SecureClient weak(files_.certificate);
  SSL_CTX_set_max_proto_version(weak.context().native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(weak.context().native_handle(), "ECDHE-ECDSA-AES128-SHA256");
  EXPECT_NE(weak.Connect(port()), "");
  SSL_CTX_set_cipher_list(weak.context().native_handle(), "ECDHE-ECDSA-AES128-GCM-SHA256");
  EXPECT_EQ(weak.Connect(port()), "");
  SecureClient newer(files_.certificate);
  EXPECT_THAT(newer.Connect(port(), std::string("\x02h2")), HasSubstr("no application protocol"));
  EXPECT_EQ(newer.Connect(port(), std::string("\x02h2\x08http/1.1")), "");
  EXPECT_EQ(newer.protocol(), "http/1.1");
}

TEST_F(TlsTest, WhatIsNotTlsIsClosedAndTheOthersAreServed) {
  Serve();
  RawClient plain(port());
  plain.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(plain.Receive(), testing::Not(HasSubstr("HTTP/1.1")));
  RawClient noise(port());
  noise.Send(std::string(5000, '\x16'));
  noise.Receive();
  SecureClient after(files_.certificate);
  EXPECT_EQ(after.Connect(port()), "");
}

TEST_F(TlsTest, AHandshakeThatTakesTooLongIsCutOff) {
  Serve(300 * kMillisecond);
  const auto begun = std::chrono::steady_clock::now();
  RawClient silent(port());
  EXPECT_EQ(silent.Receive(), "");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
  EXPECT_EQ(server_->counts().timed_out, 1u);
}

TEST_F(TlsTest, WebSocketsGoThroughTls) {
  Serve();
  SecureClient client(files_.certificate);
  ASSERT_EQ(client.Connect(port()), "");
  boost::beast::websocket::stream<SecureClient::Stream&> websocket(client.stream());
  websocket.handshake("127.0.0.1", "/ws");
  boost::beast::flat_buffer buffer;
  for (const std::size_t size : {std::size_t{1}, std::size_t{200'000}}) {
    const std::string text(size, 'w');
    websocket.write(asio::buffer(text));
    websocket.read(buffer);
    EXPECT_EQ(boost::beast::buffers_to_string(buffer.data()), text);
    buffer.clear();
  }
  std::thread reader([&] {
    error_code error;
    websocket.read(buffer, error);
    EXPECT_EQ(error, boost::beast::websocket::error::closed);
  });
  Stop();
  reader.join();
  EXPECT_EQ(websocket.reason().code, 1001);
}

TEST_F(TlsTest, ARenewedCertificateIsForNewConnectionsAndTheOldOnesStay) {
  Serve();
  const std::string old_certificate = (folder_ / "old.pem").string();
  std::filesystem::copy_file(files_.certificate, old_certificate);
  SecureClient before(old_certificate);
  ASSERT_EQ(before.Connect(port()), "");
  MakeCertificate(folder_, "server");  // the same files, another key
  SecureClient still(old_certificate);
  EXPECT_EQ(still.Connect(port()), "") << "nothing is read before Reload";
  ASSERT_TRUE(tls_->Reload().ok());
  SecureClient after(files_.certificate), outdated(old_certificate);
  EXPECT_EQ(after.Connect(port()), "");
  EXPECT_THAT(outdated.Connect(port()), HasSubstr("certificate verify failed"));
  EXPECT_THAT(before.Exchange(kPost), EndsWith("second")) << "the connection that was there goes on";
  EXPECT_THAT(after.Exchange(kPost), EndsWith("second"));
}

TEST_F(TlsTest, AFileThatIsNoneLeavesTheCertificateAsItWas) {
  Serve();
  const std::string good = (folder_ / "good.pem").string();
  std::filesystem::copy_file(files_.certificate, good);
  Write("server.pem", "half a certif");
  const Status reloaded = tls_->Reload();
  ASSERT_FALSE(reloaded.ok());
  EXPECT_THAT(reloaded.error().ToString(), StartsWith(files_.certificate));
  EXPECT_THAT(reloaded.error().ToString(), HasSubstr("holds no certificate"));
  SecureClient client(good);
  ASSERT_EQ(client.Connect(port()), "");
  EXPECT_THAT(client.Exchange(kPost), EndsWith("second"));
}

TEST_F(TlsTest, FilesThatAreNoneAreNamed) {
  const CertificateFiles other = MakeCertificate(folder_, "other");
  const CertificateFiles locked = MakeCertificate(folder_, "locked", "secret");
  const std::string empty = Write("empty.pem", ""), text = Write("text.pem", "not a key");
  const struct {
    TlsFiles files;
    std::string named, says;
  } cases[] = {
      {{"/nowhere.pem", files_.key}, "/nowhere.pem", "certificate cannot be read: No such file"},
      {{files_.certificate, "/nowhere.key"}, "/nowhere.key", "private key cannot be read: No such file"},
      {{files_.certificate, folder_.string()}, folder_.string(), "cannot be read: Is a directory"},
      {{empty, files_.key}, empty, "it is empty"},
      {{text, files_.key}, text, "holds no certificate in PEM"},
      {{files_.certificate, text}, text, "holds no private key in PEM"},
      {{locked.certificate, locked.key}, locked.key, "not encrypted"},
      {{files_.certificate, other.key}, other.key, "is not the key of the certificate " + files_.certificate},
  };
  for (const auto& [files, named, says] : cases) {
    const auto context = TlsContext::Load(files);
    ASSERT_FALSE(context.ok()) << named;
    EXPECT_EQ(context.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(context.error().ToString(), StartsWith(named));
    EXPECT_THAT(context.error().ToString(), HasSubstr(says));
  }
}

}  // namespace
}  // namespace hone
