#include "market/gzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>

namespace hone {
namespace {

constexpr std::size_t kFirstGuess = 64 << 10;
constexpr int kGzipOnly = 15 + 16;

struct Inflater {
  z_stream stream{};
  bool ready = false;
  Inflater() { ready = inflateInit2(&stream, kGzipOnly) == Z_OK; }
  ~Inflater() {
    if (ready) inflateEnd(&stream);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
};

Error BadGzip(const std::string& source, std::string message) {
  return {ErrorCode::kInvalidData, std::move(message), source, 0, ""};
}

uInt Portion(std::size_t n) { return static_cast<uInt>(std::min<std::size_t>(n, std::numeric_limits<uInt>::max())); }

}  // namespace

bool IsGzip(std::string_view bytes) { return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b'; }

Result<std::string> Gunzip(std::string_view bytes, const std::string& source, std::size_t max_bytes) {
  Inflater inflater;
  if (!inflater.ready) return Error{ErrorCode::kInternal, "zlib cannot start", source, 0, ""};
  z_stream& stream = inflater.stream;
  std::string out;
  std::size_t written = 0, read = 0;
  while (true) {
    if (written == out.size()) {
      if (written > max_bytes) return BadGzip(source, fmt::format("unpacks to more than {} bytes", max_bytes));
      out.resize(std::min(max_bytes + 1, std::max({kFirstGuess, 4 * bytes.size(), 2 * out.size()})));
    }
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + read));
    stream.avail_in = Portion(bytes.size() - read);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + written);
    stream.avail_out = Portion(out.size() - written);
    const uInt given_in = stream.avail_in, given_out = stream.avail_out;
    const int code = inflate(&stream, Z_NO_FLUSH);
    read += given_in - stream.avail_in;
    written += given_out - stream.avail_out;
    if (code == Z_STREAM_END) {
      if (!IsGzip(bytes.substr(read))) break;  // what follows the last member is padding
      if (inflateReset(&stream) != Z_OK) return BadGzip(source, "damaged gzip");
    } else if (code == Z_BUF_ERROR || (code == Z_OK && read == bytes.size() && stream.avail_out > 0)) {
      return BadGzip(source, "truncated gzip: the file ends before its data do; fetch it again");
    } else if (code != Z_OK) {
      return BadGzip(source, fmt::format("damaged gzip: {}", stream.msg != nullptr ? stream.msg : "bad data"));
    }
  }
  if (written > max_bytes) return BadGzip(source, fmt::format("unpacks to more than {} bytes", max_bytes));
  out.resize(written);
  return out;
}

}  // namespace hone
