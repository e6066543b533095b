// What every stream detector must do; one that is in the list of stream_detectors.cc inherits the battery.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/random.h"
#include "drift/stream_detectors.h"

namespace hone {
namespace {

class StreamDetectorContract : public testing::TestWithParam<std::string> {
 protected:
  static std::unique_ptr<StreamDetector> Make() {
    auto made = MakeStreamDetector(GetParam(), {}, 7);
    EXPECT_TRUE(made.ok());
    return std::move(made).value();
  }

  // Values as the detector takes them, at one of two levels 2 standard deviations apart (error rates .1 and .9).
  static double Value(const StreamDetector& detector, Random& random, bool moved) {
    if (detector.input() == StreamInput::kAny) return random.Normal() + (moved ? 2 : 0);
    return random.Uniform() < (moved ? 0.9 : 0.1) ? 1 : 0;
  }

  static std::vector<double> Stream(std::size_t before, std::size_t after, std::uint64_t seed) {
    const auto detector = Make();
    Random random(seed);
    std::vector<double> values;
    for (std::size_t i = 0; i < before + after; ++i) values.push_back(Value(*detector, random, i >= before));
    return values;
  }
};

bool Same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

void ExpectSame(const StreamState& a, const StreamState& b) {
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.change, b.change);
  EXPECT_TRUE(Same(a.before, b.before) && Same(a.after, b.after));
}

TEST_P(StreamDetectorContract, IsNamedAsInTheListAndSaysWhatItWatches) {
  EXPECT_EQ(Make()->name(), GetParam());
  EXPECT_FALSE(StreamDetectorSummary(GetParam()).empty());
}

TEST_P(StreamDetectorContract, TheFirstValueIsNoData) { EXPECT_EQ(Make()->Update(0).status, StreamStatus::kNoData); }

TEST_P(StreamDetectorContract, ALargeChangeIsFoundAndDescribed) {
  const auto detector = Make();
  std::int64_t row = 0, found = -1;
  for (const double value : Stream(1500, 500, 3)) {
    const StreamState state = detector->Update(value);
    if (state.status == StreamStatus::kDrift && row >= 1500 && found < 0) {
      found = row;
      EXPECT_EQ(state.change, StreamChange::kUp);
      EXPECT_LT(state.before, state.after);
    }
    ++row;
  }
  EXPECT_GE(found, 1500);
}

TEST_P(StreamDetectorContract, NothingIsDescribedWhereNothingIsReported) {
  const auto detector = Make();
  for (const double value : Stream(1500, 300, 4)) {
    const StreamState state = detector->Update(value);
    const bool reports = state.status == StreamStatus::kDrift || state.status == StreamStatus::kWarning;
    EXPECT_EQ(state.change != StreamChange::kNone, reports);
  }
}

TEST_P(StreamDetectorContract, ADriftIsSaidOnceAndTheNextValueStartsAfresh) {
  const auto detector = Make();
  bool drifted = false;
  for (const double value : Stream(1500, 500, 5)) {
    const StreamStatus status = detector->Update(value).status;
    EXPECT_FALSE(drifted && status == StreamStatus::kDrift);
    drifted = status == StreamStatus::kDrift;
  }
}

TEST_P(StreamDetectorContract, TheSameStreamGivesTheSameStates) {
  const auto one = Make(), other = Make();
  for (const double value : Stream(1500, 300, 6)) ExpectSame(one->Update(value), other->Update(value));
}

TEST_P(StreamDetectorContract, ACopyGoesOnAlone) {
  const auto values = Stream(1500, 500, 7);
  const auto detector = Make(), steady = Make();
  for (std::size_t i = 0; i < 1400; ++i) {
    detector->Update(values[i]);
    steady->Update(values[i]);
  }
  const auto copy = detector->Copy();
  for (int i = 0; i < 100; ++i) detector->Update(1);  // leaves the copy as it was
  EXPECT_EQ(copy->rows(), 1400);
  for (std::size_t i = 1400; i < values.size(); ++i) ExpectSame(copy->Update(values[i]), steady->Update(values[i]));
}

TEST_P(StreamDetectorContract, MissingValuesAreCountedAndChangeNothing) {
  const auto with = Make(), without = Make();
  for (const double value : Stream(1500, 300, 8)) {
    EXPECT_EQ(with->Update(NAN).status, StreamStatus::kNoData);
    ExpectSame(with->Update(value), without->Update(value));
    with->Update(INFINITY);
  }
  EXPECT_EQ(with->missing(), 3600);
  EXPECT_EQ(with->rows(), 1800);
}

TEST_P(StreamDetectorContract, AConstantStreamNeverDrifts) {
  for (const double value : {0.0, 1.0}) {
    const auto detector = Make();
    for (int i = 0; i < 3000; ++i) EXPECT_NE(detector->Update(value).status, StreamStatus::kDrift) << value;
  }
}

TEST_P(StreamDetectorContract, AnyNumbersAreTaken) {
  const auto detector = Make();
  Random random(9);
  const double odd[] = {0, -0.0, 1e308, -1e308, 5e-324, 0.5, 1, -1, NAN, INFINITY, -INFINITY};
  for (int i = 0; i < 5000; ++i) {
    const StreamState state = detector->Update(odd[random.Below(std::size(odd))]);
    EXPECT_FALSE(std::isinf(state.before) || std::isinf(state.after));
  }
}

INSTANTIATE_TEST_SUITE_P(All, StreamDetectorContract, testing::ValuesIn(StreamDetectorNames()),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace hone
