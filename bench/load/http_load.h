// A load generator for benchmarks: HTTP/1.1 over kept connections of loopback, one thread, one request at a time on
// each connection.
//
// Open loop: requests fall due at moments drawn beforehand (Poisson arrivals of a given rate), whatever the server
// does; one that finds every connection busy waits for the first that is free, and its latency counts from the moment
// at which it was due. So a server that stops for a while is charged for all that would have come meanwhile (no
// coordinated omission). Closed loop: each connection asks as soon as it is answered, which tells how much a server
// answers at most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hone::bench {

struct HttpLoad {
  int port = 0;
  std::vector<std::string> requests;  // whole, as sent; taken in turn
  // Whether `body` is the right answer to a request; called for answers of status 200.
  std::function<bool(std::size_t request, std::string_view body)> is_right;
};

struct HttpLoadResult {
  std::int64_t answers = 0;
  std::int64_t wrong = 0;         // of another status, or not right
  double seconds = 0;             // until the last answer
  std::vector<double> latencies;  // microseconds, in increasing order

  double rate() const { return seconds > 0 ? static_cast<double>(answers) / seconds : 0; }
  // The smallest latency that a share `q` of the answers does not exceed; 0 without answers.
  double Quantile(double q) const;
};

// The bytes of a POST of JSON.
std::string JsonPost(std::string_view target, std::string_view body);

// Both: kUnavailable where a connection fails or is closed, an answer has no Content-Length, or answers are still
// missing ten seconds after the last request was due.
Result<HttpLoadResult> RunClosedLoop(const HttpLoad& load, int connections, double seconds);
// `rate`: requests a second, > 0. The same seed gives the same arrivals.
Result<HttpLoadResult> RunOpenLoop(const HttpLoad& load, int connections, double rate, double seconds,
                                   std::uint64_t seed);

}  // namespace hone::bench
