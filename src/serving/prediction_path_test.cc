// The path of one prediction without its sockets: body, snapshot, predictor, ring, writer; what it allocates, and that
// snapshots may be swapped under it.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/testing/allocation_count.h"
#include "serving/prediction_ring.h"
#include "serving/predictor.h"
#include "serving/snapshot_table.h"
#include "serving/testing/constant_model.h"

namespace hone {
namespace {

using testing_models::Constant;
using testing_models::Ensemble;

SnapshotPointer Snapshot(const std::string& version, double value) {
  SnapshotParts parts;
  parts.model = "volatility";
  for (int i = 0; i < 30; ++i) parts.features.push_back("feature_with_a_long_name_" + std::to_string(i));
  parts.champion = {version, Constant(30, value)};
  const ModelPointer voters = Ensemble(EnsembleRule::kUnanimous, {Constant(30, value), Constant(30, value)});
  parts.challengers = {{{version + "-canary", voters}, 0.5}};
  return ModelSnapshot::Make(std::move(parts)).value();
}

std::string Body(const ModelSnapshot& snapshot) {
  std::string body = "{\"model\":\"volatility\",\"features\":{";
  for (const std::string& feature : snapshot.features()) {
    body += (body.back() == '{' ? "\"" : ",\"") + feature + "\":1.25";
  }
  return body + "}}";
}

TEST(AllocationCount, SeesAnAllocation) {
  const std::int64_t before = AllocationCount();
  const std::unique_ptr<volatile int> one(new volatile int(1));
  EXPECT_EQ(*one, 1);
  EXPECT_EQ(AllocationCount(), before + 1);
}

TEST(PredictionPath, AllocatesNothingOnceItIsWarm) {
  const SnapshotSet set({Snapshot("1.0.0-with-a-version-name-beyond-the-small-string", 1)});
  const std::string body = Body(*set.Find("volatility"));
  const VirtualClock clock(kDay);
  Predictor predictor(clock, 1);
  PredictRequestReader reader;
  PredictionRing ring(8);
  Prediction taken;
  const auto predict = [&] {
    const auto request = reader.Read(body);
    const ModelSnapshot* snapshot = set.Find((*request)->model);
    if (ring.Admit(clock.Now()) != RingState::kRoom) return false;
    const bool ok = predictor.Predict(*snapshot, **request, ring.slot()).ok();
    ring.Commit();
    return ring.TakeInto(taken) && ok;
  };
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(predict());
  const std::int64_t before = AllocationCount();
  bool ok = true;
  for (int i = 0; i < 10'000; ++i) ok = predict() && ok;
  EXPECT_EQ(AllocationCount() - before, 0);
  EXPECT_TRUE(ok);
}

TEST(PredictionRing, HandsOverEveryPredictionInOrder) {
  constexpr int kCount = 200'000;
  PredictionRing ring(64);
  std::thread writer([&] {
    Prediction prediction;
    for (int expected = 0; expected < kCount;) {
      if (!ring.TakeInto(prediction)) {
        std::this_thread::yield();
        continue;
      }
      if (prediction.value != expected || prediction.features != std::vector<double>(3, expected)) std::abort();
      ++expected;
    }
  });
  for (int i = 0; i < kCount;) {
    if (ring.Admit(0) != RingState::kRoom) {
      std::this_thread::yield();
      continue;
    }
    ring.slot().value = i;
    ring.slot().features.assign(3, i);
    ring.Commit();
    ++i;
  }
  writer.join();
  EXPECT_EQ(ring.size(), 0U);
}

TEST(PredictionRing, FirstWaitsThenReportsOverloadAndRecovers) {
  PredictionRing ring(3, 100 * kMillisecond);
  EXPECT_EQ(ring.capacity(), 4U);
  for (int i = 0; i < 4; ++i) {
    ASSERT_EQ(ring.Admit(0), RingState::kRoom);
    ring.Commit();
  }
  EXPECT_EQ(ring.size(), 4U);
  EXPECT_EQ(ring.Admit(kSecond), RingState::kWait);
  EXPECT_EQ(ring.Admit(kSecond + 99 * kMillisecond), RingState::kWait);
  EXPECT_EQ(ring.Admit(kSecond + 100 * kMillisecond), RingState::kOverload);
  EXPECT_EQ(ring.waits(), 2U);
  EXPECT_EQ(ring.overloads(), 1U);
  Prediction taken;
  ASSERT_TRUE(ring.TakeInto(taken));
  EXPECT_EQ(ring.Admit(2 * kSecond), RingState::kRoom);
  ring.Commit();
  EXPECT_EQ(ring.Admit(2 * kSecond), RingState::kWait);  // patience begins anew
  EXPECT_FALSE(ring.HasRoom());
  ASSERT_TRUE(ring.TakeInto(taken));
  EXPECT_TRUE(ring.HasRoom());
  ring.Commit();
  EXPECT_EQ(ring.Admit(4 * kSecond), RingState::kWait);  // again
}

TEST(PredictionRing, AnUncommittedSlotIsOfferedAgain) {
  PredictionRing ring(2);
  ASSERT_EQ(ring.Admit(0), RingState::kRoom);
  ring.slot().value = 1;
  Prediction taken;
  EXPECT_FALSE(ring.TakeInto(taken));
  ASSERT_EQ(ring.Admit(0), RingState::kRoom);
  ring.slot().value = 2;
  ring.Commit();
  ASSERT_TRUE(ring.TakeInto(taken));
  EXPECT_EQ(taken.value, 2);
}

TEST(SnapshotSet, FindsByNameAndReplacesOne) {
  const auto named = [](const std::string& name, double value) {
    SnapshotParts parts;
    parts.model = name;
    parts.features = {"a"};
    parts.champion = {"1.0.0", Constant(1, value)};
    return ModelSnapshot::Make(std::move(parts)).value();
  };
  const SnapshotSet set({named("b", 1), named("a", 2), named("b", 3)});
  EXPECT_EQ(set.snapshots().size(), 2U);
  const std::vector<double> row = {0};
  EXPECT_EQ(set.Find("b")->champion().model->Predict(row), 3);
  EXPECT_EQ(set.Find("c"), nullptr);
  const SnapshotSet next = set.With(named("a", 4));
  EXPECT_EQ(next.Find("a")->champion().model->Predict(row), 4);
  EXPECT_EQ(set.Find("a")->champion().model->Predict(row), 2);
  EXPECT_EQ(next.FindShared("b"), set.FindShared("b"));
}

// A thread with a queue of tasks, as an I/O thread's event loop is.
class TaskThread {
 public:
  void Post(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  void RunPosted() {
    std::deque<std::function<void()>> tasks;
    {
      const std::lock_guard lock(mutex_);
      tasks.swap(tasks_);
    }
    for (const auto& task : tasks) task();
  }

 private:
  std::mutex mutex_;
  std::deque<std::function<void()>> tasks_;
};

std::atomic<int> living_models{0};

// Answers its number, and knows when it is dead.
class MortalModel final : public Model {
 public:
  explicit MortalModel(double number) : number_(number) { ++living_models; }
  ~MortalModel() override {
    number_ = -1;
    --living_models;
  }
  std::size_t width() const override { return 1; }
  double Predict(std::span<const double>) const noexcept override { return number_; }

 private:
  double number_;
};

SnapshotSet Mortal(int number) {
  SnapshotParts parts;
  parts.model = "m";
  parts.features = {"a"};
  parts.champion = {std::to_string(number), std::make_shared<MortalModel>(number)};
  return SnapshotSet({ModelSnapshot::Make(std::move(parts)).value()});
}

TEST(SnapshotTable, SwapsTenThousandTimesUnderLoad) {
  constexpr int kReaders = 3, kSwaps = 10'000;
  {
    std::vector<TaskThread> loops(kReaders);
    SnapshotTable table(kReaders, [&](int reader, std::function<void()> task) {
      loops[static_cast<std::size_t>(reader)].Post(std::move(task));
    });
    std::atomic<bool> done{false};
    std::atomic<int> wrong{0};
    std::vector<std::thread> readers;
    for (int r = 0; r < kReaders; ++r) {
      readers.emplace_back([&, r] {
        const VirtualClock clock;
        Predictor predictor(clock, static_cast<std::uint64_t>(r));
        Prediction prediction;
        const std::vector<double> row = {0};
        double last = 0;
        while (!done) {
          loops[static_cast<std::size_t>(r)].RunPosted();
          const ModelSnapshot* snapshot = table.Current(r)->Find("m");
          for (int i = 0; snapshot != nullptr && i < 10; ++i) {
            const bool ok = predictor.PredictRow(*snapshot, row, prediction).ok();
            if (!ok || prediction.version != std::to_string(static_cast<int>(prediction.value))) ++wrong;
            if (prediction.value < last) ++wrong;
            last = prediction.value;
          }
          std::this_thread::yield();
        }
        loops[static_cast<std::size_t>(r)].RunPosted();
      });
    }
    std::size_t most_held = 0;
    for (int i = 1; i <= kSwaps; ++i) {
      table.Publish(Mortal(i));
      while (table.Collect() > 4) std::this_thread::yield();
      most_held = std::max(most_held, table.Collect());
    }
    done = true;
    for (auto& reader : readers) reader.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_LE(most_held, 4U);
    EXPECT_EQ(table.Collect(), 1U);
    EXPECT_EQ(living_models, 1);
    EXPECT_EQ(table.published().Find("m")->champion().version, std::to_string(kSwaps));
  }
  EXPECT_EQ(living_models, 0);
}

TEST(SnapshotTable, KeepsASetUntilEveryReaderHasLeftIt) {
  std::vector<TaskThread> loops(2);
  SnapshotTable table(2, [&](int reader, std::function<void()> task) {
    loops[static_cast<std::size_t>(reader)].Post(std::move(task));
  });
  EXPECT_NE(table.Current(0), nullptr);
  EXPECT_EQ(table.Current(0)->Find("m"), nullptr);
  table.Publish(Mortal(1));
  loops[0].RunPosted();
  loops[1].RunPosted();
  table.Publish(Mortal(2));
  loops[0].RunPosted();
  EXPECT_EQ(table.Collect(), 2U);
  EXPECT_EQ(table.Current(1)->Find("m")->champion().version, "1");
  loops[1].RunPosted();
  EXPECT_EQ(table.Collect(), 1U);
  EXPECT_EQ(table.Current(1)->Find("m")->champion().version, "2");
}

}  // namespace
}  // namespace hone
