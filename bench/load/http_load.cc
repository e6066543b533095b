#include "load/http_load.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>

#include "base/random.h"

namespace hone::bench {

namespace {

constexpr std::int64_t kSecondNanoseconds = 1'000'000'000;

std::int64_t Now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// When requests are due.
class Arrivals {
 public:
  // `rate` 0: always.
  Arrivals(double rate, double seconds, std::uint64_t seed)
      : gap_(rate > 0 ? static_cast<double>(kSecondNanoseconds) / rate : 0),
        random_(seed),
        next_(static_cast<double>(Now())),
        end_(next_ + seconds * static_cast<double>(kSecondNanoseconds)) {
    Draw();
  }

  // The oldest moment that is due at `now` and was not taken yet.
  std::optional<std::int64_t> Take(std::int64_t now) {
    if (gap_ == 0) next_ = static_cast<double>(now);
    if (Over() || next_ > static_cast<double>(now)) return std::nullopt;
    const auto due = static_cast<std::int64_t>(next_);
    Draw();
    return due;
  }
  bool Over() const { return next_ >= end_; }
  std::int64_t end() const { return static_cast<std::int64_t>(end_); }
  // Rounded down, so that the last part is waited for by asking again.
  int MillisecondsToNext(std::int64_t now) const {
    if (gap_ == 0 || Over()) return 100;
    return static_cast<int>(std::clamp((next_ - static_cast<double>(now)) / 1e6, 0.0, 100.0));
  }

 private:
  void Draw() { next_ -= gap_ * std::log1p(-random_.Uniform()); }

  double gap_;  // mean, ns
  Random random_;
  double next_, end_;  // ns
};

struct Answer {
  int status = 0;
  std::string_view body;
};

std::size_t ContentLength(std::string_view head) {
  constexpr std::string_view kName = "\ncontent-length:";
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
  const auto at = std::search(head.begin(), head.end(), kName.begin(), kName.end(), same);
  if (at == head.end()) return std::numeric_limits<std::size_t>::max();
  std::string_view digits = head.substr(static_cast<std::size_t>(at - head.begin()) + kName.size());
  digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
  std::size_t length = std::numeric_limits<std::size_t>::max();
  std::from_chars(digits.data(), digits.data() + digits.size(), length);
  return length;
}

// Nothing while `input` is not a whole answer.
Result<std::optional<Answer>> TakeAnswer(std::string_view input) {
  constexpr std::size_t kMostBytes = std::size_t{1} << 20;
  const std::size_t end = input.find("\r\n\r\n");
  if (end == input.npos && input.size() < kMostBytes) return std::optional<Answer>();
  const std::size_t length = end == input.npos ? kMostBytes : ContentLength(input.substr(0, end));
  if (length >= kMostBytes) return Error{ErrorCode::kUnavailable, "an answer without Content-Length, or too long"};
  if (input.size() < end + 4 + length) return std::optional<Answer>();
  Answer answer{0, input.substr(end + 4, length)};
  if (input.size() > 12) std::from_chars(input.data() + 9, input.data() + 12, answer.status);
  return std::optional(answer);
}

struct Connection {
  int socket = -1;
  std::size_t request = 0;
  std::int64_t due = 0;
  std::string input;
};

class Generator {
 public:
  explicit Generator(const HttpLoad& load) : load_(load), poll_(epoll_create1(EPOLL_CLOEXEC)) {}
  ~Generator() {
    for (const Connection& connection : connections_) close(connection.socket);
    close(poll_);
  }
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;

  Status Connect(int count) {
    connections_.resize(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      HONE_RETURN_IF_ERROR(Connect(connections_[i]));
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      epoll_ctl(poll_, EPOLL_CTL_ADD, connections_[i].socket, &event);
      idle_.push_back(i);
    }
    return {};
  }

