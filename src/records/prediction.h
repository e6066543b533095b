// One answer of a model, and what came of it.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"

namespace hone {

// Which part of a version's life produced the answer.
enum class Role : std::uint8_t {
  kChampion = 0,  // the active version
  kCanary = 1,    // a challenger that was given this request
  kFallback = 2,  // persistence, while the model is frozen
};
const char* RoleName(Role role);

// What a request was assigned to, where live traffic is split between versions (a canary, an A/B test).
struct Assignment {
  std::uint64_t split = 0;  // which split; 0: none, and nothing below says anything
  std::uint64_t unit = 0;   // a hash of the routing key by which it was drawn; 0: it was drawn by itself
  std::uint8_t arm = 0;     // 0: the champion; i: the i-th challenger, also where it had no answer and was passed over
  bool failed = false;      // the arm had no finite answer
  bool answered = true;     // by anyone: else there is no prediction, and nothing to be stored
  bool timed = false;       // the latency is its own and no batch's
};

// One served prediction. `features` follows the model's feature list; NaN is a missing value.
struct Prediction {
  Id id;
  Time time = 0;
  std::string model;
  std::string version;
  Role role = Role::kChampion;
  double propensity = 1;  // the probability with which the router chose this version, (0, 1]
  std::vector<double> features;
  double value = 0;
  Duration latency = 0;
  std::vector<double> values;  // the whole answer where it has several numbers, `value` being the first; not stored
  std::vector<double> votes;   // an ensemble's members' answers, one after the other; not stored
  // The caller was told the interval `value` +- this; NaN: none. Not stored.
  double reach = std::numeric_limits<double>::quiet_NaN();
  Assignment assignment;  // not stored
};

// What another live version would have answered to the same request.
struct ShadowPrediction {
  Id prediction_id;
  std::string version;
  double value = 0;
};

// What really happened for one prediction id. The first outcome stands; later ones for the same id are counted as
// doubles and change nothing.
struct Outcome {
  Id prediction_id;
  double value = 0;
  Time time = 0;  // when it became known
};

}  // namespace hone
