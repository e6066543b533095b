// Reads the body of POST /predict/single:
//   {"model":"volatility","features":{"rsi_14":31.5,"macd":null,...}}      by name, null is a missing value
//   {"model":"volatility","features":[31.5,null,...]}                      by position
// `model` may be left out where only one model is served. `key`, 1 to 64 visible ASCII characters, may be given:
// requests of one key are answered by one version (router.h). After the first few requests nothing is allocated
// (request_json.h).
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hone {

struct NamedFeature {
  std::string_view name;
  double value = 0;  // NaN when null
};

// Of what requests are routed by.
inline constexpr std::size_t kLongestRoutingKey = 64;

// Texts point into the reader and are valid until its next Read.
struct PredictRequest {
  std::string_view model;  // "" when left out
  std::string_view key;    // the same
  bool by_name = false;
  std::vector<NamedFeature> named;  // by_name: in the order of the body, names may repeat
  std::vector<double> values;       // otherwise
};

// Not thread-safe: one a thread.
class PredictRequestReader {
 public:
  static constexpr std::size_t kMaxBytes = 1u << 20;
  static constexpr std::size_t kMaxFeatures = 4096;

  PredictRequestReader();
  ~PredictRequestReader();

  // The request in `body`, valid until the next Read. kInvalidArgument names line and column or the key: not JSON,
  // deeper than 32, not a map, an unknown or doubled key, features missing, a value that is no number, more than
  // kMaxFeatures of them.
  Result<const PredictRequest*> Read(std::string_view body);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
  PredictRequest request_;
};

}  // namespace hone
