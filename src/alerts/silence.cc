#include "alerts/silence.h"

#include <fmt/format.h>

#include <algorithm>

namespace hone {
namespace {

bool IsLabelName(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && name.size() <= kLongestLabelName && letter(name.front()) &&
         std::ranges::all_of(name, [&letter](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

Error Wrong(const char* key, std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message), "", 0, key};
}

// Of UTF-8.
std::size_t Characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

Status CheckText(const char* key, std::string_view text) {
  if (Characters(text) <= kLongestSilenceText) return OkStatus();
  return Wrong(key, fmt::format("has more than {} characters", kLongestSilenceText));
}

Status CheckMatchers(const std::vector<LabelMatcher>& matchers) {
  if (matchers.empty() || matchers.size() > kMostMatchers) {
    return Wrong("matchers", fmt::format("must be 1 to {}, are {}", kMostMatchers, matchers.size()));
  }
  for (const LabelMatcher& matcher : matchers) HONE_RETURN_IF_ERROR(CheckText("matchers", matcher.ToString()));
  if (std::ranges::any_of(matchers, [](const LabelMatcher& m) { return m.equal && !m.value.empty(); }))
    return OkStatus();
  return Error{ErrorCode::kConflict,
               "one of them must ask for a value, such as model=volatility, or nearly everything would be silenced", "",
               0, "matchers"};
}

}  // namespace

bool LabelMatcher::Matches(const Labels& labels) const {
  const auto found = labels.find(name);
  return ((found == labels.end() ? std::string_view() : std::string_view(found->second)) == value) == equal;
}

std::string LabelMatcher::ToString() const { return name + (equal ? "=" : "!=") + value; }

Result<LabelMatcher> ParseLabelMatcher(std::string_view text) {
  const std::size_t equals = text.find('=');
  LabelMatcher matcher;
  if (equals != text.npos && equals > 0) {
    matcher.equal = text[equals - 1] != '!';
    matcher.name = text.substr(0, matcher.equal ? equals : equals - 1);
    matcher.value = text.substr(equals + 1);
  }
  if (IsLabelName(matcher.name)) return matcher;
  return Wrong("matcher", fmt::format("must be name=value or name!=value, such as model=volatility, is \"{}\"",
                                      text.substr(0, 64)));
}

bool Silence::Matches(const Labels& labels) const {
  return std::ranges::all_of(matchers, [&labels](const LabelMatcher& matcher) { return matcher.Matches(labels); });
}

Status CheckSilence(const Silence& silence, Time now) {
  HONE_RETURN_IF_ERROR(CheckMatchers(silence.matchers));
  HONE_RETURN_IF_ERROR(CheckText("created_by", silence.created_by));
  HONE_RETURN_IF_ERROR(CheckText("comment", silence.comment));
  if (silence.ends_at <= silence.starts_at || silence.ends_at <= now) {
    return Wrong("ends_at", fmt::format("must be later than the start and than now, {}, is {}", FormatTime(now),
                                        FormatTime(silence.ends_at)));
  }
  return OkStatus();
}

}  // namespace hone
