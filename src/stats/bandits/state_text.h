// The state of a bandit as text: words with a space between, numbers in the shortest form that reads back to the same
// bits. One walk over a state's members both writes and reads it:
//
//   void Walk(StateText& state) { state.Number(sum_); state.Whole(rows_); }
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

class StateText {
 public:
  StateText() = default;  // writes
  // Reads `text`, which is outside input and must live as long. What is not as it must be leaves members as they are
  // and ok() false from then on.
  static StateText Reading(std::string_view text);

  bool reading() const { return reading_; }
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  std::string Take() { return std::move(written_); }

  void Word(std::string_view expected);
  void Number(double& value);  // finite
  void Whole(std::int64_t& value, std::int64_t low, std::int64_t high);
  void Unsigned(std::uint64_t& value);
  void Numbers(std::vector<double>& values);  // as many as there are
  void Require(bool holds) { ok_ = ok_ && holds; }

 private:
  std::string_view Next();
  void Put(std::string_view word);
  template <typename T>
  void Exchange(T& value);

  bool reading_ = false, ok_ = true;
  std::string_view rest_;
  std::string written_;
};

}  // namespace hone
