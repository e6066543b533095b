// Has the realised loss left the recipe's own range?
//
// LossRecord: the losses a recipe showed on rows it had not seen, as their mean and the largest mean of any `window`
// consecutive ones. LossRange compares the newest `window` outcomes of the champion with such a record: they have left
// the range when their mean exceeds both `ratio` times the record's mean and its largest window mean, for what the
// recipe has been through before is no news. Fixed memory; not thread-safe.
#pragma once

#include <cstdint>
#include <deque>

namespace hone {

class LossRecord {
 public:
  // window >= 1 outcomes.
  explicit LossRecord(int window) : window_(window) {}

  // A loss that is not finite (an answer that was no number) is passed over.
  void Add(double loss);
  std::int64_t count() const { return count_; }
  double mean() const { return count_ > 0 ? sum_ / static_cast<double>(count_) : 0; }
  // Largest mean of `window` consecutive losses; 0 before there are so many.
  double highest() const { return highest_; }
  bool full() const { return static_cast<int>(recent_.size()) == window_; }
  // Mean of the newest `window`; of all where there are fewer.
  double recent_mean() const;

  struct State {
    std::int64_t count = 0;
    double sum = 0, highest = 0;
    std::deque<double> recent;  // oldest first
  };
  State state() const { return {count_, sum_, highest_, recent_}; }
  void Restore(const State& state);

 private:
  int window_;
  std::int64_t count_ = 0;
  double sum_ = 0, highest_ = 0;
  std::deque<double> recent_;
};

class LossRange {
 public:
  explicit LossRange(int window) : window_(window), recent_(window) {}

  // What the recipe has shown so far becomes the reference; recent outcomes are forgotten.
  void SetReference(const LossRecord& record);
  void Add(double loss) { recent_.Add(loss); }

  double recent_mean() const { return recent_.recent_mean(); }
  double reference_mean() const { return reference_mean_; }
  // recent mean / reference mean; 0 until a full window and a reference exist.
  double ratio() const;
  // Outside the range by more than `ratio`.
  bool Left(double ratio) const { return this->ratio() > ratio && recent_mean() > reference_highest_; }

  struct State {
    double reference_mean = 0, reference_highest = 0;
    LossRecord::State recent;
  };
  State state() const { return {reference_mean_, reference_highest_, recent_.state()}; }
  void Restore(const State& state);

 private:
  int window_;
  double reference_mean_ = 0, reference_highest_ = 0;
  LossRecord recent_;
};

}  // namespace hone
