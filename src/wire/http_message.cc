#include "wire/http_message.h"

#include <algorithm>

namespace hone {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

const QueryParameter* FindParameter(const std::vector<QueryParameter>& query, std::string_view name) {
  for (const QueryParameter& parameter : query) {
    if (parameter.name == name) return &parameter;
  }
  return nullptr;
}

}  // namespace

bool SameHeaderName(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return Lower(x) == Lower(y); });
}

std::string_view FindHeader(const HttpHeaders& headers, std::string_view name) {
  for (const HttpHeader& header : headers) {
    if (SameHeaderName(header.name, name)) return header.value;
  }
  return {};
}

std::string_view HttpRequest::Query(std::string_view name) const {
  const QueryParameter* found = FindParameter(query, name);
  return found == nullptr ? std::string_view() : found->value;
}

bool HttpRequest::HasQuery(std::string_view name) const { return FindParameter(query, name) != nullptr; }

std::string_view HttpReason(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 426: return "Upgrade Required";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: return "";
  }
}

HttpResponse JsonResponse(std::string json, int status) { return {status, std::move(json), kJsonType, {}}; }

HttpResponse TextResponse(std::string text, int status) {
  return {status, std::move(text), "text/plain; charset=utf-8", {}};
}

}  // namespace hone
