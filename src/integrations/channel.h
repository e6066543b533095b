// A way out: what a courier hands messages to.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "base/time.h"

namespace hone {

// What came of an attempt.
struct Delivery {
  enum class Result {
    kDelivered,
    kRefused,      // this message is not taken; another may be
    kUnreachable,  // nobody takes anything now
  };
  Result result = Result::kDelivered;
  std::size_t messages = 1;  // the first so many of those offered went together: what is said is of all of them
  Duration wait = 0;         // not before that has passed; also after a delivery
  std::string error;         // what happened, without any secret
};

// One thread at a time. A call takes at most about its timeout.
class Channel {
 public:
  virtual ~Channel() = default;
  // Sends the first of `notices`, or the first few as one: texts as NoticeJson (alerts/alert_json.h) writes them,
  // oldest first, at least one.
  virtual Delivery Send(std::span<const std::string> notices) = 0;
};

inline Delivery Delivered() { return {}; }
inline Delivery Refused(std::string error) { return {Delivery::Result::kRefused, 1, 0, std::move(error)}; }
inline Delivery Unreachable(std::string error, Duration wait = 0) {
  return {Delivery::Result::kUnreachable, 1, wait, std::move(error)};
}

}  // namespace hone
