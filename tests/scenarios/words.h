// One line of a scenario, taken word by word.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

class Words {
 public:
  // Splits at blanks; "#" begins a comment.
  explicit Words(std::string_view line);

  bool empty() const { return at_ == words_.size(); }
  // Takes the phrase ("at least") when it comes next; false, and nothing taken, otherwise.
  bool Take(std::string_view phrase);
  // The next word or number; nullopt, and nothing taken, when there is none (or it is no number).
  std::optional<std::string> Word();
  std::optional<double> Number();
  // A number followed by "%", as a share.
  std::optional<double> Percent();
  // Words up to the first of the stop words (which is left) or the end, joined by blanks.
  std::string Until(std::initializer_list<std::string_view> stops);
  // What was not taken.
  std::string Rest() const;

 private:
  std::vector<std::string> words_;
  std::size_t at_ = 0;
};

}  // namespace hone
