#include "base/named_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/edit_distance.h"

namespace hone {
namespace {

template <typename T>
bool Parse(const std::string& text, T& value) {
  T parsed{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  value = parsed;
  return true;
}

}  // namespace

NamedParameters::NamedParameters(std::string_view kind, std::string_view owner, std::span<const std::string> settings)
    : kind_(kind), owner_(owner) {
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      Refuse("", fmt::format("'{}' is no setting; key=value was expected", setting));
      continue;
    }
    Setting parsed{setting.substr(0, equals), setting.substr(equals + 1)};
    const bool twice = std::any_of(settings_.begin(), settings_.end(),
                                   [&parsed](const Setting& other) { return other.key == parsed.key; });
    if (twice) Refuse(parsed.key, "is given twice");
    settings_.push_back(std::move(parsed));
  }
}

NamedParameters::Setting* NamedParameters::Take(const char* key) {
  known_.emplace_back(key);
  for (Setting& setting : settings_) {
    if (setting.key != key) continue;
    setting.taken = true;
    return &setting;
  }
  return nullptr;
}

void NamedParameters::Refuse(std::string_view key, std::string message) {
  if (!first_wrong_.ok()) return;
  first_wrong_ = Error{ErrorCode::kInvalidArgument, std::move(message), owner_, 0, std::string(key)};
}

void NamedParameters::Number(const char* key, double& value, double low, double high) {
  const Setting* setting = Take(key);
  if (setting == nullptr) return;
  double parsed = 0;
  if (Parse(setting->value, parsed) && parsed >= low && parsed <= high) {
    value = parsed;
  } else {
    Refuse(key, fmt::format("must be a number within [{}, {}], is '{}'", low, high, setting->value));
  }
}

void NamedParameters::Whole(const char* key, std::int64_t& value, std::int64_t low, std::int64_t high) {
  const Setting* setting = Take(key);
  if (setting == nullptr) return;
  std::int64_t parsed = 0;
  if (Parse(setting->value, parsed) && parsed >= low && parsed <= high) {
    value = parsed;
  } else {
    Refuse(key, fmt::format("must be a whole number within [{}, {}], is '{}'", low, high, setting->value));
  }
}

void NamedParameters::Flag(const char* key, bool& value) {
  const Setting* setting = Take(key);
  if (setting == nullptr) return;
  if (setting->value == "true" || setting->value == "false") {
    value = setting->value == "true";
  } else {
    Refuse(key, fmt::format("must be true or false, is '{}'", setting->value));
  }
}

void NamedParameters::Require(bool holds, const char* rule) {
  if (!holds) Refuse("", rule);
}

Status NamedParameters::Finish() const {
  for (const Setting& setting : settings_) {
    if (setting.taken) continue;
    std::string near = DidYouMean(setting.key, known_);
    if (near.empty()) near = fmt::format("; there are {}", fmt::join(known_, ", "));
    return Error{ErrorCode::kInvalidArgument, fmt::format("is no parameter of this {}{}", kind_, near), owner_, 0,
                 setting.key};
  }
  return first_wrong_;
}

}  // namespace hone
