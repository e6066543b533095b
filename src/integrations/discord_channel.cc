#include "integrations/discord_channel.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "alerts/alert_json.h"
#include "wire/json.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

constexpr std::size_t kMostBytes = 2'000;  // of a message; Discord counts characters, of which there are never more
constexpr std::size_t kLongestLine = 400;
constexpr double kLongestWait = 3'600;  // seconds

// The first bytes of `text`, whole characters only.
std::string Shortened(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

std::string AlertLine(const Alert& alert) {
  std::string what;
  for (const auto& [name, value] : alert.labels) {
    if (name != "alertname" && name != "severity") what += fmt::format(" {}={}", name, value);
  }
  const auto name = alert.labels.find("alertname");
  const auto summary = alert.annotations.find("summary");
  return Shortened(fmt::format("**{}** {}{}{}", alert.firing() ? AlertSeverityName(alert.severity()) : "resolved",
                               name == alert.labels.end() ? "alert" : name->second, what,
                               summary == alert.annotations.end() ? "" : ": " + summary->second),
                   kLongestLine);
}

// A line an alert, as many as fit.
std::string NoticeText(const AlertNotice& notice) {
  constexpr std::size_t kLastLine = 40;
  std::string text;
  std::size_t told = 0;
  for (const Alert& alert : notice.alerts) {
    const std::string line = AlertLine(alert);
    if (text.size() + line.size() + 1 > kMostBytes - kLastLine) break;
    text += (text.empty() ? "" : "\n") + line;
    ++told;
  }
  if (told < notice.alerts.size()) text += fmt::format("\n... and {} more", notice.alerts.size() - told);
  return text;
}

std::string BodyOf(const std::string& text) {
  JsonWriter json;
  json.BeginMap()
      .Member("content", text)
      .Key("allowed_mentions")
      .BeginMap()
      .Key("parse")
      .BeginList()
      .EndList()
      .EndMap();
  json.EndMap();
  return json.Take();
}

Duration SecondsOf(double seconds) {
  if (!(seconds > 0)) return 0;
  return static_cast<Duration>(std::ceil(std::min(seconds, kLongestWait) * 1'000)) * kMillisecond;
}

Duration SecondsOf(std::string_view text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  return error == std::errc() && end == text.data() + text.size() ? SecondsOf(seconds) : 0;
}

Duration AskedToWait(const HttpAnswer& answer) {
  if (answer.status != 429) {
    return answer.Header("X-RateLimit-Remaining") == "0" ? SecondsOf(answer.Header("X-RateLimit-Reset-After")) : 0;
  }
  const Result<JsonValue> body = ParseJson(answer.body);
  const JsonValue* told = body.ok() ? body->Find("retry_after") : nullptr;
  if (told != nullptr && told->is_number()) return SecondsOf(told->number);
  return SecondsOf(answer.Header("Retry-After"));
}

}  // namespace

Result<DiscordMessage> MakeDiscordMessage(std::span<const std::string> notices) {
  DiscordMessage message;
  std::string text;
  for (const std::string& notice : notices) {
    const Result<AlertNotice> read = ParseNotice(notice);
    if (!read.ok() && message.notices == 0) return read.error();
    if (!read.ok()) break;
    const std::string more = NoticeText(*read);
    if (message.notices > 0 && text.size() + 1 + more.size() > kMostBytes) break;
    text += (text.empty() ? "" : "\n") + more;
    ++message.notices;
  }
  message.body = BodyOf(text);
  return message;
}

Delivery DiscordChannel::Send(std::span<const std::string> notices) {
  const Result<DiscordMessage> message = MakeDiscordMessage(notices);
  if (!message.ok()) return Refused(message.error().ToString());
  const Result<HttpAnswer> answer = destination_.Post(message->body);
  Delivery delivery = DeliveryOf(answer, destination_);
  delivery.messages = message->notices;
  if (answer.ok()) delivery.wait = AskedToWait(*answer);
  return delivery;
}

}  // namespace hone
