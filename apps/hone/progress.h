// A live progress line on stderr, only on a terminal and only for work over a second.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "records/decision.h"

namespace hone {

class ProgressLine {
 public:
  // label: what is being worked on, shown in front.
  explicit ProgressLine(std::string label);
  ~ProgressLine();
  void Show(std::size_t done, std::size_t all, const std::vector<Decision>& decisions);

 private:
  std::string label_;
  bool terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point begun_, last_;
};

}  // namespace hone
