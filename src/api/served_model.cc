#include "api/served_model.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "base/edit_distance.h"

namespace hone {
namespace {

Error NoModel(const SnapshotSet& set, std::string_view name, std::string_view source) {
  std::vector<std::string> names;
  for (const SnapshotPointer& snapshot : set.snapshots()) names.push_back(snapshot->model());
  if (names.empty()) return {ErrorCode::kNotFound, "no model is served yet: train one with `hone train`"};
  if (name.empty()) {
    return {ErrorCode::kConflict, fmt::format("model is required where several are served: {}", fmt::join(names, ", ")),
            std::string(source), 0, "model"};
  }
  return {ErrorCode::kNotFound,
          fmt::format("there is no model \"{}\"{}; served: {}", name.substr(0, 64), DidYouMean(name, names),
                      fmt::join(names, ", ")),
          std::string(source), 0, "model"};
}

}  // namespace

Result<const ModelSnapshot*> PeekServedModel(const SnapshotSet& set, std::string_view name, std::string_view source) {
  if (name.empty() && set.snapshots().size() == 1) return set.snapshots().front().get();
  const ModelSnapshot* found = name.empty() ? nullptr : set.Find(name);
  if (found == nullptr) return NoModel(set, name, source);
  return found;
}

Result<SnapshotPointer> FindServedModel(const SnapshotSet& set, std::string_view name, std::string_view source) {
  HONE_ASSIGN_OR_RETURN(const ModelSnapshot* found, PeekServedModel(set, name, source));
  return set.FindShared(found->model());
}

}  // namespace hone
