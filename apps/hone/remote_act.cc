#include "hone/remote_act.h"

#include <charconv>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "wire/http_client.h"
#include "wire/http_target.h"
#include "wire/json.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

struct Address {
  std::string host;
  int port = 80;
};

Result<Address> ParseAddress(const std::string& url) {
  constexpr std::string_view kScheme = "http://";
  const Error malformed{ErrorCode::kInvalidArgument, "must be an address such as http://127.0.0.1:8000, is " + url,
                        "--url"};
  if (url.rfind(kScheme, 0) != 0) return malformed;
  std::string rest = url.substr(kScheme.size());
  if (!rest.empty() && rest.back() == '/') rest.pop_back();
  const std::size_t colon = rest.rfind(':');
  Address address{rest.substr(0, colon)};
  if (colon != rest.npos) {
    const char* end = rest.data() + rest.size();
    const auto [stop, error] = std::from_chars(rest.data() + colon + 1, end, address.port);
    if (error != std::errc() || stop != end || address.port < 1 || address.port > 65535) return malformed;
  }
  if (address.host.empty() || address.host.find('/') != std::string::npos) return malformed;
  return address;
}

ErrorCode CodeOf(int status) {
  switch (status) {
    case 400: return ErrorCode::kInvalidArgument;
    case 404: return ErrorCode::kNotFound;
    case 409: return ErrorCode::kConflict;
    case 503: return ErrorCode::kUnavailable;
    default: return ErrorCode::kInternal;
  }
}

Error ErrorOf(const HttpAnswer& answer, const std::string& url) {
  const Result<JsonValue> problem = ParseJson(answer.body);
  const JsonValue* detail = problem.ok() ? problem->Find("detail") : nullptr;
  return {CodeOf(answer.status),
          detail != nullptr && detail->is_text() ? detail->text : "answered " + std::to_string(answer.status), url};
}

}  // namespace

Result<std::string> AskServer(const std::string& url, const std::string& method, const std::string& target,
                              const std::string& body) {
  HONE_ASSIGN_OR_RETURN(const Address address, ParseAddress(url));
  HttpHeaders headers = {{"Content-Type", "application/json"}};
  if (const char* token = std::getenv("HONE_TOKEN"); token != nullptr) {
    headers.push_back({"Authorization", std::string("Bearer ") + token});
  }
  HttpClient client(address.host, address.port);
  HONE_ASSIGN_OR_RETURN(HttpAnswer answer, client.Send(method, target, body, headers));
  if (answer.status != 200) return ErrorOf(answer, url);
  return std::move(answer.body);
}

Result<std::string> ActThroughServer(const std::string& url, const std::string& model, const std::string& act,
                                     const std::string& version) {
  JsonWriter body;
  body.BeginMap();
  if (!version.empty()) body.Member("version", version);
  body.EndMap();
  HONE_ASSIGN_OR_RETURN(const std::string answer,
                        AskServer(url, "POST", "/models/" + PercentEncode(model) + "/" + act, body.text()));
  HONE_ASSIGN_OR_RETURN(const JsonValue done, ParseJson(answer, {.source = url}));
  const JsonValue* active = done.Find("active_version");
  return active != nullptr && active->is_text() ? active->text : std::string("none");
}

}  // namespace hone
