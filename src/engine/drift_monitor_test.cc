#include "engine/drift_monitor.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "models/linear/linear.h"

namespace hone {
namespace {

constexpr std::size_t kHistory = 600;

// One feature, independent normal values; the model answers it.
class DriftMonitorTest : public testing::Test {
 protected:
  DriftMonitorTest() {
    history_.names = {"a"};
    for (std::size_t i = 0; i < kHistory; ++i) AddHistory(0);
    const double weight = 1;
    model_ = ReadLinear(WriteLinear(0, {&weight, 1}), "model").value();
    monitor_.SetReference(history_, 0, kHistory, *model_, losses_);
  }

  void AddHistory(double shift) {
    history_.x.push_back(random_.Normal() + shift);
    history_.y.push_back(0);
    history_.time.push_back(static_cast<Time>(history_.y.size()) * kDay);
    history_.label_time.push_back(history_.time.back() + kDay);
  }

  // `rows` more rows; the events of the checks that fell due.
  std::vector<DriftEvent> Run(DriftMonitor& monitor, int rows, double shift) {
    std::vector<DriftEvent> events;
    for (int i = 0; i < rows; ++i) {
      AddHistory(shift);
      monitor.OnRow({&history_.x.back(), 1}, history_.x.back(), 1);
      auto report = monitor.Check(history_.label_time.back(), "1.0.0");
      if (!report) continue;
      worst_ = report->worst;
      events.insert(events.end(), report->events.begin(), report->events.end());
    }
    return events;
  }

  Random random_ = Random::Stream(5, "drift monitor test");
  Dataset history_;
  ModelPointer model_;
  std::deque<double> losses_ = std::deque<double>(kHistory, 1.0);
  DriftPolicy policy_;
  DriftMonitor monitor_{policy_, "m", {"a"}, 1, 7};
  Severity worst_ = Severity::kNone;
};

TEST_F(DriftMonitorTest, TellsADriftOnceButGoesOnCountingIt) {
  EXPECT_TRUE(Run(monitor_, 300, 0).empty());
  const auto events = Run(monitor_, 250, 3);
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events.front().kind, DriftKind::kFeature);
  EXPECT_EQ(events.front().subject, "a");
  Severity told = Severity::kNone;
  for (const DriftEvent& event : events) {
    if (event.kind != DriftKind::kFeature) continue;
    EXPECT_GT(event.severity, told) << "the same again";
    told = event.severity;
  }
  EXPECT_EQ(told, Severity::kCritical);
  EXPECT_TRUE(Run(monitor_, 100, 3).empty());
  EXPECT_EQ(worst_, Severity::kCritical);
}

TEST_F(DriftMonitorTest, TellsItAgainAfterItWasGone) {
  ASSERT_FALSE(Run(monitor_, 300, 3).empty());
  EXPECT_TRUE(Run(monitor_, 300, 0).empty());
  EXPECT_EQ(worst_, Severity::kNone);
  EXPECT_FALSE(Run(monitor_, 300, 3).empty());
}

// A champion that is refitted every hundred rows never sees a window of 250 of its own.
TEST_F(DriftMonitorTest, ANewChampionKeepsTheRecentRows) {
  EXPECT_TRUE(Run(monitor_, 200, 0).empty());
  monitor_.SetReference(history_, 0, history_.rows(), *model_, losses_);
  std::vector<DriftEvent> events;
  for (int refit = 0; refit < 3 && events.empty(); ++refit) {
    events = Run(monitor_, 100, 1);
    monitor_.SetReference(history_, 0, history_.rows(), *model_, losses_);
  }
  EXPECT_FALSE(events.empty());
}

// The recent answers are the new champion's, else its own training would look like drift.
TEST_F(DriftMonitorTest, ANewChampionAnswersTheRecentRows) {
  EXPECT_TRUE(Run(monitor_, 300, 0).empty());
  const double weight = 1;
  const ModelPointer higher = ReadLinear(WriteLinear(100, {&weight, 1}), "model").value();
  monitor_.SetReference(history_, 0, history_.rows(), *higher, losses_);
  EXPECT_EQ(monitor_.state().recent_answers.back(), history_.x.back() + 100);
}

TEST_F(DriftMonitorTest, ARestoredMonitorGoesOn) {
  ASSERT_FALSE(Run(monitor_, 300, 3).empty());
  DriftMonitor other{policy_, "m", {"a"}, 1, 7};
  other.Restore(monitor_.state(), history_, 0, kHistory, *model_);
  EXPECT_TRUE(Run(other, 100, 3).empty());
  EXPECT_EQ(worst_, Severity::kCritical);
  EXPECT_EQ(other.state().told,
            (std::map<std::string, Severity>{{"", Severity::kCritical}, {"a", Severity::kCritical}}));
}

TEST_F(DriftMonitorTest, ALookFindsWhatACheckDoesAndTakesNothingFromIt) {
  EXPECT_FALSE(monitor_.Look().features) << "there is no row yet";
  DriftMonitor looked_at(policy_, "m", {"a"}, 1, 7);
  looked_at.SetReference(history_, 0, kHistory, *model_, losses_);
  Run(monitor_, 300, 0);
  EXPECT_FALSE(monitor_.Look().features->drift);
  const auto events = Run(monitor_, 250, 3);
  const DriftMonitor::Found found = monitor_.Look();
  EXPECT_EQ(found.features->severity, worst_);
  EXPECT_TRUE(found.answers->drift);
  EXPECT_EQ(found.loss.rows, 550);
  // The same rows again, looked at after each: the same events.
  Random first = Random::Stream(5, "drift monitor test");
  for (std::size_t i = 0; i < kHistory; ++i) first.Normal();
  history_.x.resize(kHistory);
  history_.y.resize(kHistory);
  history_.time.resize(kHistory);
  history_.label_time.resize(kHistory);
  random_ = first;
  std::size_t told = 0;
  for (int i = 0; i < 550; ++i) {
    told += Run(looked_at, 1, i < 300 ? 0 : 3).size();
    looked_at.Look();
  }
  EXPECT_EQ(told, events.size());
}

}  // namespace
}  // namespace hone
