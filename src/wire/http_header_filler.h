// Fills the headers of a request one by one, into the memory of the request before it. Internal to the server.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "wire/http_message.h"

namespace hone::http_internal {

class HeaderFiller {
 public:
  explicit HeaderFiller(HttpHeaders& headers) : headers_(&headers) {}

  void Add(std::string_view name, std::string_view value) {
    if (count_ == headers_->size()) headers_->emplace_back();
    HttpHeader& header = (*headers_)[count_++];
    Assign(name, header.name);
    Assign(value, header.value);
  }
  // Those behind the last added are of the request before.
  void Cut() { headers_->resize(count_); }

 private:
  static constexpr std::size_t kKept = 64;  // of memory, for each text

  static void Assign(std::string_view text, std::string& to) {
    if (to.capacity() > kKept) to = {};
    to.assign(text);
  }

  HttpHeaders* headers_;
  std::size_t count_ = 0;
};

}  // namespace hone::http_internal
