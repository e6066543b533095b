// libraries: api
// Fan-out of the WebSocket at /ws: 10,000 clients of another process over loopback, events published open-loop (each
// carries the time at which it was due, so a late publisher is not forgiven), delivery times as the clients see them.
// Equality: every client gets every event of its own, once and in order.
//
// The clients share the machine with the server, and each delivery costs them a system call too: on two cores what is
// told at the higher rates is the two together.
#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "api/api.h"
#include "engine/live_engine.h"
#include "wire/http_server.h"

namespace {

constexpr int kClients = 10'000, kSeconds = 8, kIoThreads = 1;

// `group`: clients that get each event. The events go to one group after the other.
struct Load {
  const char* kind;
  const char* what;
  int group;
  int events_per_second;

  int groups() const { return kClients / group; }
  int events() const { return events_per_second * kSeconds / groups() * groups(); }
  long deliveries() const { return static_cast<long>(events()) * group; }
};
constexpr std::array<Load, 4> kLoads = {{{"h", "each event to 100 clients", 100, 100},
                                         {"o", "each event to one client", 1, 10'000},
                                         {"h", "each event to 100 clients", 100, 200},
                                         {"a", "each event to all", kClients, 1}}};

std::int64_t Now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

class WallClock final : public hone::Clock {
 public:
  hone::Time Now() const override {
    return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
  }
};

void RaiseFileLimit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

[[noreturn]] void Fail(const char* what) {
  std::perror(what);
  std::_Exit(1);
}

std::string GroupName(const Load& load, int group) { return load.kind + std::to_string(group); }

// --- the clients' process ---

struct Client {
  int socket = -1;
  std::string input;  // not whole frames
  long next = 0;      // the event it waits for
};

struct PhaseResult {
  long received = 0, wrong = 0;
  std::int64_t p50 = 0, p99 = 0, most = 0;  // ns
};

void SendFrame(int socket, const std::string& text) {
  std::string frame = "\x81";
  frame += static_cast<char>(0x80 | std::min<std::size_t>(text.size(), 126));
  if (text.size() >= 126) {
    frame += static_cast<char>(text.size() >> 8);
    frame += static_cast<char>(text.size());
  }
  frame.append(4, '\0');  // the mask
  frame += text;
  if (send(socket, frame.data(), frame.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(frame.size())) Fail("send");
}

void Await(int socket, std::string_view enough) {
  std::string all;
  char buffer[4096];
  while (all.find(enough) == all.npos) {
    const ssize_t got = recv(socket, buffer, sizeof buffer, 0);
    if (got <= 0) Fail("recv");
    all.append(buffer, static_cast<std::size_t>(got));
  }
}

int Connect(int port, int number) {
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (client < 0 || connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) Fail("connect");
  const std::string request =
      "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  if (send(client, request.data(), request.size(), MSG_NOSIGNAL) < 0) Fail("send");
  Await(client, "\r\n\r\n");
  std::string models;
  for (const Load& load : {kLoads[0], kLoads[1], kLoads[3]}) {
    models += fmt::format("{}\"{}\"", models.empty() ? "" : ",", GroupName(load, number / load.group));
  }
  SendFrame(client, fmt::format(R"({{"command":"subscribe","topics":["execution"],"models":[{}]}})", models));
  Await(client, "subscribed");
  fcntl(client, F_SETFL, O_NONBLOCK);
  return client;
}

long NumberAfter(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  return at == text.npos ? -1 : std::strtol(text.data() + at + key.size(), nullptr, 10);
}

class Receiver {
 public:
  explicit Receiver(int port) : clients_(kClients), poll_(epoll_create1(0)) {
    for (int i = 0; i < kClients; ++i) {
      clients_[static_cast<std::size_t>(i)].socket = Connect(port, i);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u32 = static_cast<std::uint32_t>(i);
      epoll_ctl(poll_, EPOLL_CTL_ADD, clients_[static_cast<std::size_t>(i)].socket, &event);
    }
  }

  PhaseResult Run(long deliveries) {
    result_ = {};
    delays_.clear();
    for (Client& client : clients_) client.next = 0;
    std::array<epoll_event, 512> ready{};
    const std::int64_t until = Now() + (2 * kSeconds + 10) * 1'000'000'000LL;
    while (result_.received < deliveries && Now() < until) {
      const int count = epoll_wait(poll_, ready.data(), static_cast<int>(ready.size()), 100);
      for (int i = 0; i < count; ++i) Read(clients_[ready[static_cast<std::size_t>(i)].data.u32]);
    }
    std::sort(delays_.begin(), delays_.end());
    if (delays_.empty()) return result_;
    result_.p50 = delays_[delays_.size() / 2];
    result_.p99 = delays_[delays_.size() * 99 / 100];
    result_.most = delays_.back();
    return result_;
  }

 private:
  void Read(Client& client) {
    char buffer[16384];
    const ssize_t got = recv(client.socket, buffer, sizeof buffer, 0);
    const std::int64_t now = Now();
    if (got == 0) Fail("the server closed a client");
    if (got < 0) return;
    client.input.append(buffer, static_cast<std::size_t>(got));
    while (TakeFrame(client, now)) continue;
  }

  // Whole text frames of up to 64 KiB, and pings, which need no answer within the time of a run.
  bool TakeFrame(Client& client, std::int64_t now) {
    std::string& input = client.input;
    if (input.size() < 2) return false;
    const auto byte = [&input](std::size_t i) {
      return static_cast<std::size_t>(static_cast<unsigned char>(input[i]));
    };
    const bool extended = byte(1) == 126;
    if (extended && input.size() < 4) return false;
    const std::size_t header = extended ? 4 : 2, size = extended ? byte(2) << 8 | byte(3) : byte(1);
    if (input.size() < header + size) return false;
    if (byte(0) == 0x81) Take(client, {input.data() + header, size}, now);
    if (byte(0) == 0x88) Fail("a client was closed");
    if (byte(0) == 0x89) SendPong(client);
    input.erase(0, header + size);
    return true;
  }

  static void SendPong(const Client& client) {
    constexpr char kPong[] = {'\x8a', '\x80', 0, 0, 0, 0};
    if (send(client.socket, kPong, sizeof kPong, MSG_NOSIGNAL) < 0) Fail("send");
  }

  void Take(Client& client, std::string_view text, std::int64_t now) {
    ++result_.received;
    if (NumberAfter(text, "\"n\":") != client.next++) ++result_.wrong;
    delays_.push_back(now - NumberAfter(text, "\"t\":"));
  }

  std::vector<Client> clients_;
  int poll_;
  PhaseResult result_;
  std::vector<std::int64_t> delays_;
};

[[noreturn]] void RunClients(int from_server, int to_server) {
  int port = 0;
  if (read(from_server, &port, sizeof port) != sizeof port) std::_Exit(1);
  Receiver receiver(port);
  for (const Load& load : kLoads) {
    const char ready = 1;
    if (write(to_server, &ready, 1) != 1) std::_Exit(1);
    const PhaseResult result = receiver.Run(load.deliveries());
    if (write(to_server, &result, sizeof result) != sizeof result) std::_Exit(1);
  }
  std::_Exit(0);
}

// --- the server's process ---

void PublishAll(hone::TopicHub& topics, const Load& load) {
  const std::int64_t begin = Now() + 50'000'000, step = 1'000'000'000 / load.events_per_second;
  for (int i = 0; i < load.events(); ++i) {
    const std::int64_t due = begin + i * step;
    const timespec wake{due / 1'000'000'000, due % 1'000'000'000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, nullptr);
    topics.Publish(
        hone::Topic::kExecution, GroupName(load, i % load.groups()),
        fmt::format(R"({{"n":{},"t":{},"price":5012.25,"quantity":3,"symbol":"ES"}})", i / load.groups(), due), 0);
  }
}

bool Report(const Load& load, const PhaseResult& result, std::uint64_t lost) {
  const bool equal = result.received == load.deliveries() && result.wrong == 0 && lost == 0;
  fmt::print("websocket: {} clients, {}, {} deliveries/s: p50 {:.2f} ms, p99 {:.2f} ms, most {:.2f} ms; {} of {}: {}\n",
             kClients, load.what, static_cast<long>(load.events_per_second) * load.group,
             static_cast<double>(result.p50) / 1e6, static_cast<double>(result.p99) / 1e6,
             static_cast<double>(result.most) / 1e6, result.received, load.deliveries(),
             equal ? "equal, in order" : "DIFFERENT");
  std::fflush(stdout);
  return equal;
}

long ResidentMiB() {
  long pages = 0, ignored = 0;
  if (FILE* file = std::fopen("/proc/self/statm", "r"); file != nullptr) {
    if (std::fscanf(file, "%ld %ld", &ignored, &pages) != 2) pages = 0;
    std::fclose(file);
  }
  return pages * sysconf(_SC_PAGESIZE) / (1 << 20);
}

bool RunLoads(hone::TopicHub& topics, int from_clients) {
  for (const Load& load : kLoads) {
    char ready = 0;
    if (read(from_clients, &ready, 1) != 1) return false;
    if (&load == kLoads.data()) fmt::print("websocket: {} clients held, {} MiB resident\n", kClients, ResidentMiB());
    const std::uint64_t lost = topics.lost();
    PublishAll(topics, load);
    PhaseResult result;
    if (read(from_clients, &result, sizeof result) != sizeof result) return false;
    if (!Report(load, result, topics.lost() - lost)) return false;  // what is still on its way would disturb the next
  }
  return true;
}

int Serve(const std::filesystem::path& folder, int to_clients, int from_clients) {
  const WallClock clock;
  hone::LiveOptions options;
  options.folder = folder;
  options.io_threads = kIoThreads;
  const auto engine = hone::LiveEngine::Open(options, clock);
  if (!engine.ok()) return 1;
  hone::MetricRegistry metrics;
  hone::Api api(**engine, metrics, clock, {.io_threads = kIoThreads});
  const auto server = hone::HttpServer::Listen({.port = 0, .io_threads = kIoThreads}, api.handler());
  if (!server.ok()) return 1;
  api.Connect(**server);
  std::vector<std::thread> threads;
  for (int i = 0; i < kIoThreads; ++i) threads.emplace_back([&server, i] { (*server)->Run(i); });
  const int port = (*server)->port();
  const bool equal = write(to_clients, &port, sizeof port) == sizeof port && RunLoads(api.topics(), from_clients);
  (*server)->Stop(hone::kSecond);
  for (std::thread& thread : threads) thread.join();
  return equal ? 0 : 1;
}

}  // namespace

int main() {
  RaiseFileLimit();
  int to_clients[2], to_server[2];
  if (pipe(to_clients) != 0 || pipe(to_server) != 0) return 1;
  const pid_t clients = fork();
  if (clients == 0) {
    close(to_server[0]);
    close(to_clients[1]);
    RunClients(to_clients[0], to_server[1]);
  }
  close(to_server[1]);
  char folder[] = "/tmp/hone-websocket-bench-XXXXXX";
  if (clients < 0 || mkdtemp(folder) == nullptr) return 1;
  const int code = Serve(folder, to_clients[1], to_server[0]);
  std::filesystem::remove_all(folder);
  int status = 0;
  waitpid(clients, &status, 0);
  return code;
}
