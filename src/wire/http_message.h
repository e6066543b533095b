// What an HTTP request and its answer are to the code that handles them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hone {

struct HttpHeader {
  std::string name;
  std::string value;
};

// Headers in the order received; names are compared without case.
using HttpHeaders = std::vector<HttpHeader>;
bool SameHeaderName(std::string_view a, std::string_view b);

// The value of the first header of that name, or "" (with a null data() where there is no such header).
std::string_view FindHeader(const HttpHeaders& headers, std::string_view name);

struct QueryParameter {
  std::string name;
  std::string value;
};

// A request, whole. Its memory belongs to the connection and is reused for the next one.
struct HttpRequest {
  std::string method;                 // "GET", "POST", ... as sent
  std::string path;                   // percent-decoded, begins with '/'; a decoded '/' inside a segment included
  std::vector<std::string> segments;  // the path between slashes, each percent-decoded: "/a/b%2Fc" -> "a", "b/c"
  std::vector<QueryParameter> query;  // percent-decoded, '+' is a space, in order
  HttpHeaders headers;
  std::string body;
  int io_thread = 0;  // which of the server's threads this is: 0 ... io_threads - 1

  std::string_view Header(std::string_view name) const { return FindHeader(headers, name); }
  // The value of the first query parameter of that name; "" when there is none.
  std::string_view Query(std::string_view name) const;
  bool HasQuery(std::string_view name) const;
};

inline constexpr std::string_view kJsonType = "application/json";

struct HttpResponse {
  int status = 200;
  std::string body;
  std::string_view content_type = kJsonType;  // of text that lives as long as the program
  HttpHeaders headers;                        // others; Content-Length and Connection are the server's
};

// "Not Found" for 404, "" for a code that is not known.
std::string_view HttpReason(int status);

// A JSON answer.
HttpResponse JsonResponse(std::string json, int status = 200);
// text/plain; charset=utf-8
HttpResponse TextResponse(std::string text, int status = 200);

}  // namespace hone
