#include "words.h"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace hone {
namespace {

std::vector<std::string> Split(std::string_view text) {
  std::istringstream stream{std::string(text.substr(0, text.find('#')))};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::optional<double> ParseNumber(const std::string& word) {
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

}  // namespace

Words::Words(std::string_view line) : words_(Split(line)) {}

bool Words::Take(std::string_view phrase) {
  const std::vector<std::string> wanted = Split(phrase);
  if (words_.size() - at_ < wanted.size()) return false;
  if (!std::equal(wanted.begin(), wanted.end(), words_.begin() + static_cast<std::ptrdiff_t>(at_))) return false;
  at_ += wanted.size();
  return true;
}

std::optional<std::string> Words::Word() {
  if (empty()) return std::nullopt;
  return words_[at_++];
}

std::optional<double> Words::Number() {
  const auto number = empty() ? std::nullopt : ParseNumber(words_[at_]);
  if (number) ++at_;
  return number;
}

std::optional<double> Words::Percent() {
  if (words_.size() - at_ < 2 || words_[at_ + 1] != "%") return std::nullopt;
  const auto number = Number();
  if (number) ++at_;
  return number ? std::optional(*number / 100) : std::nullopt;
}

std::string Words::Until(std::initializer_list<std::string_view> stops) {
  std::string text;
  while (!empty() && std::find(stops.begin(), stops.end(), words_[at_]) == stops.end()) {
    text += (text.empty() ? "" : " ") + words_[at_++];
  }
  return text;
}

std::string Words::Rest() const {
  std::string text;
  for (std::size_t i = at_; i < words_.size(); ++i) text += (text.empty() ? "" : " ") + words_[i];
  return text;
}

}  // namespace hone
