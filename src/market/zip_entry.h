// One file out of a zip, by libzip, bounded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hone {

struct ZipEntry {
  std::string name;
  std::string bytes;
};

bool IsZip(std::string_view bytes);

// The file named `entry`, or the only one when `entry` is "". kInvalidData, naming `source`: truncated or damaged zip
// (checksum), encrypted, larger than `max_bytes` unpacked, several files and none chosen; kNotFound: no such entry.
Result<ZipEntry> ReadZipEntry(std::string_view bytes, const std::string& source, const std::string& entry,
                              std::size_t max_bytes);

}  // namespace hone
