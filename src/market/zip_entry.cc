#include "market/zip_entry.h"

#include <fmt/format.h>
#include <zip.h>

#include <memory>
#include <optional>
#include <vector>

namespace hone {
namespace {

constexpr std::size_t kFilesShown = 5;

struct DiscardZip {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, DiscardZip>;

Error BadZip(const std::string& source, std::string message) {
  return {ErrorCode::kInvalidData, std::move(message), source, 0, ""};
}

Result<Archive> Open(std::string_view bytes, const std::string& source) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* buffer = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* archive = buffer == nullptr ? nullptr : zip_open_from_source(buffer, ZIP_RDONLY | ZIP_CHECKCONS, &error);
  const std::string reason = archive == nullptr ? zip_error_strerror(&error) : "";
  zip_error_fini(&error);
  if (archive != nullptr) return Archive(archive);
  if (buffer != nullptr) zip_source_free(buffer);
  return BadZip(source, fmt::format("truncated or damaged zip: {}; fetch it again", reason));
}

// Indices of the files (folders aside).
std::vector<zip_uint64_t> Files(zip_t* archive) {
  std::vector<zip_uint64_t> files;
  const zip_int64_t count = zip_get_num_entries(archive, 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* name = zip_get_name(archive, static_cast<zip_uint64_t>(i), 0);
    if (name == nullptr || *name == '\0' || std::string_view(name).back() == '/') continue;
    files.push_back(static_cast<zip_uint64_t>(i));
  }
  return files;
}

std::string Names(zip_t* archive, const std::vector<zip_uint64_t>& files) {
  std::string names;
  for (std::size_t i = 0; i < files.size() && i < kFilesShown; ++i) {
    names += fmt::format("{}{}", i > 0 ? ", " : "", zip_get_name(archive, files[i], 0));
  }
  return files.size() > kFilesShown ? names + ", ..." : names;
}

Result<zip_uint64_t> Choose(zip_t* archive, const std::string& source, const std::string& entry) {
  const std::vector<zip_uint64_t> files = Files(archive);
  if (files.empty()) return BadZip(source, "the zip holds no file");
  if (entry.empty() && files.size() == 1) return files.front();
  if (entry.empty()) {
    return BadZip(source, fmt::format("the zip holds {} files, choose one of {}", files.size(), Names(archive, files)));
  }
  for (const zip_uint64_t file : files) {
    if (entry == zip_get_name(archive, file, 0)) return file;
  }
  return Error{ErrorCode::kNotFound, fmt::format("no file {} in the zip, it holds {}", entry, Names(archive, files)),
               source, 0, ""};
}

Result<std::string> Read(zip_t* archive, zip_uint64_t index, const std::string& source, std::size_t max_bytes) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_stat_index(archive, index, 0, &stat) != 0 || (stat.valid & ZIP_STAT_SIZE) == 0) {
    return BadZip(source, "damaged zip: an entry without size");
  }
  if (stat.size > max_bytes) return BadZip(source, fmt::format("unpacks to more than {} bytes", max_bytes));
  const std::unique_ptr<zip_file_t, CloseFile> file(zip_fopen_index(archive, index, 0));
  if (file == nullptr) return BadZip(source, fmt::format("cannot unpack: {}", zip_strerror(archive)));
  std::string out;
  while (true) {
    const std::size_t before = out.size();
    // One byte more than promised, so that the end, and with it the checksum, is reached.
    const std::size_t step = std::min<std::size_t>(stat.size - before + 1, 1 << 20);
    out.resize(before + step);
    const zip_int64_t got = zip_fread(file.get(), out.data() + before, step);
    if (got < 0) return BadZip(source, fmt::format("damaged zip: {}", zip_file_strerror(file.get())));
    out.resize(before + static_cast<std::size_t>(got));
    if (got == 0) break;
    if (out.size() > stat.size) return BadZip(source, "damaged zip: an entry is longer than it says");
  }
  if (out.size() < stat.size) return BadZip(source, "damaged zip: an entry is shorter than it says");
  return out;
}

}  // namespace

bool IsZip(std::string_view bytes) { return bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06"); }

Result<ZipEntry> ReadZipEntry(std::string_view bytes, const std::string& source, const std::string& entry,
                              std::size_t max_bytes) {
  HONE_ASSIGN_OR_RETURN(const Archive archive, Open(bytes, source));
  HONE_ASSIGN_OR_RETURN(const zip_uint64_t index, Choose(archive.get(), source, entry));
  HONE_ASSIGN_OR_RETURN(std::string text, Read(archive.get(), index, source, max_bytes));
  return ZipEntry{zip_get_name(archive.get(), index, 0), std::move(text)};
}

}  // namespace hone
