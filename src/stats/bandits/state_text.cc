#include "stats/bandits/state_text.h"

#include <charconv>
#include <cmath>

namespace hone {

StateText StateText::Reading(std::string_view text) {
  StateText state;
  state.reading_ = true;
  state.rest_ = text;
  return state;
}

std::string_view StateText::Next() {
  const std::size_t space = rest_.find(' ');
  const std::string_view word = rest_.substr(0, space);
  rest_ = space == std::string_view::npos ? std::string_view() : rest_.substr(space + 1);
  return word;
}

void StateText::Put(std::string_view word) {
  if (!written_.empty()) written_ += ' ';
  written_ += word;
}

void StateText::Word(std::string_view expected) {
  if (reading_) {
    Require(Next() == expected);
  } else {
    Put(expected);
  }
}

template <typename T>
void StateText::Exchange(T& value) {
  if (reading_) {
    const std::string_view word = Next();
    T read{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), read);
    Require(error == std::errc() && end == word.data() + word.size());
    if (ok_) value = read;
    return;
  }
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  Put({buffer, end});
}

void StateText::Number(double& value) {
  double read = value;
  Exchange(read);
  Require(std::isfinite(read));
  if (ok_) value = read;
}

void StateText::Whole(std::int64_t& value, std::int64_t low, std::int64_t high) {
  std::int64_t read = value;
  Exchange(read);
  Require(read >= low && read <= high);
  if (ok_) value = read;
}

void StateText::Unsigned(std::uint64_t& value) { Exchange(value); }

void StateText::Numbers(std::vector<double>& values) {
  for (double& value : values) Number(value);
}

}  // namespace hone
