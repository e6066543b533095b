// Models without a loop: their versions come from files (registry/model_file_version.h), or answer classes
// (engine/model_definition.h). Nothing here trains, watches or retires them: the active version answers until a person
// says otherwise. Each such act is in the log of decisions, with what an A/B test that ran has shown
// (engine/ab_test_evidence.h).
#pragma once

#include <string>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/live_store.h"
#include "registry/model_file_version.h"
#include "serving/snapshot.h"

namespace hone {

// The active version as the I/O threads answer it, with the others of an A/B test that runs. kUnavailable when none is
// active.
Result<SnapshotPointer> RegisteredSnapshot(LiveStore& store, const std::string& model);

// How its traffic is split: by the A/B test that runs, if any.
Result<std::optional<SplitIdentity>> RegisteredSplit(LiveStore& store, const std::string& model);

// Adds a version from a model file (RegisterModelFile) and, where `activate`, promotes it. Joins the caller's
// transaction.
Result<VersionRecord> RegisterVersion(LiveStore& store, IdGenerator& ids, const ModelFileVersion& version,
                                      const FileContent& content, bool activate);

// An operator's acts; each ends an A/B test that runs, as a decision of its own before this one. kConflict, kNotFound
// as in VersionStore; "" rolls back to the version active before.
Status PromoteRegistered(LiveStore& store, IdGenerator& ids, Time now, const std::string& model,
                         const std::string& version);
Status RollBackRegistered(LiveStore& store, IdGenerator& ids, Time now, const std::string& model,
                          const std::string& version);

}  // namespace hone
