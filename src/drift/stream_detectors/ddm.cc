#include "drift/stream_detectors/ddm.h"

#include <cmath>
#include <limits>

#include "drift/stream_detectors/mean_of_rows.h"

namespace hone {
namespace {

class Ddm final : public CopyableStreamDetector<Ddm> {
 public:
  explicit Ddm(const DdmConfig& config) : config_(config) {}
  const char* name() const override { return "ddm"; }
  StreamInput input() const override { return StreamInput::kBit; }

 private:
  StreamState Take(double value) override {
    errors_.Add(value);
    const double p = errors_.mean;
    const double s = std::sqrt(p * (1 - p) / static_cast<double>(errors_.rows));
    if (errors_.rows <= config_.warm_start) return {};
    if (p + s <= least_) {
      least_p_ = p;
      least_s_ = s;
      least_ = p + s;
    }
    StreamState state{StreamStatus::kInControl, StreamChange::kNone, least_p_, p};
    if (p + s > least_p_ + config_.warning_threshold * least_s_) state.status = StreamStatus::kWarning;
    if (p + s > least_p_ + config_.drift_threshold * least_s_) state.status = StreamStatus::kDrift;
    if (state.status != StreamStatus::kInControl) state.change = StreamChange::kUp;
    return state;
  }

  void StartAfresh() override {
    errors_ = {};
    least_ = std::numeric_limits<double>::infinity();
  }

  DdmConfig config_;
  MeanOfRows errors_;
  double least_p_ = 0, least_s_ = 0;
  double least_ = std::numeric_limits<double>::infinity();  // their sum
};

}  // namespace

std::unique_ptr<StreamDetector> MakeDdm(const DdmConfig& config) { return std::make_unique<Ddm>(config); }

}  // namespace hone
