// A JSON body for requests to predict, parsed with simdjson (Langdale and Lemire, 2019) into memory that is reused:
// once it has grown to the bodies that come nothing is allocated.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hone {

// A number, or NaN for null; false for anything else.
inline bool ReadNumberOrNull(const simdjson::dom::element& element, double& value) {
  if (element.get_double().get(value) == simdjson::SUCCESS) return true;
  value = std::numeric_limits<double>::quiet_NaN();
  return element.is_null();
}

// Not thread-safe: one a thread.
class RequestJson {
 public:
  struct Limits {
    std::string_view source;  // names the body in errors; lives as long as this does
    std::size_t bytes = 0;
    int depth = 0;
  };

  explicit RequestJson(Limits limits) : limits_(limits) {}

  // The body's root, valid until the next Parse. Integers beyond 64 bits, which simdjson refuses, become the nearest
  // doubles. kInvalidArgument names line and column: no JSON, or beyond the limits.
  Result<simdjson::dom::element> Parse(std::string_view body);
  // Of the largest body so far, in bytes; several times as much memory is held.
  std::size_t capacity() const { return capacity_; }

  // The member "key" of a request: what its answers are routed by. 1 to 64 visible ASCII characters.
  Status ReadKey(const simdjson::dom::element& value, std::string_view& key) const;
  Error Malformed(std::string message, std::string key = "") const;

 private:
  simdjson::error_code Grow(std::size_t bytes);
  simdjson::error_code TryParse(std::string_view body, simdjson::dom::element& root);

  Limits limits_;
  simdjson::dom::parser parser_;
  std::vector<char> padded_;  // the body and the bytes behind it that simdjson may read
  std::size_t capacity_ = 0;
};

}  // namespace hone
