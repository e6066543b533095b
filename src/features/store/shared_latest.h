// Newest values that several processes share, beside what each has in memory and on its disk.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "features/store/feature_values.h"

namespace hone {

// A newest value as it is answered.
struct NamedValue {
  std::string name;
  int version = 1;
  std::string hash;  // of the definition (RegisteredFeature::hash)
  FeatureValue value;
};

// The newest values of an instrument: of each feature's newest version, where it has one.
struct EntityLatest {
  std::string entity;
  Time written_at = 0;  // when the last of them was written
  std::vector<NamedValue> values;
};

// Thread-safe.
class SharedLatest {
 public:
  virtual ~SharedLatest() = default;
  // Puts values there in its own time and returns at once; one that is there of a later event, or of the same event
  // recorded later, stays.
  virtual void Offer(std::shared_ptr<const EntityLatest> latest) = 0;
  // Sets the values that are there of `asked`, and when they were written, removing those that are not. False where
  // nothing of the instrument is there. `written_at` is 0 where values of several writers stand beside each other.
  // kUnavailable, soon: there is no connection or no answer in time; kCorrupt: what is there is not what Offer puts
  // there.
  virtual Result<bool> Read(EntityLatest& asked) = 0;
};

}  // namespace hone
