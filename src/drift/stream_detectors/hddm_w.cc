#include "drift/stream_detectors/hddm_w.h"

#include <cmath>
#include <limits>

namespace hone {
namespace {

struct MovingAverage {
  bool used = false;
  double mean = 0, weights = 1;  // `weights`: sum of their squares

  void Add(double value, double lambda) {
    if (used) {
      mean = lambda * value + (1 - lambda) * mean;
      weights = lambda * lambda + (1 - lambda) * (1 - lambda) * weights;
    } else {
      mean = value;
      used = true;
    }
  }
};

double Bound(double weights, double confidence) { return std::sqrt(weights * std::log(1 / confidence) / 2); }

// One direction: sign 1 looks for a rise, -1 for a fall.
struct Side {
  double sign = 1;
  double cut = std::numeric_limits<double>::infinity();
  MovingAverage before, after;

  void Add(double value, const MovingAverage& all, const HddmWConfig& config) {
    const double level = sign * all.mean + Bound(all.weights, config.confidence.drift_confidence);
    if (level < cut) {
      cut = level;
      before = all;
      after = {};
    } else {
      after.Add(value, config.lambda);
    }
  }

  StreamState Judge(const HddmConfig& config) const {
    StreamState state{StreamStatus::kInControl, StreamChange::kNone, before.mean,
                      after.used ? after.mean : before.mean};
    if (!after.used) return state;
    const double moved = sign * (after.mean - before.mean), weights = before.weights + after.weights;
    if (moved > Bound(weights, config.warning_confidence)) state.status = StreamStatus::kWarning;
    if (moved > Bound(weights, config.drift_confidence)) state.status = StreamStatus::kDrift;
    if (state.status != StreamStatus::kInControl) state.change = sign > 0 ? StreamChange::kUp : StreamChange::kDown;
    return state;
  }
};

class HddmW final : public CopyableStreamDetector<HddmW> {
 public:
  explicit HddmW(const HddmWConfig& config) : config_(config) {}
  const char* name() const override { return "hddm_w"; }
  StreamInput input() const override { return StreamInput::kUnit; }

 private:
  StreamState Take(double value) override {
    const bool first = !all_.used;
    all_.Add(value, config_.lambda);
    rise_.Add(value, all_, config_);
    const StreamState rise = rise_.Judge(config_.confidence);
    if (config_.confidence.two_sided) fall_.Add(value, all_, config_);
    if (first) return {};
    if (!config_.confidence.two_sided) return rise;
    const StreamState fall = fall_.Judge(config_.confidence);
    return fall.status > rise.status ? fall : rise;
  }

  void StartAfresh() override {
    all_ = {};
    rise_ = {};
    fall_ = {.sign = -1};
  }

  HddmWConfig config_;
  MovingAverage all_;
  Side rise_, fall_{.sign = -1};
};

}  // namespace

std::unique_ptr<StreamDetector> MakeHddmW(const HddmWConfig& config) { return std::make_unique<HddmW>(config); }

}  // namespace hone
