#include "wire/json_writer.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "base/eight_bytes.h"
#include "wire/expect.h"
#include "wire/utf8.h"

namespace hone {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";
constexpr char kHex[] = "0123456789abcdef";

void AppendControl(char c, std::string& out) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  out += "\\u00";
  out += kHex[static_cast<unsigned char>(c) >> 4];
  out += kHex[static_cast<unsigned char>(c) & 15];
}

bool IsPlain(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

// Eight bytes at once: whether each IsPlain.
bool ArePlain(std::uint64_t word) {
  return ((word & kHighBits) | ControlBytes(word) | ZeroBytes(word ^ '"' * kEachByte) |
          ZeroBytes(word ^ '\\' * kEachByte)) == 0;
}

// Whether it needs no escape and no look at its encoding.
bool IsPlain(std::string_view text) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  if (text.size() < kWord) return std::all_of(text.begin(), text.end(), [](char c) { return IsPlain(c); });
  for (std::size_t i = 0; i + kWord < text.size(); i += kWord) {
    if (!ArePlain(EightBytes(text.data() + i))) return false;
  }
  return ArePlain(EightBytes(text.data() + text.size() - kWord));
}

// Of the beginning that is plain.
std::size_t PlainLength(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), [](char c) { return IsPlain(c); });
  return static_cast<std::size_t>(end - text.begin());
}

template <typename T>
void AppendNumber(T value, std::string& out) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  out.append(buffer, end);
}

// The shortest form of whole numbers below has no exponent: they are written as the integers they are.
constexpr double kLeastWithExponent = 100'000;

// Readers take "-0" for the integer 0, and its sign is gone.
void AppendDouble(double value, std::string& out) {
  if (value > 0 && value < kLeastWithExponent && value == static_cast<int>(value)) {
    return AppendNumber(static_cast<int>(value), out);
  }
  AppendNumber(value, out);
  if (value == 0 && std::signbit(value)) out += ".0";
}

}  // namespace

void JsonWriter::Quote(std::string_view text) {
  if (IsPlain(text)) {
    const std::size_t begin = text_.size() + 1;
    text_.append(text.size() + 2, '"');
    text.copy(text_.data() + begin, text.size());
    return;
  }
  text_ += '"';
  for (std::size_t i = 0; i < text.size();) {
    if (const std::size_t plain = PlainLength(text.substr(i)); plain > 0) {
      text_ += text.substr(i, plain);
      i += plain;
      continue;
    }
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      AppendControl(text[i++], text_);
      continue;
    }
    const std::size_t length = Utf8Length(text.substr(i));
    text_ += length == 0 ? kReplacement : text.substr(i, length);
    i += length == 0 ? 1 : length;
  }
  text_ += '"';
}

void JsonWriter::NewLine() {
  if (style_ == JsonStyle::kCompact) return;
  text_ += '\n';
  text_.append(2 * scopes_.size(), ' ');
}

void JsonWriter::NextItem() {
  Scope& scope = scopes_.back();
  if (!scope.empty) text_ += ',';
  scope.empty = false;
  NewLine();
}

void JsonWriter::BeforeValue() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (scopes_.empty()) {
    if (!text_.empty()) text_ += '\n';
    return;
  }
  Expect(!scopes_.back().map);
  NextItem();
}

JsonWriter& JsonWriter::Key(std::string_view key) {
  Expect(!scopes_.empty() && scopes_.back().map && !after_key_);
  NextItem();
  Quote(key);
  text_ += ':';
  if (style_ != JsonStyle::kCompact) text_ += ' ';
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::Begin(char bracket, bool map) {
  BeforeValue();
  text_ += bracket;
  scopes_.push_back({map, true});
  return *this;
}

JsonWriter& JsonWriter::End(char bracket, bool map) {
  Expect(!scopes_.empty() && scopes_.back().map == map && !after_key_);
  const bool empty = scopes_.back().empty;
  scopes_.pop_back();
  if (!empty) NewLine();
  text_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::BeginMap() { return Begin('{', true); }
JsonWriter& JsonWriter::EndMap() { return End('}', true); }
JsonWriter& JsonWriter::BeginList() { return Begin('[', false); }
JsonWriter& JsonWriter::EndList() { return End(']', false); }

JsonWriter& JsonWriter::Raw(std::string_view json) {
  BeforeValue();
  text_ += json;
  return *this;
}

JsonWriter& JsonWriter::Null() { return Raw("null"); }
JsonWriter& JsonWriter::Value(bool value) { return Raw(value ? "true" : "false"); }

JsonWriter& JsonWriter::Value(double value) {
  if (!std::isfinite(value)) return Null();
  BeforeValue();
  AppendDouble(value, text_);
  return *this;
}

JsonWriter& JsonWriter::Signed(std::int64_t value) {
  BeforeValue();
  AppendNumber(value, text_);
  return *this;
}

JsonWriter& JsonWriter::Unsigned(std::uint64_t value) {
  BeforeValue();
  AppendNumber(value, text_);
  return *this;
}

JsonWriter& JsonWriter::Value(std::string_view text) {
  BeforeValue();
  Quote(text);
  return *this;
}

std::string JsonWriter::Take() {
  Expect(scopes_.empty() && !after_key_);
  return std::exchange(text_, {});
}

void JsonWriter::Clear() {
  text_.clear();
  scopes_.clear();
  after_key_ = false;
}

std::string JsonNumber(double value) {
  if (!std::isfinite(value)) return "null";
  std::string text;
  AppendDouble(value, text);
  return text;
}

}  // namespace hone
