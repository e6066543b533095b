#include "drift/stream_detectors/stepd.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "stats/normal.h"

namespace hone {
namespace {

class Stepd final : public CopyableStreamDetector<Stepd> {
 public:
  explicit Stepd(const StepdConfig& config) : config_(config), recent_(static_cast<std::size_t>(config.window)) {}
  const char* name() const override { return "stepd"; }
  StreamInput input() const override { return StreamInput::kBit; }

 private:
  StreamState Take(double value) override {
    const std::size_t place = static_cast<std::size_t>(answers_ % config_.window);
    if (answers_ >= config_.window) {
      older_errors_ += recent_[place];
      recent_errors_ -= recent_[place];
    }
    recent_[place] = value == 1;
    recent_errors_ += recent_[place];
    ++answers_;
    return answers_ >= 2 * config_.window ? Judge() : StreamState();
  }

  StreamState Judge() const {
    const double recent = static_cast<double>(config_.window), all = static_cast<double>(answers_);
    const double older = all - recent;
    StreamState state{StreamStatus::kInControl, StreamChange::kNone, static_cast<double>(older_errors_) / older,
                      static_cast<double>(recent_errors_) / recent};
    const double p = static_cast<double>(older_errors_ + recent_errors_) / all, inverse = 1 / older + 1 / recent;
    if (p == 0 || p == 1) return state;
    const double moved = std::max(0.0, std::fabs(state.before - state.after) - inverse / 2);
    const double p_value = 2 * NormalCdf(-moved / std::sqrt(p * (1 - p) * inverse));
    if (p_value < config_.alpha_warning) state.status = StreamStatus::kWarning;
    if (p_value < config_.alpha_drift) state.status = StreamStatus::kDrift;
    if (state.status != StreamStatus::kInControl)
      state.change = state.after > state.before ? StreamChange::kUp : StreamChange::kDown;
    return state;
  }

  void StartAfresh() override { answers_ = older_errors_ = recent_errors_ = 0; }

  StepdConfig config_;
  std::vector<std::uint8_t> recent_;  // a ring
  std::int64_t answers_ = 0, older_errors_ = 0, recent_errors_ = 0;
};

}  // namespace

std::unique_ptr<StreamDetector> MakeStepd(const StepdConfig& config) { return std::make_unique<Stepd>(config); }

}  // namespace hone
