// Models whose versions come from files (registry/model_file_version.h). They have no definition, so nothing here
// trains, watches or retires them: the active version answers until a person says otherwise.
#pragma once

#include <string>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/live_store.h"
#include "registry/model_file_version.h"
#include "serving/snapshot.h"

namespace hone {

// The active version as the I/O threads answer it. kUnavailable when none is active.
Result<SnapshotPointer> RegisteredSnapshot(LiveStore& store, const std::string& model);

// Adds a version from a model file (RegisterModelFile) and, where `activate`, promotes it. Joins the caller's
// transaction.
Result<VersionRecord> RegisterVersion(LiveStore& store, IdGenerator& ids, const ModelFileVersion& version,
                                      bool activate);

// An operator's acts, in the log of decisions. kConflict, kNotFound as in VersionStore; "" rolls back to the version
// active before.
Status PromoteRegistered(LiveStore& store, IdGenerator& ids, Time now, const std::string& model,
                         const std::string& version);
Status RollBackRegistered(LiveStore& store, IdGenerator& ids, Time now, const std::string& model,
                          const std::string& version);

}  // namespace hone
