#include "base/time.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstring>

namespace hone {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::weekday;
using std::chrono::year;
using std::chrono::year_month_day;

Error Malformed(std::string_view text) {
  return {ErrorCode::kInvalidArgument,
          fmt::format("must be a time such as 2008-09-15 or 2008-09-15T13:45:00Z, is \"{}\"", text.substr(0, 64)), "",
          0, ""};
}

// Reads fixed-width fields from the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }

  bool Digits(std::size_t count, int& value) {
    if (rest_.size() < count) return false;
    value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return false;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return true;
  }

  bool Any(std::string_view characters, char* found = nullptr) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
    if (found != nullptr) *found = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }

 private:
  std::string_view rest_;
};

bool ScanDate(Scanner& scanner, CivilTime& civil) {
  return scanner.Digits(4, civil.year) && scanner.Any("-") && scanner.Digits(2, civil.month) && scanner.Any("-") &&
         scanner.Digits(2, civil.day);
}

// ".5" is half a second; digits beyond the ninth are dropped.
bool ScanFraction(Scanner& scanner, CivilTime& civil) {
  if (!scanner.Any(".")) return true;
  int digit = 0;
  int unit = 100'000'000;
  bool any = false;
  while (scanner.Digits(1, digit)) {
    civil.nanosecond += digit * unit;
    unit /= 10;
    any = true;
  }
  return any;
}

bool ScanOffset(Scanner& scanner, Duration& offset) {
  char sign = 0;
  if (scanner.done() || scanner.Any("Zz")) return true;
  int hours = 0;
  int minutes = 0;
  if (!scanner.Any("+-", &sign) || !scanner.Digits(2, hours) || !scanner.Any(":") || !scanner.Digits(2, minutes)) {
    return false;
  }
  if (hours > 23 || minutes > 59) return false;
  offset = (hours * 3600 + minutes * 60) * kSecond * (sign == '-' ? -1 : 1);
  return true;
}

bool ScanTimeOfDay(Scanner& scanner, CivilTime& civil, Duration& offset) {
  return scanner.Any("Tt ") && scanner.Digits(2, civil.hour) && scanner.Any(":") && scanner.Digits(2, civil.minute) &&
         scanner.Any(":") && scanner.Digits(2, civil.second) && ScanFraction(scanner, civil) &&
         ScanOffset(scanner, offset);
}

Error OutOfRange(const char* field, int value, std::string_view range) {
  return {ErrorCode::kInvalidArgument, fmt::format("{} must be within {}, is {}", field, range, value), "", 0, ""};
}

// "00", "01", ... "99".
constexpr std::array<char, 200> MakeDigitPairs() {
  std::array<char, 200> pairs{};
  for (std::size_t number = 0; number < 100; ++number) {
    pairs[2 * number] = static_cast<char>('0' + number / 10);
    pairs[2 * number + 1] = static_cast<char>('0' + number % 10);
  }
  return pairs;
}

constexpr std::array<char, 200> kDigitPairs = MakeDigitPairs();

// The last `width` decimal digits of `number`, 0 or more, zeros in front; where they end.
inline char* PutDigits(int number, int width, char* out) {
  int left = width;
  for (auto rest = static_cast<unsigned>(number); left > 0; rest /= 100) {
    left -= 2;
    const char* const pair = &kDigitPairs[std::size_t{2} * (rest % 100)];
    if (left >= 0) std::memcpy(out + left, pair, 2);
    if (left == -1) out[0] = pair[1];
  }
  return out + width;
}

// A time has a year of four digits, 1677 ... 2262.
char* PutDate(const CivilTime& civil, char* out) {
  out = PutDigits(civil.year, 4, out);
  *out++ = '-';
  out = PutDigits(civil.month, 2, out);
  *out++ = '-';
  return PutDigits(civil.day, 2, out);
}

// Without the zeros at the end, and nothing for none.
char* PutFraction(int nanosecond, char* out) {
  if (nanosecond == 0) return out;
  *out++ = '.';
  out = PutDigits(nanosecond, 9, out);
  while (out[-1] == '0') --out;
  return out;
}

}  // namespace

CivilTime ToCivil(Time time) {
  // Time / kDay rounds towards zero; days before the epoch need the floor.
  Time day_number = time / kDay;
  Duration rest = time % kDay;
  if (rest < 0) {
    --day_number;
    rest += kDay;
  }
  const sys_days date{days{day_number}};
  const year_month_day ymd{date};
  CivilTime civil;
  civil.year = static_cast<int>(ymd.year());
  civil.month = static_cast<int>(static_cast<unsigned>(ymd.month()));
  civil.day = static_cast<int>(static_cast<unsigned>(ymd.day()));
  civil.hour = static_cast<int>(rest / (3600 * kSecond));
  civil.minute = static_cast<int>(rest / (60 * kSecond) % 60);
  civil.second = static_cast<int>(rest / kSecond % 60);
  civil.nanosecond = static_cast<int>(rest % kSecond);
  civil.weekday = static_cast<int>(weekday{date}.c_encoding());
  return civil;
}

Result<Time> FromCivil(const CivilTime& civil) {
  if (civil.year < 1678 || civil.year > 2261) return OutOfRange("year", civil.year, "[1678, 2261]");
  if (civil.month < 1 || civil.month > 12) return OutOfRange("month", civil.month, "[1, 12]");
  const year_month_day ymd{year{civil.year}, month{static_cast<unsigned>(civil.month)},
                           day{static_cast<unsigned>(civil.day)}};
  if (civil.day < 1 || !ymd.ok()) return OutOfRange("day", civil.day, "its month");
  if (civil.hour < 0 || civil.hour > 23) return OutOfRange("hour", civil.hour, "[0, 23]");
  if (civil.minute < 0 || civil.minute > 59) return OutOfRange("minute", civil.minute, "[0, 59]");
  if (civil.second < 0 || civil.second > 59) return OutOfRange("second", civil.second, "[0, 59]");
  if (civil.nanosecond < 0 || civil.nanosecond >= kSecond) {
    return OutOfRange("nanosecond", civil.nanosecond, "[0, 999999999]");
  }
  const Time seconds = civil.hour * 3600 + civil.minute * 60 + civil.second;
  return sys_days{ymd}.time_since_epoch().count() * kDay + seconds * kSecond + civil.nanosecond;
}

std::string FormatTime(Time time) {
  const CivilTime civil = ToCivil(time);
  std::array<char, 30> text;  // 2008-09-15T00:00:00.123456789Z
  char* out = PutDate(civil, text.data());
  *out++ = 'T';
  out = PutDigits(civil.hour, 2, out);
  *out++ = ':';
  out = PutDigits(civil.minute, 2, out);
  *out++ = ':';
  out = PutFraction(civil.nanosecond, PutDigits(civil.second, 2, out));
  *out++ = 'Z';
  return std::string(text.data(), out);
}

std::string FormatDate(Time time) {
  std::array<char, 10> text;
  return std::string(text.data(), PutDate(ToCivil(time), text.data()));
}

Result<Time> ParseTime(std::string_view text) {
  Scanner scanner(text);
  CivilTime civil;
  Duration offset = 0;
  if (!ScanDate(scanner, civil)) return Malformed(text);
  if (!scanner.done() && !ScanTimeOfDay(scanner, civil, offset)) return Malformed(text);
  if (!scanner.done()) return Malformed(text);
  HONE_ASSIGN_OR_RETURN(const Time local, FromCivil(civil));
  return local - offset;
}

}  // namespace hone
