// Reading 5,000 daily bars from gzipped CSV, beside unpacking the same bytes only (the floor set by zlib).
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <zlib.h>

#include <string>

#include "base/time.h"
#include "market/gzip.h"
#include "market/load.h"
#include "market/synthetic.h"

namespace hone {
namespace {

std::string PackedBars() {
  const SyntheticMarket market({"calm", 5000}, 1);
  std::string text = "Date,Open,High,Low,Close,Volume\n";
  for (const Bar& bar : market.series().bars) {
    text += fmt::format("{},{:.6f},{:.6f},{:.6f},{:.6f},{}\n", FormatDate(bar.open_time), bar.open, bar.high, bar.low,
                        bar.close, bar.volume);
  }
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

void ReadBars(benchmark::State& state) {
  const std::string packed = PackedBars();
  for (auto _ : state) benchmark::DoNotOptimize(ParseBars(packed, "bench.csv.gz").ok());
}
BENCHMARK(ReadBars)->Unit(benchmark::kMillisecond);

void UnpackOnly(benchmark::State& state) {
  const std::string packed = PackedBars();
  for (auto _ : state) benchmark::DoNotOptimize(Gunzip(packed, "bench.csv.gz", 1 << 24).ok());
}
BENCHMARK(UnpackOnly)->Unit(benchmark::kMillisecond);

void FreshBars(benchmark::State& state) {
  const SyntheticMarket market({"break", 1500}, 1);
  for (auto _ : state) benchmark::DoNotOptimize(market.FreshBars(1000, 20000).bars.data());
}
BENCHMARK(FreshBars)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hone
