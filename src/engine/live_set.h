// Who scores a request: every live version once, and the part each plays at that moment. A pending row keeps the set it
// was scored under, so an outcome counts for the versions that were there when the question was asked, whatever has
// happened since.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/trained_version.h"

namespace hone {

struct LiveSet {
  static constexpr int kNone = -1;

  std::vector<VersionPointer> versions;  // distinct; slots below index it
  std::vector<bool> competes;            // by slot: not there only for the practice record
  int champion = kNone;
  int challenger = kNone;          // in canary: may answer
  int watched = kNone;             // under the harm guard: the challenger, or the champion after its promotion
  int replaced = kNone;            // what the watched version replaces
  int anchor = kNone;              // where the chain of refreshes began
  std::vector<int> line_current;   // by recipe
  std::vector<int> line_replaced;  // by recipe: the version each line's newest one replaced
  std::vector<int> arms;           // beside the champion, of an A/B test that a person runs: may answer
  bool frozen = false;             // persistence answers
  std::int64_t watch = 0;          // number of the watch the guard counts

  // Slot of `version`, added when it is not there; kNone for null.
  int SlotOf(const VersionPointer& version);
  // Whether a version of that name is one of the arms.
  bool IsArm(const std::string& version) const;

  friend bool operator==(const LiveSet&, const LiveSet&) = default;
};

using LiveSetPointer = std::shared_ptr<const LiveSet>;

}  // namespace hone
