#include "drift/stream_detectors/page_hinkley.h"

#include <algorithm>
#include <limits>

#include "drift/stream_detectors/mean_of_rows.h"

namespace hone {
namespace {

class PageHinkley final : public CopyableStreamDetector<PageHinkley> {
 public:
  explicit PageHinkley(const PageHinkleyConfig& config) : config_(config) {}
  const char* name() const override { return "page_hinkley"; }

 private:
  struct Sums {
    MeanOfRows mean;
    double up = 0, down = 0;
    double lowest = std::numeric_limits<double>::infinity(), highest = -std::numeric_limits<double>::infinity();
    MeanOfRows since_lowest, since_highest;  // the values after the extremes: after the change
  };

  StreamState Take(double value) override {
    sums_.mean.Add(value);
    const double deviation = value - sums_.mean.mean;
    sums_.up = config_.alpha * sums_.up + deviation - config_.delta;
    sums_.down = config_.alpha * sums_.down + deviation + config_.delta;
    Follow(sums_.up < sums_.lowest, sums_.up, sums_.lowest, sums_.since_lowest, value);
    Follow(sums_.down > sums_.highest, sums_.down, sums_.highest, sums_.since_highest, value);
    if (sums_.mean.rows < config_.min_instances) return {};
    if (config_.up && sums_.up - sums_.lowest > config_.threshold) return Drift(StreamChange::kUp, sums_.since_lowest);
    if (config_.down && sums_.highest - sums_.down > config_.threshold)
      return Drift(StreamChange::kDown, sums_.since_highest);
    return {StreamStatus::kInControl};
  }

  static void Follow(bool extreme, double sum, double& furthest, MeanOfRows& since, double value) {
    if (extreme) {
      furthest = sum;
      since = {};
    } else {
      since.Add(value);
    }
  }

  StreamState Drift(StreamChange change, const MeanOfRows& since) const {
    const double before_rows = static_cast<double>(std::max<std::int64_t>(sums_.mean.rows - since.rows, 1));
    const double all = static_cast<double>(sums_.mean.rows), after_rows = static_cast<double>(since.rows);
    const double before = (sums_.mean.mean * all - since.mean * after_rows) / before_rows;
    return {StreamStatus::kDrift, change, before, since.mean};
  }

  void StartAfresh() override { sums_ = {}; }

  PageHinkleyConfig config_;
  Sums sums_;
};

}  // namespace

std::unique_ptr<StreamDetector> MakePageHinkley(const PageHinkleyConfig& config) {
  return std::make_unique<PageHinkley>(config);
}

}  // namespace hone
