// The model that a request to predict names.
#pragma once

#include <string_view>

#include "base/result.h"
#include "serving/snapshot_table.h"

namespace hone {

// The only model where `name` is "". kNotFound names the nearest; kConflict where several are served and none is named.
// `source`: the route, for the error.
Result<SnapshotPointer> FindServedModel(const SnapshotSet& set, std::string_view name, std::string_view source);
// The same without keeping it alive: valid until the thread's next event.
Result<const ModelSnapshot*> PeekServedModel(const SnapshotSet& set, std::string_view name, std::string_view source);

}  // namespace hone
