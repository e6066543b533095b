// A stream detector watches one column while it arrives: a value in, a state out.
//
//   std::unique_ptr<StreamDetector> detector = MakeAdwin({});
//   if (detector->Update(value).status == StreamStatus::kDrift) ...  // the next Update starts afresh
//
// stream_detectors.h makes one by its name. A new detector derives from CopyableStreamDetector and is held by
// stream_detector_contract_test.cc.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>

namespace hone {

enum class StreamStatus : std::uint8_t {
  kNoData,     // too few values to judge by, or this value was missing
  kInControl,  // judged; nothing to report
  kWarning,    // a change may be on its way; only some detectors warn
  kDrift,      // the stream changed; said once, at the value that shows it
};
const char* StreamStatusName(StreamStatus status);  // "no_data", "in_control", "warning", "drift"

enum class StreamChange : std::uint8_t {
  kNone,
  kUp,        // the mean rose
  kDown,      // it fell
  kWider,     // the spread grew
  kNarrower,  // it shrank
};
const char* StreamChangeName(StreamChange change);  // "none", "up", "down", "wider", "narrower"

// What a detector says after a value. `before` and `after`: the detector's estimates of the mean (of the standard
// deviation for wider and narrower) before the change and since; NaN where it has none.
struct StreamState {
  StreamStatus status = StreamStatus::kNoData;
  StreamChange change = StreamChange::kNone;  // of a warning or a drift
  double before = std::numeric_limits<double>::quiet_NaN();
  double after = std::numeric_limits<double>::quiet_NaN();
  std::int64_t needed_rows =
      0;  // reference rows without which there is no judging this stream; 0 where there are enough
};

// Which values a detector is made for.
enum class StreamInput : std::uint8_t {
  kAny,   // finite numbers
  kUnit,  // [0, 1]
  kBit,   // 0 and 1: an answer was right, or wrong
};

// Deterministic: the same values, parameters and seed give the same states. Memory is fixed, or O(log n) where the
// detector says so. Not thread-safe.
class StreamDetector {
 public:
  virtual ~StreamDetector() = default;
  virtual const char* name() const = 0;
  virtual StreamInput input() const { return StreamInput::kAny; }

  // The state after `value`. A value that is not finite is counted as missing, answers no_data and changes nothing
  // else; one outside input() is taken to its nearer end.
  StreamState Update(double value);

  std::int64_t rows() const { return rows_; }        // finite values so far
  std::int64_t missing() const { return missing_; }  // the others
  // An independent copy, which goes on as this one would: a checkpoint.
  virtual std::unique_ptr<StreamDetector> Copy() const = 0;

 protected:
  StreamDetector() = default;
  StreamDetector(const StreamDetector&) = default;
  StreamDetector& operator=(const StreamDetector&) = default;

 private:
  // A finite value within input().
  virtual StreamState Take(double value) = 0;
  // Before the first value after a drift.
  virtual void StartAfresh() = 0;

  std::int64_t rows_ = 0;
  std::int64_t missing_ = 0;
  bool drifted_ = false;
};

// Gives a detector its Copy().
template <typename Derived>
class CopyableStreamDetector : public StreamDetector {
 public:
  std::unique_ptr<StreamDetector> Copy() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
};

}  // namespace hone
