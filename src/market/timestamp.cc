#include "market/timestamp.h"

#include <chrono>
#include <cstdint>

namespace hone {
namespace {

constexpr int kFirstYear = 1800;
constexpr int kLastYear = 2200;
constexpr int kFewestEpochDigits = 9;  // 1973; fewer would take row numbers and months like 192607 for times
constexpr Duration kMinute = 60 * kSecond;
constexpr Duration kHour = 60 * kMinute;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Reads from the front of a text.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }
  std::string_view rest() const { return text_; }
  char peek() const { return text_.empty() ? '\0' : text_.front(); }

  bool Take(char c) {
    if (peek() != c || done()) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool TakeWord(std::string_view upper) {
    if (text_.size() < upper.size()) return false;
    for (std::size_t i = 0; i < upper.size(); ++i) {
      if ((text_[i] & ~0x20) != upper[i]) return false;
    }
    text_.remove_prefix(upper.size());
    return true;
  }
  int digits() const {
    int n = 0;
    while (static_cast<std::size_t>(n) < text_.size() && IsDigit(text_[static_cast<std::size_t>(n)])) ++n;
    return n;
  }
  // A run of digits of a length in [least, most], at most 18.
  std::optional<std::int64_t> Number(int least, int most) {
    const int n = digits();
    if (n < least || n > most) return std::nullopt;
    std::int64_t value = 0;
    for (int i = 0; i < n; ++i) value = value * 10 + (text_[static_cast<std::size_t>(i)] - '0');
    text_.remove_prefix(static_cast<std::size_t>(n));
    return value;
  }
  void SkipSpaces() {
    while (Take(' ')) {
    }
  }

 private:
  std::string_view text_;
};

std::string_view TrimSpaces(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<Time> FromDate(std::int64_t year, std::int64_t month, std::int64_t day) {
  if (year < kFirstYear || year > kLastYear) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count() * kDay;
}

std::optional<Time> EightDigitDate(std::int64_t value) {
  return FromDate(value / 10000, value / 100 % 100, value % 100);
}

// Nanoseconds of ".25" at the cursor; 0 where there is no fraction.
std::optional<Duration> Fraction(Cursor& cursor) {
  if (!cursor.Take('.')) return 0;
  const int n = cursor.digits();
  const auto value = cursor.Number(1, 9);
  if (!value) return std::nullopt;
  Duration result = *value;
  for (int i = n; i < 9; ++i) result *= 10;
  return result;
}

std::optional<Time> InRange(Time time) { return IsBarTime(time) ? std::optional(time) : std::nullopt; }

std::optional<Time> ScaledEpoch(std::int64_t value, Duration unit) {
  Time time = 0;
  if (__builtin_mul_overflow(value, unit, &time)) return std::nullopt;
  return InRange(time);
}

// The unit follows from the size: seconds stay below 1e11 until the year 5138.
std::optional<Time> FromEpoch(std::int64_t value) {
  const std::int64_t size = value < 0 ? -value : value;
  if (size < 100'000'000'000) return ScaledEpoch(value, kSecond);
  if (size < 100'000'000'000'000) return ScaledEpoch(value, kMillisecond);
  if (size < 100'000'000'000'000'000) return ScaledEpoch(value, kMillisecond / 1000);
  return ScaledEpoch(value, 1);
}

// Text of digits only, after an optional minus sign and before an optional fraction.
std::optional<Time> ParseNumericTime(std::string_view text) {
  Cursor cursor(text);
  const bool negative = cursor.Take('-');
  const int n = cursor.digits();
  // Nineteen digits: nanoseconds. Larger than int64 allows only beyond the year 2262.
  if (n == 19 && text[negative ? 1 : 0] > '8') return std::nullopt;
  const auto value = cursor.Number(1, 19);
  if (!value) return std::nullopt;
  if (n == 8 && !negative) return cursor.done() ? EightDigitDate(*value) : std::nullopt;
  if (n < kFewestEpochDigits) return std::nullopt;
  const auto whole = FromEpoch(negative ? -*value : *value);
  if (!whole || cursor.done()) return whole;
  const auto fraction = Fraction(cursor);
  if (!fraction || !cursor.done() || n > 11) return std::nullopt;
  return InRange(*whole + (negative ? -*fraction : *fraction));
}

bool IsDateSeparator(char c) { return c == '-' || c == '/' || c == '.'; }

std::optional<Time> YearFirstDate(Cursor& cursor) {
  const auto year = cursor.Number(4, 4);
  const char separator = cursor.peek();
  if (!year || !IsDateSeparator(separator) || !cursor.Take(separator)) return std::nullopt;
  const auto month = cursor.Number(1, 2);
  if (!month || !cursor.Take(separator)) return std::nullopt;
  const auto day = cursor.Number(1, 2);
  if (!day) return std::nullopt;
  return FromDate(*year, *month, *day);
}

std::optional<Time> MonthFirstDate(Cursor& cursor) {
  const auto month = cursor.Number(1, 2);
  if (!month || !cursor.Take('/')) return std::nullopt;
  const auto day = cursor.Number(1, 2);
  if (!day || !cursor.Take('/')) return std::nullopt;
  const int digits = cursor.digits();
  auto year = cursor.Number(2, 4);
  if (!year || digits == 3) return std::nullopt;
  if (digits == 2) *year += *year < 69 ? 2000 : 1900;
  return FromDate(*year, *month, *day);
}

std::optional<Time> TakeDate(Cursor& cursor) {
  switch (cursor.digits()) {
    case 8: return EightDigitDate(*cursor.Number(8, 8));
    case 4: return YearFirstDate(cursor);
    case 1:
    case 2: return MonthFirstDate(cursor);
    default: return std::nullopt;
  }
}

// "PM" moves 1-11 to the afternoon, "AM" 12 to midnight.
std::optional<std::int64_t> TwelveHour(Cursor& cursor, std::int64_t hour) {
  const bool am = cursor.TakeWord("AM");
  const bool pm = !am && cursor.TakeWord("PM");
  if (!am && !pm) return hour;
  if (hour < 1 || hour > 12) return std::nullopt;
  return hour % 12 + (pm ? 12 : 0);
}

std::optional<Duration> TakeTimeOfDay(Cursor& cursor) {
  auto hour = cursor.Number(1, 2);
  if (!hour || !cursor.Take(':')) return std::nullopt;
  const auto minute = cursor.Number(2, 2);
  if (!minute) return std::nullopt;
  std::int64_t second = 0;
  Duration fraction = 0;
  if (cursor.Take(':')) {
    const auto whole = cursor.Number(2, 2);
    const auto part = Fraction(cursor);
    if (!whole || !part) return std::nullopt;
    second = *whole;
    fraction = *part;
  }
  cursor.SkipSpaces();
  hour = TwelveHour(cursor, *hour);
  if (!hour || *hour > 23 || *minute > 59 || second > 59) return std::nullopt;
  return *hour * kHour + *minute * kMinute + second * kSecond + fraction;
}

// What to subtract to come to UTC.
std::optional<Duration> TakeOffset(Cursor& cursor) {
  cursor.SkipSpaces();
  if (cursor.done() || cursor.TakeWord("Z") || cursor.TakeWord("UTC")) return 0;
  const int sign = cursor.Take('-') ? -1 : 1;
  if (sign == 1 && !cursor.Take('+')) return std::nullopt;
  const int digits = cursor.digits();
  auto hour = digits == 4 ? cursor.Number(4, 4) : cursor.Number(2, 2);
  if (!hour) return std::nullopt;
  std::int64_t minute = digits == 4 ? *hour % 100 : 0;
  if (digits == 4) *hour /= 100;
  if (digits == 2 && cursor.Take(':')) {
    const auto given = cursor.Number(2, 2);
    if (!given) return std::nullopt;
    minute = *given;
  }
  if (*hour > 15 || minute > 59) return std::nullopt;
  return sign * (*hour * kHour + minute * kMinute);
}

}  // namespace

std::optional<Duration> ParseTimeOfDay(std::string_view text) {
  Cursor cursor(TrimSpaces(text));
  const auto time = TakeTimeOfDay(cursor);
  return cursor.done() ? time : std::nullopt;
}

bool IsBarTime(Time time) {
  static const Time first = *FromDate(kFirstYear, 1, 1);
  static const Time last = *FromDate(kLastYear, 12, 31);
  return time >= first && time <= last;
}

std::optional<Time> ParseBarTime(std::string_view text) {
  text = TrimSpaces(text);
  if (const auto numeric = ParseNumericTime(text)) return numeric;
  Cursor cursor(text);
  const auto date = TakeDate(cursor);
  if (!date || cursor.done()) return date;
  if (!cursor.Take('T') && !cursor.Take(' ')) return std::nullopt;
  cursor.SkipSpaces();
  const auto time = TakeTimeOfDay(cursor);
  const auto offset = time ? TakeOffset(cursor) : std::nullopt;
  if (!offset || !cursor.done()) return std::nullopt;
  return InRange(*date + *time - *offset);
}

}  // namespace hone
