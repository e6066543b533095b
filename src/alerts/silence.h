// A silence: for a while nobody is told of the alerts it matches; they are listed as silenced.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "alerts/alert.h"
#include "base/id.h"
#include "base/result.h"
#include "base/time.h"

namespace hone {

// name=value or name!=value; a label that an alert lacks has the value "".
struct LabelMatcher {
  std::string name, value;
  bool equal = true;

  bool Matches(const Labels& labels) const;
  std::string ToString() const;
  bool operator==(const LabelMatcher&) const = default;
};

// "model=volatility", "severity!=critical"; the value is all that follows, without quotes. kInvalidArgument.
Result<LabelMatcher> ParseLabelMatcher(std::string_view text);

struct Silence {
  Id id;
  std::vector<LabelMatcher> matchers;  // all must match
  Time starts_at = 0, ends_at = 0;     // [starts_at, ends_at)
  std::string created_by, comment;

  bool active(Time now) const { return starts_at <= now && now < ends_at; }
  bool Matches(const Labels& labels) const;
};

inline constexpr std::size_t kMostMatchers = 16;
inline constexpr std::size_t kLongestSilenceText = 256;  // characters of a matcher's text, of author and comment
inline constexpr std::size_t kLongestLabelName = 64;

// kInvalidArgument, naming the key: 1 to kMostMatchers matchers, texts within bounds, an end that is later than the
// start and than `now`. kConflict where no matcher asks for a value that is not empty: it would silence nearly
// everything.
Status CheckSilence(const Silence& silence, Time now);

}  // namespace hone
