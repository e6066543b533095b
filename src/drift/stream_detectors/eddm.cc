#include "drift/stream_detectors/eddm.h"

#include "stats/running_moments.h"

namespace hone {
namespace {

class Eddm final : public CopyableStreamDetector<Eddm> {
 public:
  explicit Eddm(const EddmConfig& config) : config_(config) {}
  const char* name() const override { return "eddm"; }
  StreamInput input() const override { return StreamInput::kBit; }

 private:
  struct Seen {
    std::int64_t answers = 0, last_error = 0;
    RunningMoments distances;
    double largest = -1, mean_at_largest = 1;
    StreamState state;
  };

  StreamState Take(double value) override {
    ++seen_.answers;
    if (value == 1) TakeError();
    return seen_.state;
  }

  void TakeError() {
    seen_.distances.Add(static_cast<double>(seen_.answers - seen_.last_error));
    seen_.last_error = seen_.answers;
    if (seen_.answers <= config_.warm_start) return;
    const double spread = seen_.distances.mean() + 2 * seen_.distances.standard_deviation();
    if (spread > seen_.largest) {
      seen_.largest = spread;
      seen_.mean_at_largest = seen_.distances.mean();
    } else if (seen_.distances.count() > config_.warm_start) {
      Judge(spread / seen_.largest);
    }
  }

  void Judge(double ratio) {
    seen_.state = {StreamStatus::kInControl, StreamChange::kNone, 1 / seen_.mean_at_largest,
                   1 / seen_.distances.mean()};
    if (ratio < config_.alpha) seen_.state.status = StreamStatus::kWarning;
    if (ratio < config_.beta) seen_.state.status = StreamStatus::kDrift;
    if (seen_.state.status != StreamStatus::kInControl) seen_.state.change = StreamChange::kUp;
  }

  void StartAfresh() override { seen_ = {}; }

  EddmConfig config_;
  Seen seen_;
};

}  // namespace

std::unique_ptr<StreamDetector> MakeEddm(const EddmConfig& config) { return std::make_unique<Eddm>(config); }

}  // namespace hone
