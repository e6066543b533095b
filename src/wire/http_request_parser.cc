#include "wire/http_request_parser.h"

#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>

namespace hone::http_internal {
namespace http = boost::beast::http;

namespace {

constexpr std::size_t kReserveAtMost = 1 << 20;  // of a body that is only announced

std::string_view View(boost::beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

RequestParser::RequestParser(const HttpServerOptions& options, HttpRequest& request, std::string& target)
    : request_(&request), target_(&target), headers_(request.headers) {
  header_limit(static_cast<std::uint32_t>(options.max_header_bytes));
  body_limit(options.max_body_bytes);
  eager(true);
  request.body.clear();
}

void RequestParser::on_request_impl(http::verb, Text method, Text target, int version, ErrorCodeRef) {
  request_->method.assign(View(method));
  target_->assign(View(target));
  version_ = version;
}

void RequestParser::on_field_impl(http::field field, Text name, Text value, ErrorCodeRef) {
  if (field == http::field::host) ++hosts_;
  if (field == http::field::expect) expects_continue_ = boost::beast::iequals(value, "100-continue");
  headers_.Add(View(name), View(value));
}

void RequestParser::on_header_impl(ErrorCodeRef) { headers_.Cut(); }
// Trailers are headers too.
void RequestParser::on_finish_impl(ErrorCodeRef) { headers_.Cut(); }

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCodeRef) {
  if (length) request_->body.reserve(std::min<std::size_t>(*length, kReserveAtMost));
}

std::size_t RequestParser::on_body_impl(Text body, ErrorCodeRef) {
  request_->body.append(View(body));
  return body.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text body, ErrorCodeRef error) {
  return on_body_impl(body, error);
}

int StatusOf(const boost::beast::error_code& error) {
  if (error == http::error::header_limit) return 431;
  if (error == http::error::body_limit) return 413;
  if (error == http::error::bad_version) return 505;
  return 400;
}

}  // namespace hone::http_internal
