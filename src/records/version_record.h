// A version: an immutable trained artifact of a model, with where it came from.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "base/time.h"

namespace hone {

// Where a version is in its life.
enum class Stage : std::uint8_t {
  kTraining,  // its job runs
  kStaging,   // trained and stored, answers nobody
  kShadow,    // scores every request, its answers are only recorded
  kCanary,    // answers a share of the requests
  kActive,    // the champion
  kRetired,   // was active, may be rolled back to
  kRejected,  // failed validation, twin check, smoke test or its verdict
  kFailed,    // its training or loading failed
};
const char* StageName(Stage stage);
// Rejected, failed: never to be activated.
bool IsFinished(Stage stage);

// major.minor.patch
struct VersionNumber {
  int major_number = 1, minor_number = 0, patch_number = 0;
  auto operator<=>(const VersionNumber&) const = default;
  std::string ToString() const;
};

// What kind of change a new version is; stated by whoever made it, never guessed.
enum class ChangeType : std::uint8_t {
  kArchitecture,    // learner or feature list: major
  kHyperparameter,  // minor
  kRetrain,         // a refresh, same recipe on newer data: minor
  kBugfix,          // patch
  kData,            // corrected data, calibration, re-export: patch
};
const char* ChangeTypeName(ChangeType change);

struct VersionRecord {
  std::string model;
  VersionNumber number;
  Stage stage = Stage::kStaging;
  ChangeType change = ChangeType::kArchitecture;
  std::string parent;            // version this one refreshes or was bred from; "" for the first
  std::string recipe;            // recipe name
  std::string artifact;          // SHA-256 (hex) of the manifest
  std::string data_fingerprint;  // SHA-256 (hex) of the training rows
  std::int64_t train_begin = 0;  // first training row's time
  std::int64_t train_end = 0;    // last training row's label time
  std::int64_t train_rows = 0;
  std::string parameters;  // JSON object
  std::uint64_t seed = 0;
  std::string metrics;     // JSON object: validation metrics
  bool validated = false;  // passed its smoke test: a rollback target must have
  Time created = 0;
};

}  // namespace hone
