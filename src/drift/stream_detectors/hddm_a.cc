#include "drift/stream_detectors/hddm_a.h"

#include <cmath>

#include "drift/stream_detectors/mean_of_rows.h"

namespace hone {
namespace {

class HddmA final : public CopyableStreamDetector<HddmA> {
 public:
  explicit HddmA(const HddmConfig& config) : config_(config) {}
  const char* name() const override { return "hddm_a"; }
  StreamInput input() const override { return StreamInput::kUnit; }

 private:
  StreamState Take(double value) override {
    all_.Add(value);
    if (all_.rows == 1) {
      lowest_ = highest_ = all_;
      return {};
    }
    if (lowest_.mean + Bound(lowest_) >= all_.mean + Bound(all_)) lowest_ = all_;
    if (highest_.mean - Bound(highest_) <= all_.mean - Bound(all_)) highest_ = all_;
    StreamState state = Judge(all_.mean - lowest_.mean, lowest_, StreamChange::kUp);
    if (!config_.two_sided || state.status == StreamStatus::kDrift) return state;
    const StreamState fall = Judge(highest_.mean - all_.mean, highest_, StreamChange::kDown);
    return fall.status > state.status ? fall : state;
  }

  double Bound(const MeanOfRows& mean) const {
    return std::sqrt(1.0 / (2 * static_cast<double>(mean.rows)) * std::log(1.0 / config_.drift_confidence));
  }

  StreamState Judge(double moved, const MeanOfRows& cut, StreamChange change) const {
    StreamState state{StreamStatus::kInControl, StreamChange::kNone, cut.mean, all_.mean};
    if (cut.rows == all_.rows) return state;
    const double n_cut = static_cast<double>(cut.rows), n_all = static_cast<double>(all_.rows);
    const double m = (n_all - n_cut) / n_cut * (1.0 / n_all);
    state.after = (all_.mean * n_all - cut.mean * n_cut) / (n_all - n_cut);
    if (moved >= std::sqrt(m / 2 * std::log(2.0 / config_.warning_confidence))) state.status = StreamStatus::kWarning;
    if (moved >= std::sqrt(m / 2 * std::log(2.0 / config_.drift_confidence))) state.status = StreamStatus::kDrift;
    if (state.status != StreamStatus::kInControl) state.change = change;
    return state;
  }

  void StartAfresh() override { all_ = lowest_ = highest_ = {}; }

  HddmConfig config_;
  MeanOfRows all_, lowest_, highest_;  // of all values, and up to either cut
};

}  // namespace

std::unique_ptr<StreamDetector> MakeHddmA(const HddmConfig& config) { return std::make_unique<HddmA>(config); }

}  // namespace hone
