#include "storage/artifact_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/files.h"
#include "base/sha256.h"

namespace hone {

std::filesystem::path ArtifactStore::PathOf(std::string_view address) const {
  return root_ / address.substr(0, 2) / address.substr(std::min<std::size_t>(2, address.size()));
}

Result<std::string> ArtifactStore::Put(std::string_view bytes) const {
  if (bytes.size() > kMaxBytes) {
    return Error{ErrorCode::kResourceExhausted,
                 fmt::format("an artifact must be at most {} bytes, is {}", kMaxBytes, bytes.size()), root_.string(), 0,
                 ""};
  }
  std::string address = Sha256Hex(bytes);
  if (Get(address).ok()) return address;
  const auto path = PathOf(address);
  HONE_RETURN_IF_ERROR(EnsureFolder(path.parent_path()));
  HONE_RETURN_IF_ERROR(WriteFileAtomically(path, bytes));
  HONE_RETURN_IF_ERROR(SyncFolder(root_));
  return address;
}

Result<std::string> ArtifactStore::Get(std::string_view address) const {
  if (!IsSha256Hex(address)) {
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("an artifact's address must be 64 lower-case hex digits, is \"{}\"", address.substr(0, 80)),
        root_.string(), 0, ""};
  }
  const auto path = PathOf(address);
  HONE_ASSIGN_OR_RETURN(std::string bytes, ReadFile(path, kMaxBytes));
  const std::string found = Sha256Hex(bytes);
  if (found == address) return bytes;
  return Error{
      ErrorCode::kCorrupt,
      fmt::format("the artifact's bytes have changed: their SHA-256 is {}, must be {}; put back a copy of the file",
                  found, address),
      path.string(), 0, ""};
}

}  // namespace hone
