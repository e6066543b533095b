#include "wire/json_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/edit_distance.h"

namespace hone {
namespace {

constexpr std::size_t kMaxText = 64 << 10;

std::string Show(double number) { return fmt::format("{}", number); }

}  // namespace

JsonFields::JsonFields(const JsonValue& value, std::string source, std::string path)
    : value_(&value), source_(std::move(source)), path_(std::move(path)) {
  if (!value.is_map()) Fail("", fmt::format("must be a map, is {}", JsonKindName(value.kind)));
}

std::string JsonFields::PathOf(std::string_view key) const {
  if (path_.empty()) return std::string(key);
  return key.empty() ? path_ : fmt::format("{}.{}", path_, key);
}

bool JsonFields::Has(std::string_view key) const {
  const JsonValue* found = value_->Find(key);
  return found != nullptr && !found->is_null();
}

JsonFields& JsonFields::Require(std::string_view key) {
  if (value_->is_map() && !Has(key)) Fail(key, "is required");
  return *this;
}

void JsonFields::Fail(std::string_view key, std::string message) {
  if (problem_) return;
  const JsonValue* found = value_->Find(key);
  const int line = found != nullptr ? found->line : value_->line;
  problem_ = Error{ErrorCode::kInvalidArgument, std::move(message), source_, line, PathOf(key)};
}

const JsonValue* JsonFields::Take(std::string_view key) {
  known_.emplace_back(key);
  return Has(key) ? value_->Find(key) : nullptr;
}

const JsonValue* JsonFields::TakeKind(std::string_view key, JsonValue::Kind kind) {
  const JsonValue* found = Take(key);
  if (found == nullptr || found->kind == kind) return found;
  Fail(key, fmt::format("must be {}, is {}", JsonKindName(kind), JsonKindName(found->kind)));
  return nullptr;
}

const JsonValue* JsonFields::TakeList(std::string_view key) { return TakeKind(key, JsonValue::Kind::kList); }
const JsonValue* JsonFields::TakeMap(std::string_view key) { return TakeKind(key, JsonValue::Kind::kMap); }

void JsonFields::Read(std::string_view key, double& target, const YamlRange& range) {
  const JsonValue* found = TakeKind(key, JsonValue::Kind::kNumber);
  if (found == nullptr) return;
  if (!range.Contains(found->number)) {
    return Fail(key, fmt::format("must be {}, is {}", range.ToString(), Show(found->number)));
  }
  target = found->number;
}

void JsonFields::Read(std::string_view key, std::int64_t& target, const YamlRange& range) {
  const JsonValue* found = TakeKind(key, JsonValue::Kind::kNumber);
  if (found == nullptr) return;
  if (!found->is_integer) return Fail(key, fmt::format("must be an integer, is {}", Show(found->number)));
  if (!range.Contains(found->number)) {
    return Fail(key, fmt::format("must be {}, is {}", range.ToString(), found->integer));
  }
  target = found->integer;
}

void JsonFields::Read(std::string_view key, bool& target) {
  if (const JsonValue* found = TakeKind(key, JsonValue::Kind::kBoolean)) target = found->boolean;
}

void JsonFields::Read(std::string_view key, std::string& target) {
  const JsonValue* found = TakeKind(key, JsonValue::Kind::kText);
  if (found == nullptr) return;
  if (found->text.size() > kMaxText) {
    return Fail(key, fmt::format("may have at most {} bytes, has {}", kMaxText, found->text.size()));
  }
  target = found->text;
}

void JsonFields::Read(std::string_view key, std::vector<std::string>& target) {
  const JsonValue* found = TakeList(key);
  if (found == nullptr) return;
  std::vector<std::string> texts;
  for (const JsonValue& item : found->items) {
    if (!item.is_text()) {
      return Fail(key, fmt::format("must be a list of texts; item {} is {}", texts.size(), JsonKindName(item.kind)));
    }
    texts.push_back(item.text);
  }
  target = std::move(texts);
}

void JsonFields::Read(std::string_view key, std::vector<double>& target) {
  const JsonValue* found = TakeList(key);
  if (found == nullptr) return;
  std::vector<double> numbers;
  for (const JsonValue& item : found->items) {
    if (!item.is_number() && !item.is_null()) {
      return Fail(key,
                  fmt::format("must be a list of numbers; item {} is {}", numbers.size(), JsonKindName(item.kind)));
    }
    numbers.push_back(item.is_null() ? std::numeric_limits<double>::quiet_NaN() : item.number);
  }
  target = std::move(numbers);
}

Status JsonFields::Finish() const {
  for (const std::string& key : value_->keys) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    const std::string shown = key.substr(0, 64);
    return Error{ErrorCode::kInvalidArgument, "unknown key" + DidYouMean(shown, known_), source_,
                 value_->Find(key)->line, PathOf(shown)};
  }
  if (problem_) return *problem_;
  return OkStatus();
}

}  // namespace hone