  Result<HttpLoadResult> Run(Arrivals arrivals) {
    const std::int64_t begin = Now();
    last_ = begin;
    for (std::int64_t now = begin; !arrivals.Over() || idle_.size() < connections_.size(); now = Now()) {
      if (now > arrivals.end() + 10 * kSecondNanoseconds) return Lost("answers are missing");
      HONE_RETURN_IF_ERROR(SendDue(arrivals, now));
      HONE_RETURN_IF_ERROR(ReceiveReady(arrivals.MillisecondsToNext(now)));
    }
    result_.seconds = static_cast<double>(last_ - begin) / 1e9;
    std::ranges::sort(result_.latencies);
    return std::move(result_);
  }

 private:
  Error Lost(std::string_view what) const {
    return {ErrorCode::kUnavailable, std::string(what), fmt::format("127.0.0.1:{}", load_.port)};
  }

  Status Connect(Connection& connection) {
    connection.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(load_.port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(connection.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      return Lost("no connection");
    }
    const int yes = 1;
    setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return {};
  }

  Status SendDue(Arrivals& arrivals, std::int64_t now) {
    while (!idle_.empty()) {
      const std::optional<std::int64_t> due = arrivals.Take(now);
      if (!due) return {};
      Connection& connection = connections_[idle_.back()];
      idle_.pop_back();
      connection.due = *due;
      connection.request = next_request_++ % load_.requests.size();
      const std::string& bytes = load_.requests[connection.request];
      if (send(connection.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) {
        return Lost("a request was not taken");
      }
    }
    return {};
  }

  Status ReceiveReady(int milliseconds) {
    std::array<epoll_event, 64> ready{};
    const int count = epoll_wait(poll_, ready.data(), static_cast<int>(ready.size()), milliseconds);
    for (int i = 0; i < count; ++i) {
      HONE_RETURN_IF_ERROR(Receive(ready[static_cast<std::size_t>(i)].data.u64));
    }
    return {};
  }

  Status Receive(std::size_t index) {
    Connection& connection = connections_[index];
    std::array<char, 16384> buffer;
    const ssize_t got = recv(connection.socket, buffer.data(), buffer.size(), 0);
    if (got <= 0) return Lost("a connection was closed");
    connection.input.append(buffer.data(), static_cast<std::size_t>(got));
    HONE_ASSIGN_OR_RETURN(const std::optional<Answer> answer, TakeAnswer(connection.input));
    if (!answer) return {};
    Count(connection, *answer);
    connection.input.clear();
    idle_.push_back(index);
    return {};
  }

  void Count(const Connection& connection, const Answer& answer) {
    last_ = Now();
    ++result_.answers;
    result_.latencies.push_back(static_cast<double>(last_ - connection.due) / 1e3);
    if (answer.status != 200 || !load_.is_right(connection.request, answer.body)) ++result_.wrong;
  }

  const HttpLoad& load_;
  int poll_;
  std::vector<Connection> connections_;
  std::vector<std::size_t> idle_;
  std::size_t next_request_ = 0;
  std::int64_t last_ = 0;  // answer
  HttpLoadResult result_;
};

Result<HttpLoadResult> RunLoad(const HttpLoad& load, int connections, double rate, double seconds, std::uint64_t seed) {
  Generator generator(load);
  HONE_RETURN_IF_ERROR(generator.Connect(connections));
  return generator.Run(Arrivals(rate, seconds, seed));
}

}  // namespace

double HttpLoadResult::Quantile(double q) const {
  if (latencies.empty()) return 0;
  const double rank = std::ceil(q * static_cast<double>(latencies.size())) - 1;
  return latencies[static_cast<std::size_t>(std::max(rank, 0.0))];
}

std::string JsonPost(std::string_view target, std::string_view body) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", target,
      body.size(), body);
}

Result<HttpLoadResult> RunClosedLoop(const HttpLoad& load, int connections, double seconds) {
  return RunLoad(load, connections, 0, seconds, 0);
}

Result<HttpLoadResult> RunOpenLoop(const HttpLoad& load, int connections, double rate, double seconds,
                                   std::uint64_t seed) {
  return RunLoad(load, connections, rate, seconds, seed);
}

}  // namespace hone::bench
