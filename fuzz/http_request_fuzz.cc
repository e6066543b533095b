// libraries: wire
// Requests as they come from the network: what the reader of plain ones reads, Boost.Beast's parser reads the same.
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "wire/http_plain_request.h"
#include "wire/http_request_parser.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

bool SameHeaders(const hone::HttpHeaders& a, const hone::HttpHeaders& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].name != b[i].name || a[i].value != b[i].value) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const hone::HttpServerOptions limits;
  static hone::HttpRequest plain;  // its memory is used again, as the server does
  std::string plain_target;
  const std::size_t length = hone::http_internal::TakePlainRequest(bytes, limits, plain, plain_target);
  hone::HttpRequest general;
  std::string target;
  hone::http_internal::RequestParser parser(limits, general, target);
  boost::beast::error_code error;
  const std::size_t read = parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (length == 0) return 0;
  Check(!error && parser.is_done() && read == length);
  Check(parser.keep_alive() && parser.version() == 11 && parser.host_is_right());
  Check(plain_target == target && plain.method == general.method && plain.body == general.body);
  Check(SameHeaders(plain.headers, general.headers));
  return 0;
}
