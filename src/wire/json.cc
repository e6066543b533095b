#include "wire/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace hone {
namespace {

// Walks the text and tells how far the parser has read.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    *furthest_ = ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** furthest_;
};

// Builds the tree from nlohmann's events, refusing what goes beyond the limits. Positions are where the parser stands,
// just behind the token.
class TreeBuilder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  TreeBuilder(std::string_view text, const JsonLimits& limits)
      : text_(text), limits_(limits), furthest_(text.data()), counted_(text.data()) {}

  const char** furthest() { return &furthest_; }
  JsonValue& root() { return root_; }
  const Error& error() const { return error_; }

  bool null() { return Add() != nullptr; }
  bool boolean(bool value) {
    JsonValue* added = Add();
    if (added == nullptr) return false;
    added->kind = JsonValue::Kind::kBoolean;
    added->boolean = value;
    return true;
  }
  bool number_integer(number_integer_t value) { return AddInteger(value, static_cast<double>(value), true); }
  bool number_unsigned(number_unsigned_t value) {
    const bool fits = value <= static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max());
    return AddInteger(fits ? static_cast<std::int64_t>(value) : 0, static_cast<double>(value), fits);
  }
  bool number_float(number_float_t value, const string_t&) { return AddInteger(0, value, false); }
  bool string(string_t& value) {
    JsonValue* added = Add();
    if (added == nullptr) return false;
    added->kind = JsonValue::Kind::kText;
    added->text = std::move(value);
    return true;
  }
  bool binary(binary_t&) { return false; }  // no such thing in JSON text

  bool start_object(std::size_t) { return Open(JsonValue::Kind::kMap); }
  bool start_array(std::size_t) { return Open(JsonValue::Kind::kList); }
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }

  bool key(string_t& name) {
    if (!keys_.back().insert(name).second) return Fail(fmt::format("key \"{}\" stands twice", name.substr(0, 64)));
    open_.back()->keys.push_back(std::move(name));
    return true;
  }

  template <typename Exception>
  bool parse_error(std::size_t, const std::string&, const Exception& exception) {
    return Fail(Sentence(exception.what()));
  }

 private:
  // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while ..." from its last clause on.
  static std::string Sentence(std::string_view what) {
    const std::size_t column = what.find(", column ");
    const std::size_t colon = column == what.npos ? what.find("] ") : what.find(": ", column);
    if (colon != what.npos) what.remove_prefix(colon + 2);
    return std::string(what.substr(0, 300));
  }

  JsonValue* Add() {
    if (++values_ > limits_.values) {
      Fail(fmt::format("more than {} values", limits_.values));
      return nullptr;
    }
    JsonValue* added = open_.empty() ? &root_ : &open_.back()->items.emplace_back();
    added->line = Line();
    return added;
  }

  bool AddInteger(std::int64_t integer, double number, bool is_integer) {
    JsonValue* added = Add();
    if (added == nullptr) return false;
    added->kind = JsonValue::Kind::kNumber;
    added->number = number;
    added->integer = integer;
    added->is_integer = is_integer;
    return true;
  }

  bool Open(JsonValue::Kind kind) {
    if (open_.size() >= static_cast<std::size_t>(limits_.depth)) {
      return Fail(fmt::format("nested deeper than {}", limits_.depth));
    }
    JsonValue* added = Add();
    if (added == nullptr) return false;
    added->kind = kind;
    open_.push_back(added);
    keys_.emplace_back();
    return true;
  }

  bool Close() {
    open_.pop_back();
    keys_.pop_back();
    return true;
  }

  // Lines are counted as the parser goes, so each byte is looked at once.
  int Line() {
    line_ += static_cast<int>(std::count(counted_, furthest_, '\n'));
    counted_ = furthest_;
    return line_;
  }

  bool Fail(std::string message) {
    const auto read = static_cast<std::size_t>(furthest_ - text_.data());
    const std::string_view before = text_.substr(0, read);
    const std::size_t newline = before.rfind('\n');
    const std::size_t column = newline == before.npos ? read : read - newline - 1;
    error_ = {ErrorCode::kInvalidArgument, fmt::format("column {}: {}", column, message), std::string(limits_.source),
              Line(), ""};
    return false;
  }

  std::string_view text_;
  const JsonLimits& limits_;
  const char* furthest_;
  const char* counted_;
  int line_ = 1;
  std::size_t values_ = 0;
  JsonValue root_;
  std::vector<JsonValue*> open_;  // the maps and lists around the parser; a parent does not grow while a child is open
  std::vector<std::set<std::string, std::less<>>> keys_;  // of each of them
  Error error_;
};

}  // namespace

const JsonValue* JsonValue::Find(std::string_view key) const {
  const auto found = std::find(keys.begin(), keys.end(), key);
  return found == keys.end() ? nullptr : &items[static_cast<std::size_t>(found - keys.begin())];
}

const char* JsonKindName(JsonValue::Kind kind) {
  switch (kind) {
    case JsonValue::Kind::kNull: return "null";
    case JsonValue::Kind::kBoolean: return "a boolean";
    case JsonValue::Kind::kNumber: return "a number";
    case JsonValue::Kind::kText: return "a text";
    case JsonValue::Kind::kList: return "a list";
    case JsonValue::Kind::kMap: return "a map";
  }
  return "null";
}

Result<JsonValue> ParseJson(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("JSON may have at most {} bytes, has {}", limits.bytes, text.size()),
                 std::string(limits.source), 0, ""};
  }
  TreeBuilder builder(text, limits);
  const CountingIterator begin(text.data(), builder.furthest());
  const CountingIterator end(text.data() + text.size(), builder.furthest());
  if (!nlohmann::json::sax_parse(begin, end, &builder)) return builder.error();
  return std::move(builder.root());
}

}  // namespace hone
