#include "serving/plain_request.h"

#include <array>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <system_error>

#include "base/eight_bytes.h"

namespace hone {
namespace {

// Doubles hold these exactly, and whole numbers up to the second.
constexpr std::array<double, 23> kPowersOfTen = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                                 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr std::uint64_t kExact = std::uint64_t{1} << 53;
constexpr int kLargestPower = 22;
constexpr std::ptrdiff_t kMostDigits = 19;  // in 64 bits
constexpr std::ptrdiff_t kMostExponentDigits = 6;
constexpr int kFarExponent = 1'000'000;
constexpr int kMostUsual = 7;  // digits, before the point and behind it

constexpr std::size_t kWord = sizeof(std::uint64_t);
static_assert(kWord == kPlainPadding);
constexpr std::array<std::uint64_t, kWord + 1> kPowersOfTen64 = {1,       10,        100,        1'000,      10'000,
                                                                 100'000, 1'000'000, 10'000'000, 100'000'000};

// How many bytes from the lowest on are at most 9. Adding 0x76 sets the high bit of those from 10 to 127; what it
// carries into the next byte stands behind one that is no digit.
std::size_t DigitsThatLead(std::uint64_t digits) {
  const std::uint64_t others = ((digits + 0x76 * kEachByte) | digits) & kHighBits;
  return static_cast<std::size_t>(std::countr_zero(others)) / 8;
}

// Of eight digits, the first in the lowest byte: neighbours are joined to numbers of two, four and eight digits.
std::uint64_t NumberOf(std::uint64_t digits) {
  digits = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ff;
  digits = (digits * 100 + (digits >> 16)) & 0x0000ffff0000ffff;
  return (digits * 10'000 + (digits >> 32)) & 0xffffffff;
}

// Goes through a text that zeros follow, which fit nothing.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(at_ + text.size()) {}

  // The character after any white space.
  bool Take(char c) {
    if (*at_ != c) {
      SkipSpace();
      if (*at_ != c) return false;
    }
    ++at_;
    return true;
  }
  bool AtEnd() {
    SkipSpace();
    return at_ == end_;
  }
  bool Text(std::string_view& text) {
    if (!Take('"')) return false;
    const char* const begin = at_;
    while (*at_ >= ' ' && *at_ <= '~' && *at_ != '"' && *at_ != '\\') ++at_;
    text = {begin, static_cast<std::size_t>(at_ - begin)};
    return *at_++ == '"';
  }
  // A number, or NaN for null.
  bool Value(double& value) {
    SkipSpace();
    if (*at_ == 'n') return Null(value);
    return Number(value);
  }

 private:
  void SkipSpace() {
    while (*at_ <= ' ' && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }
  bool Null(double& value) {
    value = std::numeric_limits<double>::quiet_NaN();
    for (const char c : {'n', 'u', 'l', 'l'}) {
      if (*at_++ != c) return false;
    }
    return true;
  }
  bool Number(double& value);
  bool AnyNumber(double& value);

  const char* at_;
  const char* end_;
};

// Behind the digits that `at` begins with; they are appended to `number` modulo 2^64.
const char* PassDigits(const char* at, std::uint64_t& number) {
  std::uint64_t sum = number;
  for (unsigned digit = 0; (digit = static_cast<unsigned char>(*at) - unsigned{'0'}) <= 9; ++at) sum = 10 * sum + digit;
  number = sum;
  return at;
}

// The same for many digits, up to eight at once.
const char* PassManyDigits(const char* at, std::uint64_t& number) {
  while (true) {
    const std::uint64_t digits = EightBytes(at) ^ '0' * kEachByte;
    const std::size_t count = DigitsThatLead(digits);
    if (count < kWord) {
      if (count > 0) number = kPowersOfTen64[count] * number + NumberOf(digits << 8 * (kWord - count));
      return at + count;
    }
    number = kPowersOfTen64[kWord] * number + NumberOf(digits);
    at += kWord;
  }
}

// Behind the exponent whose letter `at` is; null where it has no digit. It is added to `exponent`.
const char* PassExponent(const char* at, int& exponent) {
  ++at;
  const bool negative = *at == '-';
  if (negative || *at == '+') ++at;
  std::uint64_t given = 0;
  const char* const end = PassDigits(at, given);
  if (end == at) return nullptr;
  const int size = end - at > kMostExponentDigits ? kFarExponent : static_cast<int>(given);
  exponent += negative ? -size : size;
  return end;
}

// Most have a point, up to seven digits before it and behind it, and no exponent: exact by one division.
inline bool Scanner::Number(double& value) {
  const bool negative = *at_ == '-';
  const char* const first = at_ + (negative ? 1 : 0);
  std::uint64_t mantissa = 0;
  const char* const point = PassDigits(first, mantissa);
  const std::ptrdiff_t before = point - first;
  if (*point != '.' || before < 1 || before > kMostUsual || (*first == '0' && before > 1)) return AnyNumber(value);
  const std::uint64_t digits = EightBytes(point + 1) ^ '0' * kEachByte;
  const std::size_t count = DigitsThatLead(digits);
  const char* const end = point + 1 + count;
  if (count < 1 || count > kMostUsual || (*end | 0x20) == 'e') return AnyNumber(value);
  mantissa = kPowersOfTen64[count] * mantissa + NumberOf(digits << 8 * (kWord - count));
  const double size = static_cast<double>(static_cast<std::int64_t>(mantissa)) / kPowersOfTen[count];
  value = negative ? -size : size;
  at_ = end;
  return true;
}

// In locals, which the characters cannot be taken to change.
[[gnu::noinline]] bool Scanner::AnyNumber(double& value) {
  const char* const begin = at_;
  const bool negative = *begin == '-';
  const char* const first = negative ? begin + 1 : begin;
  std::uint64_t mantissa = 0;
  const char* at = PassDigits(first, mantissa);
  std::ptrdiff_t digits = at - first;
  if (digits == 0 || (*first == '0' && digits > 1)) return false;
  int exponent = 0;
  const bool whole = *at != '.' && *at != 'e' && *at != 'E';
  if (*at == '.') {
    const char* const fraction = ++at;
    at = PassManyDigits(fraction, mantissa);
    if (at == fraction) return false;
    digits += at - fraction;
    if (digits <= kMostDigits) exponent = -static_cast<int>(at - fraction);
  }
  if (*at == 'e' || *at == 'E') at = PassExponent(at, exponent);
  if (at == nullptr) return false;
  at_ = at;
  if (whole && digits <= kMostDigits) {
    const auto number = static_cast<double>(mantissa);
    value = negative && mantissa != 0 ? -number : number;
    return true;
  }
  if (digits <= kMostDigits && mantissa <= kExact && exponent >= -kLargestPower && exponent <= kLargestPower) {
    const auto number = static_cast<double>(static_cast<std::int64_t>(mantissa));
    const double power = kPowersOfTen[static_cast<std::size_t>(exponent < 0 ? -exponent : exponent)];
    const double size = exponent < 0 ? number / power : number * power;
    value = negative ? -size : size;
    return true;
  }
  const auto [end, error] = std::from_chars(begin, at, value);
  return error == std::errc() && end == at;
}

bool ReadNamed(Scanner& in, std::vector<NamedFeature>& named) {
  if (in.Take('}')) return true;
  do {
    NamedFeature& feature = named.emplace_back();
    if (!in.Text(feature.name) || !in.Take(':') || !in.Value(feature.value)) return false;
  } while (in.Take(',') && named.size() < PredictRequestReader::kMaxFeatures);
  return in.Take('}');
}

bool ReadList(Scanner& in, std::vector<double>& values) {
  if (in.Take(']')) return true;
  do {
    if (!in.Value(values.emplace_back())) return false;
  } while (in.Take(',') && values.size() < PredictRequestReader::kMaxFeatures);
  return in.Take(']');
}

bool ReadFeatures(Scanner& in, PredictRequest& request, bool& given) {
  if (given) return false;
  given = true;
  request.by_name = in.Take('{');
  if (request.by_name) return ReadNamed(in, request.named);
  return in.Take('[') && ReadList(in, request.values);
}

// A text that was not given before and is not empty.
bool ReadText(Scanner& in, std::string_view& text) { return text.empty() && in.Text(text) && !text.empty(); }

bool ReadKey(Scanner& in, std::string_view& key) {
  return ReadText(in, key) && key.size() <= kLongestRoutingKey && key.find(' ') == key.npos;
}

bool ReadMember(Scanner& in, PredictRequest& request, bool& given) {
  std::string_view name;
  if (!in.Text(name) || !in.Take(':')) return false;
  if (name == "features") return ReadFeatures(in, request, given);
  if (name == "model") return ReadText(in, request.model);
  return name == "key" && ReadKey(in, request.key);
}

}  // namespace

bool ReadPlainRequest(const std::string& padded, PredictRequest& request) {
  Scanner in(std::string_view(padded).substr(0, padded.size() - kPlainPadding));
  bool features = false;
  if (!in.Take('{')) return false;
  do {
    if (!ReadMember(in, request, features)) return false;
  } while (in.Take(','));
  return in.Take('}') && in.AtEnd() && features;
}

}  // namespace hone
