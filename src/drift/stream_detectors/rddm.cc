#include "drift/stream_detectors/rddm.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "drift/stream_detectors/mean_of_rows.h"

namespace hone {
namespace {

// The newest answers, oldest first.
class AnswerRing {
 public:
  explicit AnswerRing(std::int64_t capacity) : bits_(static_cast<std::size_t>(capacity)) {}

  void Add(double value) {
    bits_[(first_ + size_) % bits_.size()] = value == 1;
    if (size_ < bits_.size()) {
      ++size_;
    } else {
      first_ = (first_ + 1) % bits_.size();
    }
  }
  void KeepNewest(std::int64_t count) {
    const std::size_t kept = std::min(static_cast<std::size_t>(count), size_);
    first_ = (first_ + size_ - kept) % bits_.size();
    size_ = kept;
  }
  std::size_t size() const { return size_; }
  double operator[](std::size_t i) const { return bits_[(first_ + i) % bits_.size()]; }

 private:
  std::vector<std::uint8_t> bits_;
  std::size_t first_ = 0, size_ = 0;
};

class Rddm final : public CopyableStreamDetector<Rddm> {
 public:
  explicit Rddm(const RddmConfig& config) : config_(config), answers_(config.min_stable_concept) {}
  const char* name() const override { return "rddm"; }
  StreamInput input() const override { return StreamInput::kBit; }

 private:
  // The error rate and standard error where their sum was smallest.
  struct Least {
    double p = 0, s = 0;
    double sum = std::numeric_limits<double>::infinity();

    void Lower(double p_now, double s_now) {
      if (p_now + s_now < sum) *this = {p_now, s_now, p_now + s_now};
    }
  };

  StreamState Take(double value) override {
    if (too_long_) Recount(false);
    answers_.Add(value);
    if (warned_ > 0) ++warned_;
    errors_.Add(value);
    const double p = errors_.mean, s = StandardError();
    if (errors_.rows < config_.min_instances) return {};
    least_.Lower(p, s);
    StreamState state{StreamStatus::kInControl, StreamChange::kNone, least_.p, p};
    Judge(p + s, state);
    too_long_ = errors_.rows >= config_.max_concept && state.status == StreamStatus::kInControl;
    return state;
  }

  double StandardError() const {
    return std::sqrt(errors_.mean * (1 - errors_.mean) / static_cast<double>(errors_.rows));
  }

  void Judge(double sum, StreamState& state) {
    if (sum > least_.p + config_.drift_level * least_.s) {
      state.status = StreamStatus::kDrift;
      answers_.KeepNewest(std::max<std::int64_t>(warned_, 1));
    } else if (sum > least_.p + config_.warning_level * least_.s) {
      const bool lasting = warned_ > config_.warning_limit;
      state.status = lasting ? StreamStatus::kDrift : StreamStatus::kWarning;
      if (lasting) answers_.KeepNewest(1);
      warned_ = std::max<std::int64_t>(warned_, 1);
    } else {
      warned_ = 0;
      return;
    }
    state.change = StreamChange::kUp;
  }

  void StartAfresh() override {
    least_ = {};
    Recount(true);
  }

  // The error rate of the answers that are kept; the minima too where the concept is new.
  void Recount(bool is_new) {
    errors_ = {};
    for (std::size_t i = 0; i < answers_.size(); ++i) {
      errors_.Add(answers_[i]);
      if (is_new && errors_.rows > config_.min_instances) least_.Lower(errors_.mean, StandardError());
    }
    warned_ = 0;
    too_long_ = false;
  }

  RddmConfig config_;
  AnswerRing answers_;
  MeanOfRows errors_;
  Least least_;
  std::int64_t warned_ = 0;  // answers since the warning began, its first included; 0 without one
  bool too_long_ = false;
};

}  // namespace

std::unique_ptr<StreamDetector> MakeRddm(const RddmConfig& config) { return std::make_unique<Rddm>(config); }

}  // namespace hone
