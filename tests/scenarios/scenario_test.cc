// Runs the scenario file HONE_SCENARIO names: every seed on a pool of threads, then each expectation. A test of its own
// for each file; see README.md.
#include "scenario.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "base/executor.h"
#include "market_run.h"
#include "simulated_run.h"

namespace hone {
namespace {

Facts RunSeed(const Scenario& scenario, int index) {
  const auto seed = static_cast<std::uint64_t>(index + 1);
  return scenario.market ? RunMarket(scenario, seed) : RunSimulation(scenario, seed);
}

std::vector<Facts> RunAll(const Scenario& scenario, Executor& executor) {
  std::vector<Facts> runs(static_cast<std::size_t>(scenario.seeds));
  ParallelFor(executor, scenario.seeds,
              [&](int index) { runs[static_cast<std::size_t>(index)] = RunSeed(scenario, index); });
  return runs;
}

bool NeedsFaultless(const Scenario& scenario) {
  for (const Expectation& expectation : scenario.expectations) {
    if (expectation.needs_faultless) return true;
  }
  return false;
}

void Check(const Scenario& scenario, const Expectation& expectation, const std::vector<Facts>& runs,
           const std::vector<Facts>& faultless) {
  int met = 0;
  std::string others;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    bool all = true;
    for (const Condition& condition : expectation.conditions) all = all && condition(runs[i], faultless[i]);
    met += all;
    const bool shown = all == (expectation.share == Share::kAtMost);
    if (shown && others.size() < 60) others += fmt::format(" {}", i + 1);
  }
  const std::string where = fmt::format("{}:{}: expect {}", scenario.path, expectation.line, expectation.text);
  std::printf("%s: %d of %zu\n", where.c_str(), met, runs.size());
  const std::string complaint = Complaint(expectation, met, static_cast<int>(runs.size()));
  EXPECT_EQ(complaint, "") << where << "\n  was met in " << met << " of " << runs.size() << " seeds; look at seeds"
                           << others;
}

TEST(Scenario, HoldsWhatItExpects) {
  const char* path = std::getenv("HONE_SCENARIO");
  ASSERT_NE(path, nullptr) << "HONE_SCENARIO names the scenario file";
  const Result<Scenario> scenario = ReadScenario(path);
  ASSERT_TRUE(scenario.ok()) << scenario.error().ToString();
  const auto executor = MakeThreadPool(static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
  const std::vector<Facts> runs = RunAll(*scenario, *executor);
  std::vector<Facts> faultless = runs;
  if (NeedsFaultless(*scenario)) {
    Scenario calm = *scenario;
    calm.simulation.faults = {};
    faultless = RunAll(calm, *executor);
  }
  for (std::size_t i = 0; i < runs.size(); ++i) ASSERT_EQ(runs[i].failure, "") << "seed " << i + 1;
  for (const Expectation& expectation : scenario->expectations) Check(*scenario, expectation, runs, faultless);
}

}  // namespace
}  // namespace hone
