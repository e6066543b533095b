// libraries: wire
// Hot swap: `hone serve` under full load while an operator makes 10,000 changes of the active version, one after the
// other. Checked: no request fails, every answer's value is that of the version it names, and that version was active
// between question and answer. Printed: p50 and p99 of the answers (closed loop, every client asks as fast as it is
// answered) and the server's resident memory before, during and after.
//
//   hot_swap_bench [changes]
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "api/testing/version_changes.h"

namespace {

namespace fs = std::filesystem;
using hone::testing_api::VersionChanges;
using hone::testing_api::VersionWitness;
using std::chrono::steady_clock;

constexpr int kClients = 4, kStages = 5;
constexpr auto kAlone = std::chrono::seconds(5);

std::string TextOf(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// `hone serve` of this build, in a folder of its own.
class Server {
 public:
  Server() {
    std::string name = (fs::temp_directory_path() / "hone_hot_swap_XXXXXX").string();
    folder_ = mkdtemp(name.data());
    const std::string program = (fs::read_symlink("/proc/self/exe").parent_path() / "hone").string();
    const std::string log = folder_ / "log", state = folder_ / "state";
    child_ = fork();
    if (child_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      dup2(open(log.c_str(), O_CREAT | O_WRONLY, 0600), STDERR_FILENO);
      execl(program.c_str(), "hone", "serve", "--dir", state.c_str(), "--port", "0", "--threads", "2", nullptr);
      _exit(127);
    }
  }
  ~Server() {
    kill(child_, SIGTERM);
    waitpid(child_, nullptr, 0);
    fs::remove_all(folder_);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // 0 when it does not come up within ten seconds.
  int AwaitPort() const {
    const std::string before = "http://127.0.0.1:";
    for (int i = 0; i < 1000; ++i) {
      const std::string said = TextOf(folder_ / "log");
      const std::size_t at = said.find(before);
      if (at != said.npos && said.find('\n', at) != said.npos) return std::atoi(said.c_str() + at + before.size());
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return 0;
  }

  double ResidentMebibytes() const {
    const std::string status = TextOf(fmt::format("/proc/{}/status", child_));
    const std::size_t at = status.find("VmRSS:");
    return at == status.npos ? 0 : std::atof(status.c_str() + at + 6) / 1024;
  }

 private:
  fs::path folder_;
  pid_t child_ = -1;
};

// The clients, and what each waited for its answers in the stage that is measured.
class Load {
 public:
  Load(int port, const VersionChanges& changes) : waits_(kClients) {
    for (int i = 0; i < kClients; ++i) witnesses_.push_back(std::make_unique<VersionWitness>(port, changes));
    for (std::size_t i = 0; i < witnesses_.size(); ++i) threads_.emplace_back([this, i] { Ask(i); });
  }
  ~Load() { Stop(); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  void Stop() {
    done_ = true;
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }
  // Of all answers since the last call, in microseconds, in order.
  std::vector<double> TakeWaits() {
    const std::lock_guard lock(mutex_);
    std::vector<double> all;
    for (std::vector<double>& mine : waits_) {
      all.insert(all.end(), mine.begin(), mine.end());
      mine.clear();
    }
    std::ranges::sort(all);
    return all;
  }
  // After Stop: what was wrong first, "" when nothing was.
  std::string wrong() const {
    for (const auto& witness : witnesses_) {
      if (!witness->wrong().empty()) return witness->wrong();
    }
    return "";
  }
  std::int64_t answers() const {
    std::int64_t all = 0;
    for (const auto& witness : witnesses_) all += witness->answers();
    return all;
  }

 private:
  void Ask(std::size_t client) {
    while (!done_) {
      const auto begin = steady_clock::now();
      witnesses_[client]->Ask();
      const std::chrono::duration<double, std::micro> wait = steady_clock::now() - begin;
      const std::lock_guard lock(mutex_);
      waits_[client].push_back(wait.count());
    }
  }

  std::mutex mutex_;
  std::vector<std::vector<double>> waits_;
  std::vector<std::unique_ptr<VersionWitness>> witnesses_;
  std::vector<std::thread> threads_;
  std::atomic<bool> done_{false};
};

void PrintStage(const std::string& name, steady_clock::duration took, const std::vector<double>& waits,
                double mebibytes) {
  const auto at = [&](double share) {
    return waits.empty() ? 0 : waits[static_cast<std::size_t>(share * static_cast<double>(waits.size() - 1))];
  };
  const double seconds = std::chrono::duration<double>(took).count();
  std::printf("%-26s %8.1f %12.0f %10.0f %10.0f %10.1f\n", name.c_str(), seconds,
              static_cast<double>(waits.size()) / seconds, at(0.5), at(0.99), mebibytes);
  std::fflush(stdout);
}

int Fail(const std::string& what) {
  std::fprintf(stderr, "hot swap: %s\n", what.c_str());
  return 1;
}

int Run(int changes_wanted) {
  const Server server;
  const int port = server.AwaitPort();
  if (port == 0) return Fail("the server did not start");
  hone::HttpClient operations("127.0.0.1", port);
  VersionChanges changes("swap", changes_wanted + 1);
  if (const hone::Status first = changes.Next(operations); !first.ok()) return Fail(first.error().ToString());

  Load load(port, changes);
  const auto alone = [&](const char* name) {
    const auto begin = steady_clock::now();
    std::this_thread::sleep_for(kAlone);
    PrintStage(name, steady_clock::now() - begin, load.TakeWaits(), server.ResidentMebibytes());
  };
  std::printf("%-26s %8s %12s %10s %10s %10s\n", "", "s", "answers/s", "p50 us", "p99 us", "RSS MiB");
  alone("warm-up");
  alone("no changes");
  int made = 0;
  for (int stage = 1; stage <= kStages; ++stage) {
    const auto begin = steady_clock::now();
    const int from = made;
    for (; made < changes_wanted * stage / kStages; ++made) {
      if (const hone::Status next = changes.Next(operations); !next.ok()) return Fail(next.error().ToString());
    }
    PrintStage(fmt::format("changes {} to {}", from + 1, made), steady_clock::now() - begin, load.TakeWaits(),
               server.ResidentMebibytes());
  }
  alone("no changes again");
  load.Stop();
  if (!load.wrong().empty()) return Fail(load.wrong());
  std::printf("%d changes, %d versions, %lld answers: none failed, none of a wrong version\n", made,
              changes.registered(), static_cast<long long>(load.answers()));
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return Run(argc > 1 ? std::max(std::atoi(argv[1]), 1) : 10'000); }
