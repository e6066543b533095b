#include "integrations/http_destination.h"

#include <fmt/format.h>

namespace hone {
namespace {

constexpr std::size_t kLargestAnswer = 64U << 10;

}  // namespace

std::string HttpDestination::place() const { return fmt::format("{}:{}", url.host, url.port); }

Result<HttpAnswer> HttpDestination::Post(std::string_view body) const {
  HONE_ASSIGN_OR_RETURN(const std::string address, rules.Resolve(url.host));
  HttpClient client(url.host, url.port, timeout, kLargestAnswer, url.secure ? trust : nullptr, address);
  HttpHeaders headers = {{"Content-Type", "application/json"}, {"User-Agent", "hone"}};
  if (!authorization.empty()) headers.push_back({"Authorization", authorization});
  Result<HttpAnswer> answer = client.Send("POST", url.target, body, headers);
  if (answer.ok()) return answer;
  Error error = answer.error();
  const std::string shown = url.target.substr(0, 200);  // as the client tells it
  if (const std::size_t at = error.message.find(shown); at != std::string::npos && shown != "/") {
    error.message.replace(at, shown.size(), "its target");
  }
  return error;
}

Delivery DeliveryOf(const Result<HttpAnswer>& answer, const HttpDestination& destination) {
  if (!answer.ok()) return Unreachable(answer.error().ToString());
  if (answer->status >= 200 && answer->status < 300) return Delivered();
  const std::string said = fmt::format("{} answered {}", destination.place(), answer->status);
  const bool later = answer->status == 408 || answer->status == 429 || answer->status >= 500;
  if (later) return Unreachable(said, RetryAfter(*answer));
  return Refused(answer->status / 100 == 3 ? said + ": redirects are not followed" : said);
}

}  // namespace hone
