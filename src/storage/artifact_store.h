// Content-addressed files: the bytes whose SHA-256 is abcdef... live in `<root>/ab/cdef...`. A file is written whole or
// not at all, synced, and checked against its address at every read. Never deleted here. Any number of processes may
// share a root.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hone {

class ArtifactStore {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{1} << 30;

  // `root`: "<dir>/artifacts"; made at the first Put.
  explicit ArtifactStore(std::filesystem::path root) : root_(std::move(root)) {}

  // Stores the bytes (at most 1 GiB) and returns their address, 64 hex digits. Present and sound already: nothing is
  // written; present and damaged: replaced.
  Result<std::string> Put(std::string_view bytes) const;
  // kNotFound; kCorrupt, naming the file, when the bytes are not those of the address; kInvalidArgument when `address`
  // is not a SHA-256.
  Result<std::string> Get(std::string_view address) const;

  std::filesystem::path PathOf(std::string_view address) const;

 private:
  std::filesystem::path root_;
};

}  // namespace hone
