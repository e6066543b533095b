#include "drift/stream_detector.h"

#include <algorithm>
#include <cmath>

namespace hone {
namespace {

// Far beyond any measurement, and squares of it still have room.
constexpr double kLargest = 1e100;

double Within(StreamInput input, double value) {
  switch (input) {
    case StreamInput::kAny: return std::clamp(value, -kLargest, kLargest);
    case StreamInput::kUnit: return std::clamp(value, 0.0, 1.0);
    case StreamInput::kBit: return value >= 0.5 ? 1 : 0;
  }
  return value;
}

}  // namespace

const char* StreamStatusName(StreamStatus status) {
  switch (status) {
    case StreamStatus::kNoData: return "no_data";
    case StreamStatus::kInControl: return "in_control";
    case StreamStatus::kWarning: return "warning";
    case StreamStatus::kDrift: return "drift";
  }
  return "no_data";
}

const char* StreamChangeName(StreamChange change) {
  switch (change) {
    case StreamChange::kNone: return "none";
    case StreamChange::kUp: return "up";
    case StreamChange::kDown: return "down";
    case StreamChange::kWider: return "wider";
    case StreamChange::kNarrower: return "narrower";
  }
  return "none";
}

StreamState StreamDetector::Update(double value) {
  if (!std::isfinite(value)) {
    ++missing_;
    return {};
  }
  if (drifted_) StartAfresh();
  ++rows_;
  const StreamState state = Take(Within(input(), value));
  drifted_ = state.status == StreamStatus::kDrift;
  return state;
}

}  // namespace hone
