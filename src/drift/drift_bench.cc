// Cost of one drift check: 30 columns, a reference of 1,000 rows and a current window of 250.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "base/random.h"
#include "drift/drift_check.h"

namespace hone {
namespace {

constexpr std::size_t kWidth = 30;

std::vector<double> Rows(std::size_t rows, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> values(rows * kWidth);
  for (double& value : values) value = random.Normal();
  return values;
}

DriftCheck MakeCheck() {
  const std::vector<std::string> names(kWidth, "column");
  return DriftCheck::Make(names, Rows(1000, 1), DriftPolicy()).value();
}

void Prepare(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(MakeCheck());
}
BENCHMARK(Prepare)->Unit(benchmark::kMillisecond);

void Compare(benchmark::State& state) {
  const DriftCheck check = MakeCheck();
  const std::vector<double> current = Rows(250, 2);
  for (auto _ : state) benchmark::DoNotOptimize(check.Compare(current));
}
BENCHMARK(Compare)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hone
