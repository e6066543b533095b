// Cost of what replay calls often: a 5,000-row evidence process looked at when due, and block bootstrap intervals.
#include <benchmark/benchmark.h>

#include <vector>

#include "base/random.h"
#include "stats/block_bootstrap.h"
#include "stats/paired_evidence.h"

namespace hone {
namespace {

std::vector<double> Normals(std::size_t rows) {
  Random random(1);
  std::vector<double> values(rows);
  for (double& value : values) value = random.Normal();
  return values;
}

void PairedEvidence5000Rows(benchmark::State& state) {
  const std::vector<double> values = Normals(5000);
  for (auto _ : state) {
    PairedEvidenceProcess process(5);
    double sum = 0;
    for (const double value : values) {
      process.Add(value);
      if (process.look_due()) sum += process.Evaluate(0.05).log_e;
    }
    benchmark::DoNotOptimize(sum);
  }
}
BENCHMARK(PairedEvidence5000Rows)->Unit(benchmark::kMicrosecond);

void BlockBootstrap5000Rows(benchmark::State& state) {
  const std::vector<double> values = Normals(5000);
  Random random(2);
  for (auto _ : state) benchmark::DoNotOptimize(BlockBootstrapMean(values, 22, 500, 0.95, random));
}
BENCHMARK(BlockBootstrap5000Rows)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace hone
