// kill -9 at random moments of a replay, also while it writes its record: the next run starts from zero and prints the
// same bytes as one that was left alone.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <thread>

#include "base/random.h"
#include "process/program.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

std::vector<std::string> Replay(const std::string& folder) {
  return {"replay", "--data", "synthetic:break", "--seed", "5", "--output", "json", "--dir", folder};
}

// Names of the files in DIR/replays, sorted.
std::vector<std::string> Records(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(folder / "replays", missing)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool IsWriting(const fs::path& folder) {
  for (const std::string& name : Records(folder)) {
    if (name.find(".unfinished") != name.npos) return true;
  }
  return false;
}

std::chrono::duration<double> Lasting(const std::function<void()>& work) {
  const auto begun = steady_clock::now();
  work();
  return steady_clock::now() - begun;
}

// Kills once the record is being written, a random time later. Whether it was still at it.
bool KillWhileWriting(const fs::path& folder, Random& random) {
  RunningHone replay(Replay(folder));
  const auto end = steady_clock::now() + std::chrono::seconds(60);
  while (!IsWriting(folder) && steady_clock::now() < end) std::this_thread::sleep_for(std::chrono::microseconds(50));
  std::this_thread::sleep_for(std::chrono::duration<double>(0.03 * random.Uniform()));
  replay.Kill();
  return IsWriting(folder);
}

class ReplayKill : public testing::Test {
 protected:
  void SetUp() override {
    took_ = Lasting([this] { undisturbed_ = RunHone(Replay(folder_ / "undisturbed")); });
    ASSERT_EQ(undisturbed_.exit_code, 0) << undisturbed_.errors;
    ASSERT_GT(undisturbed_.output.size(), 1000U);
  }

  void ExpectTheSameBytes(const fs::path& folder) {
    const Finished again = RunHone(Replay(folder));
    EXPECT_EQ(again.exit_code, 0) << again.errors;
    EXPECT_EQ(again.output, undisturbed_.output);
    EXPECT_EQ(Records(folder), Records(folder_ / "undisturbed")) << "one whole record, nothing unfinished";
  }

  TemporaryFolder folder_;
  Finished undisturbed_;
  std::chrono::duration<double> took_{};
  Random random_{17};
};

TEST_F(ReplayKill, AtAnyMoment) {
  int killed = 0;
  for (int round = 0; round < 6; ++round) {
    RunningHone replay(Replay(folder_ / "killed"));
    std::this_thread::sleep_for(took_ * random_.Uniform());
    killed += replay.Kill().exit_code == 128 + SIGKILL;
  }
  EXPECT_GE(killed, 3);
  ExpectTheSameBytes(folder_ / "killed");
}

TEST_F(ReplayKill, WhileItsRecordIsWritten) {
  int writing = 0;
  for (int round = 0; round < 5; ++round) writing += KillWhileWriting(folder_ / "killed", random_);
  EXPECT_GE(writing, 1) << "some were killed between the first byte and the last";
  ExpectTheSameBytes(folder_ / "killed");
}

}  // namespace
}  // namespace hone
