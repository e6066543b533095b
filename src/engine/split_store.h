// Splits of live traffic, running and ended, with what was counted of them (rollout/split_watch.h). Tables: splits;
// split_keys, the keys that a running split remembers; split_units, the first units of a running A/B test whose
// outcomes its verdict rests on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "records/ab_test.h"
#include "rollout/split_watch.h"
#include "storage/database.h"

namespace hone {

// What makes a split another one: as long as it is the same, its counts go on.
struct SplitIdentity {
  std::string model;
  std::string experiment;    // an A/B test's id, or ReleaseName of the version on release
  int step = 0;              // of the rollout, above 0; else minus the round of an A/B test (AbTest::round)
  std::vector<AbArm> arms;   // the champion's first
  bool one_of_many = false;  // rounds that share the levels of one test; not stored

  bool ab_test() const { return step <= 0; }
  // Of the snapshots that split so, and of the assignments they make: never 0.
  std::uint64_t tag() const;
};
SplitIdentity SplitOf(const AbTest& test, std::string_view champion);
// "1.1.0 since 2026-01-02T03:04:05Z"
std::string ReleaseName(std::string_view version, Time started);

// What a verdict on the arms' losses takes; the policy's when the split began.
struct SplitQuestion {
  double alpha = 0.05;
  int minimum_outcomes = 60;
  int horizon = 1;            // rows
  Duration horizon_time = 0;  // until an outcome counts
};

struct SplitRecord {
  SplitIdentity identity;
  Time started = 0;
  std::optional<Time> ended;  // none while it runs
  SplitQuestion question;
  SplitWatch watch;
  std::vector<std::string> told;  // findings that were acted on: "mismatch", "errors 1.1.0"
};

// Of a test's verdict: the first so many units.
inline constexpr std::int64_t kMostSplitUnits = 10'000;
struct SplitUnit {
  Id prediction;
  std::uint8_t arm = 0;
  double value = 0;  // answered
};

// Single-threaded, as its connection. A change joins the transaction that is open.
class SplitStore {
 public:
  explicit SplitStore(Database& database) : database_(&database) {}

  // Newest first, without what keys are remembered. kCorrupt.
  Result<std::vector<SplitRecord>> List(std::string_view model);
  // The splits of one experiment, oldest first.
  Result<std::vector<SplitRecord>> OfExperiment(std::string_view model, std::string_view experiment);
  // The running split of that identity, to go on with; nothing where there is none.
  Result<std::optional<SplitRecord>> Resume(const SplitIdentity& identity);
  // Adds it or brings it up to date, with the keys remembered since the last time.
  Status Save(SplitRecord& record);
  // Ends what runs of the model but `tag`, and forgets its keys and units.
  Status EndOthers(std::string_view model, std::uint64_t tag, Time now);

  Status AppendUnit(std::uint64_t tag, const SplitUnit& unit);
  Result<std::vector<SplitUnit>> Units(std::uint64_t tag);

 private:
  Result<std::vector<SplitRecord>> Select(const char* condition, std::string_view model, std::string_view experiment);

  Database* database_;
};

}  // namespace hone
