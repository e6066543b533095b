// A live progress line on stderr, only on a terminal and only for work over a second.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "records/decision.h"

namespace hone {

class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  void Show(std::size_t done, std::size_t all, const std::vector<Decision>& decisions);

 private:
  bool terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point begun_, last_;
};

}  // namespace hone
