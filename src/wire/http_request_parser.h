// Boost.Beast's HTTP/1 parser, filling an HttpRequest whose memory is reused. Internal to the server.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <string>

#include "wire/http_header_filler.h"
#include "wire/http_message.h"
#include "wire/http_server.h"

namespace hone::http_internal {

class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  RequestParser(const HttpServerOptions& options, HttpRequest& request, std::string& target);

  // The client waits for "100 Continue" before it sends the body.
  bool expects_continue() const { return expects_continue_; }
  int version() const { return version_; }  // 10 or 11
  // HTTP/1.1 asks for exactly one Host header.
  bool host_is_right() const { return version() < 11 ? hosts_ <= 1 : hosts_ == 1; }

 private:
  using ErrorCodeRef = boost::beast::error_code&;
  using Text = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, Text method, Text target, int version, ErrorCodeRef) override;
  void on_response_impl(int, Text, int, ErrorCodeRef) override {}
  void on_field_impl(boost::beast::http::field field, Text name, Text value, ErrorCodeRef) override;
  void on_header_impl(ErrorCodeRef) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCodeRef) override;
  std::size_t on_body_impl(Text body, ErrorCodeRef) override;
  void on_chunk_header_impl(std::uint64_t, Text, ErrorCodeRef) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, ErrorCodeRef) override;
  void on_finish_impl(ErrorCodeRef) override;

  HttpRequest* request_;
  std::string* target_;
  HeaderFiller headers_;
  int version_ = 11;
  int hosts_ = 0;
  bool expects_continue_ = false;
};

// The status that tells a client what was wrong with its request.
int StatusOf(const boost::beast::error_code& error);

}  // namespace hone::http_internal
