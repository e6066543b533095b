// What serving needs to know about a model at one moment, immutable: who answers, who else scores, and how a row is
// laid out. A change of routing makes a new snapshot (snapshot_table.h hands them to the I/O threads).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/model.h"
#include "serving/answer_reach.h"

namespace hone {

// The version that answers while a model is frozen.
inline constexpr const char* kPersistenceVersion = "persistence";

// A version that can answer.
struct LiveVersion {
  std::string version;
  ModelPointer model;
};

// A challenger that answers a share of the requests: a canary of a rollout, or an arm of an A/B test.
struct ChallengerVersion {
  LiveVersion live;
  double share = 0;  // (0, 1]
};

// The answers that are plausible: finite and within [low, high]. Made from the training target; a guardrail of
// rollouts.
struct AnswerRange {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();

  bool Contains(double value) const { return value >= low && value <= high && value - value == 0; }
};

inline constexpr std::size_t kMostChallengers = 7;

// What a snapshot is made of.
struct SnapshotParts {
  std::string model;
  std::vector<std::string> features;  // the row: distinct names, 1 ... 4,096
  LiveVersion champion;
  std::vector<ChallengerVersion> challengers;  // shares of at most 1 together; the rest is the champion's
  bool ab_test = false;                        // what the challengers are for
  std::uint64_t salt = 0;                      // of the draws from keys (router.h)
  std::uint64_t split = 0;                     // the split of traffic that assignments are told of; 0: nobody counts
  std::optional<std::uint32_t> fallback;  // the column that answers instead of the champion while the model is frozen
  std::vector<LiveVersion> shadows;       // score every request, answer none
  AnswerRange range;
  std::shared_ptr<const AnswerReach> reach;  // null: answers carry no interval
};

// Immutable; any number of threads.
class ModelSnapshot {
 public:
  // kInvalidArgument names what does not fit: an empty or doubled feature name, a version without a model, of another
  // width than the row or of another number of outputs than the champion, a version named twice, a share outside
  // (0, 1], shares of more than 1 together, more than kMostChallengers, a column outside the row or instead of several
  // outputs, an empty range.
  static Result<std::shared_ptr<const ModelSnapshot>> Make(SnapshotParts parts);

  const std::string& model() const { return parts_.model; }
  const std::vector<std::string>& features() const { return parts_.features; }
  std::size_t width() const { return parts_.features.size(); }
  // Numbers an answer has, of whichever version.
  std::size_t outputs() const { return parts_.champion.model->outputs(); }
  const LiveVersion& champion() const { return parts_.champion; }
  const std::vector<ChallengerVersion>& challengers() const { return parts_.challengers; }
  bool ab_test() const { return parts_.ab_test; }
  std::uint64_t salt() const { return parts_.salt; }
  std::uint64_t split() const { return parts_.split; }
  const std::optional<std::uint32_t>& fallback() const { return parts_.fallback; }
  bool frozen() const { return parts_.fallback.has_value(); }
  const std::vector<LiveVersion>& shadows() const { return parts_.shadows; }
  const AnswerRange& range() const { return parts_.range; }
  const AnswerReach* reach() const { return parts_.reach.get(); }
  // The champion, challenger or shadow of that name; nullptr when there is none.
  const LiveVersion* FindVersion(std::string_view version) const;

  // Column of a feature, -1 when there is none. `hint` is tried first: bodies that name features in the order of the
  // list cost one comparison each. Allocates nothing.
  int ColumnOf(std::string_view feature, std::size_t hint = 0) const;

 private:
  explicit ModelSnapshot(SnapshotParts parts);

  SnapshotParts parts_;
  std::vector<std::uint32_t> by_name_;  // columns in the order of their names
};

using SnapshotPointer = std::shared_ptr<const ModelSnapshot>;

}  // namespace hone
