#include "hone/progress.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

namespace hone {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

ProgressLine::ProgressLine(std::string label)
    : label_(std::move(label)), terminal_(isatty(STDERR_FILENO) == 1), begun_(steady_clock::now()), last_(begun_) {}

ProgressLine::~ProgressLine() {
  if (shown_) std::fputs("\r\x1b[K", stderr);
}

void ProgressLine::Show(std::size_t done, std::size_t all, const std::vector<Decision>& decisions) {
  if (!terminal_) return;
  const auto now = steady_clock::now();
  if (now - begun_ < milliseconds(1000) || now - last_ < milliseconds(100)) return;
  last_ = now;
  shown_ = true;
  const std::string latest =
      decisions.empty() ? "" : FormatDate(decisions.back().time) + " " + DecisionKindName(decisions.back().kind);
  std::fprintf(stderr, "\r\x1b[K%s  %3zu %%  %zu of %zu rows, %zu decisions, latest %s", label_.c_str(),
               100 * done / all, done, all, decisions.size(), latest.c_str());
  std::fflush(stderr);
}

}  // namespace hone
