#include "drift/stream_detectors/cusum.h"

#include <algorithm>
#include <cmath>

#include "drift/stream_detectors/mean_of_rows.h"
#include "stats/running_moments.h"

namespace hone {
namespace {

class Cusum final : public CopyableStreamDetector<Cusum> {
 public:
  explicit Cusum(const CusumConfig& config) : config_(config) { Cusum::StartAfresh(); }
  const char* name() const override { return "cusum"; }

 private:
  struct Side {
    double sum = 0;
    MeanOfRows since;  // values since the sum left 0

    void Add(double step, double value) {
      sum = std::max(0.0, sum + step);
      if (sum > 0) {
        since.Add(value);
      } else {
        since = {};
      }
    }
  };

  StreamState Take(double value) override {
    if (learning_) {
      Learn(value);
      return {};
    }
    const double z = (value - mean_) / deviation_;
    up_.Add(z - config_.k, value);
    down_.Add(-z - config_.k, value);
    if (up_.sum > config_.h) return {StreamStatus::kDrift, StreamChange::kUp, mean_, up_.since.mean};
    if (down_.sum > config_.h) return {StreamStatus::kDrift, StreamChange::kDown, mean_, down_.since.mean};
    return {StreamStatus::kInControl};
  }

  void Learn(double value) {
    reference_.Add(value);
    if (reference_.count() < config_.reference) return;
    learning_ = false;
    mean_ = reference_.mean();
    // A constant reference: any other value is far away.
    deviation_ = std::max(reference_.standard_deviation(), 1e-12 * std::max(1.0, std::fabs(mean_)));
  }

  void StartAfresh() override {
    up_ = down_ = {};
    reference_ = {};
    mean_ = config_.mean;
    deviation_ = config_.deviation;
    learning_ = std::isnan(mean_) || std::isnan(deviation_);
  }

  CusumConfig config_;
  RunningMoments reference_;
  bool learning_ = true;
  double mean_ = 0, deviation_ = 1;
  Side up_, down_;
};

}  // namespace

std::unique_ptr<StreamDetector> MakeCusum(const CusumConfig& config) { return std::make_unique<Cusum>(config); }

}  // namespace hone
