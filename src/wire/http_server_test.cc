#include "wire/http_server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "wire/http_client.h"
#include "wire/http_problem.h"
#include "wire/http_router.h"
#include "wire/json.h"
#include "wire/testing/raw_client.h"

namespace hone {
namespace {

using std::chrono::steady_clock;
using testing_wire::RawClient;

int Count(const std::string& text, std::string_view part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

class HttpServerTest : public testing::Test {
 protected:
  HttpServerTest() {
    router_.Add("GET", "/", [](const HttpRequest&, const PathParameters&, Responder r) { r.Send(TextResponse("hi")); });
    router_.Add("POST", "/echo",
                [](const HttpRequest& q, const PathParameters&, Responder r) { r.Send(TextResponse(q.body)); });
    router_.Add("GET", "/models/{name}", [](const HttpRequest&, const PathParameters& p, Responder r) {
      r.Send(TextResponse("model " + std::string(p.Get("name"))));
    });
    router_.Add("GET", "/models/summary",
                [](const HttpRequest&, const PathParameters&, Responder r) { r.Send(TextResponse("summary")); });
    router_.Add("GET", "/dropped", [](const HttpRequest&, const PathParameters&, Responder) {});
    router_.Add("GET", "/throws", [](const HttpRequest&, const PathParameters&, const Responder&) {
      throw std::runtime_error("broken");
    });
    router_.Add("GET", "/big", [](const HttpRequest&, const PathParameters&, Responder r) {
      r.Send(TextResponse(std::string(1 << 20, 'x')));
    });
    router_.Add("GET", "/forged", [](const HttpRequest&, const PathParameters&, Responder r) {
      r.Send({200, "", "text/plain", {{"X", "a\r\nInjected: b"}}});
    });
    router_.Add("GET", "/late", [this](const HttpRequest&, const PathParameters&, Responder r) {
      const auto kept = std::make_shared<Responder>(std::move(r));
      workers_.emplace_back([kept] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        kept->Send(TextResponse("late"));
      });
    });
    router_.Add("GET", "/never",
                [this](const HttpRequest&, const PathParameters&, Responder r) { parked_.push_back(std::move(r)); });
  }
  ~HttpServerTest() override { StopAll(kSecond); }

  void StartServer(HttpServerOptions options = {}) {
    options.port = 0;
    auto server = HttpServer::Listen(options, [this](const HttpRequest& request, Responder responder) {
      router_.Handle(request, std::move(responder));
    });
    ASSERT_TRUE(server.ok()) << server.error().ToString();
    server_ = std::move(server).value();
    for (int i = 0; i < server_->io_threads(); ++i) threads_.emplace_back([this, i] { server_->Run(i); });
  }
  void StopAll(Duration drain) {
    if (server_) server_->Stop(drain);
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    for (auto& worker : workers_) worker.join();
    workers_.clear();
  }
  HttpClient Client() { return HttpClient("127.0.0.1", server_->port(), 20 * kSecond); }
  std::string Exchange(std::string_view bytes) {
    RawClient client(server_->port());
    client.Send(bytes);
    client.EndSending();
    return client.Receive();
  }

  HttpRouter router_;
  std::vector<Responder> parked_;
  std::unique_ptr<HttpServer> server_;
  std::vector<std::thread> threads_;
  std::vector<std::thread> workers_;
};

TEST_F(HttpServerTest, AnswersOnAKeptConnection) {
  StartServer();
  HttpClient client = Client();
  for (int i = 0; i < 100; ++i) {
    const auto answer = client.Post("/echo", std::to_string(i));
    ASSERT_TRUE(answer.ok()) << answer.error().ToString();
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, std::to_string(i));
    EXPECT_EQ(answer->Header("content-type"), "text/plain; charset=utf-8");
  }
  EXPECT_EQ(server_->counts().accepted, 1U);
  EXPECT_EQ(server_->counts().requests, 100U);
}

TEST_F(HttpServerTest, RoutesLiteralsBeforeParameters) {
  StartServer();
  HttpClient client = Client();
  EXPECT_EQ(client.Get("/models/summary")->body, "summary");
  EXPECT_EQ(client.Get("/models/summary/")->body, "summary");
  EXPECT_EQ(client.Get("/models%2Fsummary")->status, 404);
  EXPECT_EQ(client.Get("/models/a%2Fb%20c?x=1")->body, "model a/b c");
  EXPECT_EQ(client.Get("/models/a/")->body, "model a");
  EXPECT_EQ(client.Get("/")->body, "hi");
}

TEST_F(HttpServerTest, AKeptConnectionGoesFromTargetToTarget) {
  StartServer();
  HttpClient client = Client();
  for (const char* name : {"a", "a", "b", "b", "a", "%61", "c?x=1", "c"}) {
    const std::string decoded(1, name[0] == '%' ? 'a' : name[0]);
    EXPECT_EQ(client.Get("/models/" + std::string(name))->body, "model " + decoded);
  }
  EXPECT_EQ(client.Get("/none")->status, 404);
  EXPECT_EQ(client.Get("/none")->status, 404);
  EXPECT_EQ(client.Get("/models/a")->body, "model a");
  EXPECT_EQ(server_->counts().accepted, 1U);
}

TEST_F(HttpServerTest, UnknownPathsAndMethodsAreProblems) {
  StartServer();
  HttpClient client = Client();
  const auto missing = client.Get("/models/a/b");
  EXPECT_EQ(missing->status, 404);
  EXPECT_EQ(missing->Header("Content-Type"), "application/problem+json");
  const JsonValue problem = ParseJson(missing->body).value();
  EXPECT_EQ(problem.Find("title")->text, "Not Found");
  EXPECT_EQ(problem.Find("status")->integer, 404);
  EXPECT_EQ(problem.Find("type")->text, "about:blank");
  const auto wrong = client.Post("/models/a", "{}");
  EXPECT_EQ(wrong->status, 405);
  EXPECT_EQ(wrong->Header("Allow"), "GET, HEAD");
  EXPECT_NE(client.Get("/model/summary")->body.find("did you mean /models/summary?"), std::string::npos);
}

TEST_F(HttpServerTest, ErrorsBecomeProblemsWithTheirPlace) {
  const HttpResponse response =
      ProblemResponse(Error{ErrorCode::kUnavailable, "try again", "/predict/single", 3, "features"});
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(FindHeader(response.headers, "retry-after"), "1");
  EXPECT_EQ(response.body,
            "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,\"detail\":\"try again\","
            "\"code\":\"unavailable\",\"source\":\"/predict/single\",\"line\":3,\"key\":\"features\"}");
}

TEST_F(HttpServerTest, HeadHasNoBody) {
  StartServer();
  const std::string answer = Exchange("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("Content-Length: 2\r\n"), answer.npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  StartServer();
  std::string requests;
  for (int i = 0; i < 500; ++i) {
    const std::string body = std::to_string(i) + ";";
    requests += "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    if (i % 100 == 50) requests += "GET /late HTTP/1.1\r\nHost: a\r\n\r\n";
  }
  const std::string answers = Exchange(requests);
  EXPECT_EQ(Count(answers, "HTTP/1.1 200 OK\r\n"), 505);
  std::size_t last = 0;
  for (int i = 0; i < 500; ++i) {
    const std::size_t at = answers.find("\r\n\r\n" + std::to_string(i) + ";", last);
    ASSERT_NE(at, answers.npos) << i;
    last = at;
  }
}

TEST_F(HttpServerTest, PipelinedBigAnswersWaitForTheReader) {
  StartServer();
  std::string requests;
  for (int i = 0; i < 30; ++i) requests += "GET /big HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(Exchange(requests).size() / (1 << 20), 30U);
}

TEST_F(HttpServerTest, TakesRequestsByteByByte) {
  StartServer();
  RawClient client(server_->port());
  for (const char c : std::string("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")) {
    ASSERT_TRUE(client.Send(std::string_view(&c, 1)));
  }
  EXPECT_NE(client.Receive("hello").find("200 OK"), std::string::npos);
}

TEST_F(HttpServerTest, TakesBodiesOfManyReads) {
  StartServer();
  std::string body(3'000'000, 'x');
  for (std::size_t i = 0; i < body.size(); i += 1000) body[i] = static_cast<char>('a' + i / 1000 % 26);
  HttpClient client = Client();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.Post("/echo", body)->body, body);
}

TEST_F(HttpServerTest, TakesChunkedBodiesAndContinues) {
  StartServer();
  const std::string chunked =
      Exchange("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_TRUE(chunked.ends_with("\r\n\r\nabcde")) << chunked;
  RawClient client(server_->port());
  client.Send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.Receive("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("ok");
  EXPECT_TRUE(client.Receive("ok").ends_with("\r\n\r\nok"));
}

TEST_F(HttpServerTest, OldClientsAreClosedUnlessTheyAsk) {
  StartServer();
  RawClient closing(server_->port());
  closing.Send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_NE(closing.Receive().find("Connection: close"), std::string::npos);
  RawClient keeping(server_->port());
  keeping.Send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(keeping.Receive("hi").find("Connection: keep-alive"), std::string::npos);
}

TEST_F(HttpServerTest, LateAnswersDoNotHoldUpOthers) {
  StartServer({.io_threads = 1});
  RawClient late(server_->port());
  late.Send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(Client().Get("/")->body, "hi");
  EXPECT_TRUE(late.Receive("late").ends_with("late"));
}

TEST_F(HttpServerTest, DroppedAndThrownRequestsAnswer500) {
  StartServer();
  HttpClient client = Client();
  EXPECT_EQ(client.Get("/dropped")->status, 500);
  EXPECT_EQ(client.Get("/throws")->status, 500);
  EXPECT_EQ(client.Get("/")->status, 200);
}

TEST_F(HttpServerTest, AnswersThatNeverComeEndAt503) {
  StartServer({.answer_timeout = 200 * kMillisecond});
  EXPECT_EQ(Client().Get("/never")->status, 503);
  parked_.clear();  // answers into a connection that no longer waits
  EXPECT_EQ(Client().Get("/")->status, 200);
}

TEST_F(HttpServerTest, HeadersCannotBeForged) {
  StartServer();
  const auto answer = Client().Get("/forged");
  EXPECT_EQ(answer->Header("X"), "aInjected: b");
  EXPECT_EQ(answer->Header("Injected"), "");
}

TEST_F(HttpServerTest, MalformedRequestsAreRefused) {
  StartServer({.max_body_bytes = 100, .max_header_bytes = 1024});
  const auto status = [this](const std::string& bytes) { return Exchange(bytes).substr(0, 12); };
  EXPECT_EQ(status("\r\n\r\n\r\nBAD\r\n\r\n"), "HTTP/1.1 400");
  EXPECT_EQ(status("GET / HTTP/1.1\r\n\r\n"), "HTTP/1.1 400");  // no Host
  EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), "HTTP/1.1 400");
  EXPECT_EQ(status("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"), "HTTP/1.1 400");
  EXPECT_EQ(status("GET nothing HTTP/1.1\r\nHost: a\r\n\r\n"), "HTTP/1.1 400");
  EXPECT_EQ(status("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), "HTTP/1.1 505");
  EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'x') + "\r\n\r\n"), "HTTP/1.1 431");
  EXPECT_EQ(status("GET /" + std::string(2'000'000, 'x')), "HTTP/1.1 431");
  EXPECT_EQ(status("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n"), "HTTP/1.1 413");
  EXPECT_EQ(status("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n"),
            "HTTP/1.1 400");
  EXPECT_EQ(status("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"), "HTTP/1.1 400");
  EXPECT_EQ(status("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
            "HTTP/1.1 400");
  EXPECT_EQ(
      status("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
      "HTTP/1.1 400");
  EXPECT_EQ(status("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n"),
            "HTTP/1.1 413");
  EXPECT_EQ(status("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "HTTP/1.1 400");
  EXPECT_EQ(server_->counts().requests, 0U);
  EXPECT_EQ(Client().Get("/")->status, 200);
}

TEST_F(HttpServerTest, A413IsReadableWhileTheClientStillSends) {
  StartServer({.max_body_bytes = 1000});
  RawClient client(server_->port());
  client.Send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
  client.Send(std::string(3'000'000, 'x'));
  EXPECT_EQ(client.Receive().substr(0, 12), "HTTP/1.1 413");
}

TEST_F(HttpServerTest, SurvivesRandomBytesAndHalfRequests) {
  StartServer({.io_threads = 2});
  Random random(13);
  const std::string whole = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  for (int round = 0; round < 300; ++round) {
    RawClient client(server_->port());
    std::string bytes = whole.substr(0, random.Below(whole.size()));
    if (round % 3 == 0) {
      for (std::uint64_t i = random.Below(200); i > 0; --i) bytes += static_cast<char>(random.Below(256));
    } else if (round % 3 == 1 && !bytes.empty()) {
      bytes[random.Below(bytes.size())] ^= static_cast<char>(1 << random.Below(8));
    }
    client.Send(bytes);
  }
  EXPECT_EQ(Client().Post("/echo", "still here")->body, "still here");
}

TEST_F(HttpServerTest, SlowRequestsEndAt408) {
  StartServer({.request_timeout = 300 * kMillisecond});
  RawClient slow(server_->port());
  slow.Send("GET / HT");
  EXPECT_EQ(slow.Receive().substr(0, 12), "HTTP/1.1 408");
  EXPECT_EQ(server_->counts().timed_out, 1U);
}

TEST_F(HttpServerTest, SlowlyDrippedBytesDoNotProlongTheTime) {
  StartServer({.request_timeout = 400 * kMillisecond});
  RawClient slow(server_->port());
  slow.Send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
  int sent = 0;
  for (; sent < 100 && server_->counts().timed_out == 0; ++sent) {
    slow.Send("x");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_LT(sent, 100);
}

TEST_F(HttpServerTest, IdleConnectionsAreClosed) {
  StartServer({.idle_timeout = 200 * kMillisecond});
  RawClient idle(server_->port());
  EXPECT_EQ(idle.Receive(), "");
  EXPECT_EQ(server_->counts().timed_out, 0U);
}

TEST_F(HttpServerTest, AClientThatDoesNotReadIsCutOff) {
  StartServer({.write_timeout = 300 * kMillisecond});
  RawClient client(server_->port());
  std::string requests;
  for (int i = 0; i < 40; ++i) requests += "GET /big HTTP/1.1\r\nHost: a\r\n\r\n";
  client.Send(requests);
  for (int i = 0; i < 400 && server_->counts().timed_out == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(server_->counts().timed_out, 1U);
}

TEST_F(HttpServerTest, AClientThatBreaksOffIsForgotten) {
  StartServer();
  {
    RawClient client(server_->port());
    std::string requests;
    for (int i = 0; i < 40; ++i) requests += "GET /big HTTP/1.1\r\nHost: a\r\n\r\n";
    client.Send(requests);
    client.Receive("200 OK");
  }  // closed with answers unread: reset
  for (int i = 0; i < 400 && server_->counts().open > 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(server_->counts().open, 0);
  EXPECT_EQ(server_->counts().timed_out, 0U);
}

TEST_F(HttpServerTest, TakesManyConnectionsAtOnce) {
  StartServer();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 300; ++i) clients.push_back(std::make_unique<RawClient>(server_->port()));
  for (const auto& client : clients) client->Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  for (const auto& client : clients) EXPECT_TRUE(client->Receive("hi").ends_with("hi"));
  EXPECT_EQ(server_->counts().accepted, 300U);
}

TEST_F(HttpServerTest, ConnectionsBeyondTheLimitGet503) {
  StartServer({.max_connections = 2});
  RawClient first(server_->port()), second(server_->port());
  first.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  first.Receive("hi");
  second.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  second.Receive("hi");
  RawClient third(server_->port());
  EXPECT_EQ(third.Receive().substr(0, 12), "HTTP/1.1 503");
  EXPECT_EQ(server_->counts().refused, 1U);
}

TEST_F(HttpServerTest, APortInUseIsNamed) {
  StartServer();
  const auto second = HttpServer::Listen({.port = server_->port()}, [](const HttpRequest&, Responder) {});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kConflict);
  EXPECT_EQ(second.error().ToString(), "127.0.0.1:" + std::to_string(server_->port()) +
                                           ": the port is in use; stop the other program or choose another port");
}

TEST_F(HttpServerTest, OptionsOutOfRangeAreNamed) {
  const auto handler = [](const HttpRequest&, Responder) {};
  EXPECT_EQ(HttpServer::Listen({.port = 70000}, handler).error().key, "port");
  EXPECT_EQ(HttpServer::Listen({.port = 0, .io_threads = 0}, handler).error().key, "io_threads");
  EXPECT_EQ(HttpServer::Listen({.host = "no.such.host.invalid", .port = 0}, handler).error().code,
            ErrorCode::kInvalidArgument);
}

TEST_F(HttpServerTest, StopAnswersWhatHasBegun) {
  StartServer();
  RawClient late(server_->port());
  late.Send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
  while (server_->counts().requests == 0) std::this_thread::yield();
  server_->Stop(10 * kSecond);
  const std::string answer = late.Receive();
  EXPECT_TRUE(answer.ends_with("late")) << answer;
  EXPECT_NE(answer.find("Connection: close"), answer.npos);
}

TEST_F(HttpServerTest, StopCutsOffWhatDoesNotEnd) {
  StartServer();
  RawClient stuck(server_->port());
  stuck.Send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
  while (server_->counts().requests == 0) std::this_thread::yield();
  const auto begin = steady_clock::now();
  StopAll(500 * kMillisecond);
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(5));
  EXPECT_EQ(stuck.Receive(), "");
  server_.reset();
  parked_.clear();  // a Responder may outlive the server
}

TEST_F(HttpServerTest, PostRunsOnTheLoopsThread) {
  StartServer({.io_threads = 2});
  std::atomic<int> done{0};
  std::thread::id ids[2];
  for (int i = 0; i < 2; ++i) {
    server_->Post(i, [&, i] {
      ids[i] = std::this_thread::get_id();
      server_->PostAfter(i, 10 * kMillisecond, [&, i] {
        EXPECT_EQ(ids[i], std::this_thread::get_id());
        ++done;
      });
    });
  }
  while (done < 2) std::this_thread::yield();
  EXPECT_NE(ids[0], ids[1]);
}

TEST_F(HttpServerTest, ManyClientsOnManyThreads) {
  StartServer({.io_threads = 2});
  std::vector<std::thread> clients;
  std::atomic<int> right{0};
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&, c] {
      HttpClient client = Client();
      for (int i = 0; i < 250; ++i) {
        const std::string body = std::to_string(c) + ":" + std::to_string(i);
        const auto answer = client.Post("/echo", body);
        if (answer.ok() && answer->body == body) ++right;
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(right, 2000);
}

TEST(HttpClient, NamesWhatItCannotReach) {
  HttpClient client("127.0.0.1", 1, kSecond);
  const auto answer = client.Get("/");
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().source, "127.0.0.1:1");
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace hone
