// libraries: features
// Indicators beside Python's: talipp bar by bar, pandas-ta-classic (the maintained successor of pandas-ta) and polars
// by columns, on the same bars. hone's answers and times are written to a folder, where bench/peers/indicator_peers.py
// times the peers, compares every answer and prints the table. Peers come from .deps/peers (tools/setup bench).
#include <fmt/format.h>
#include <stdlib.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "features/testing/indicator_runs.h"

namespace {

namespace fs = std::filesystem;
using hone::testing_features::Columns;
using hone::testing_features::From;
using Bars = std::map<std::string, std::vector<double>>;

constexpr std::size_t kBars = 200'000;

constexpr const char* kCalls[] = {"sma(close,20)",
                                  "ema(close,20)",
                                  "wma(close,20)",
                                  "rsi(close,14)",
                                  "macd(close,12,26,9)",
                                  "bbands(close,20,2,2)",
                                  "stddev(close,20,1)",
                                  "max(close,20)",
                                  "min(close,20)",
                                  "roc(close,10)",
                                  "atr(high,low,close,14)",
                                  "adx(high,low,close,14)",
                                  "cci(high,low,close,20)",
                                  "willr(high,low,close,14)",
                                  "stoch(high,low,close,14,3,3)",
                                  "stochf(high,low,close,14,3)",
                                  "obv(close,volume)"};

// Prices rounded to hundredths, as they are traded.
Bars MakeBars() {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  const auto price = [](double value) { return std::round(100 * value) / 100; };
  Bars bars;
  double close = 100;
  for (std::size_t bar = 0; bar < kBars; ++bar) {
    const double open = close;
    close = price(close + normal(random) * 0.5 - (close - 100) / 500);
    bars["open"].push_back(open);
    bars["close"].push_back(close);
    bars["high"].push_back(price(std::max(open, close) + std::abs(normal(random)) * 0.3));
    bars["low"].push_back(price(std::min(open, close) - std::abs(normal(random)) * 0.3));
    bars["volume"].push_back(std::floor(1000 + 900 * std::tanh(normal(random))));
  }
  return bars;
}

double Now() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
}

// Nanoseconds of processor time a bar, the least of five.
double Best(const std::function<void()>& work) {
  double best = 1e18;
  for (int turn = 0; turn < 5; ++turn) {
    const double start = Now();
    work();
    best = std::min(best, Now() - start);
  }
  return best / kBars;
}

void Write(const fs::path& file, const std::vector<double>& numbers) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(numbers.data()),
            static_cast<std::streamsize>(numbers.size() * sizeof(double)));
}

// A line of calls.tsv, and the answers in files named by the call's place and the output's.
void WriteAnswers(const fs::path& folder, std::size_t place, const std::string& text, const Bars& bars,
                  std::ofstream& calls) {
  auto call = hone::testing_features::ParseIndicatorCall(text, bars);
  const auto make = [&call] { return hone::testing_features::MakeIndicator(*call.definition, call.parameters); };
  Columns answers(call.definition->outputs.size(), std::vector<double>(kBars));
  const double by_column = Best(
      [&] { make()->UpdateBlock(From<const double>(call.inputs, 0).data(), From<double>(answers, 0).data(), kBars); });
  const double by_bar = Best([&] {
    const hone::IndicatorPointer indicator = make();
    std::array<double, 4> row{}, known{};
    for (std::size_t bar = 0; bar < kBars; ++bar) {
      for (std::size_t i = 0; i < call.inputs.size(); ++i) row[i] = call.inputs[i][bar];
      indicator->Update(row.data(), known.data());
    }
  });
  for (std::size_t i = 0; i < answers.size(); ++i) Write(folder / fmt::format("{}.{}", place, i), answers[i]);
  calls << fmt::format("{}\t{}\t{}\t{}\n", text, answers.size(), by_column, by_bar);
}

}  // namespace

int main() {
  if (!fs::exists(HONE_ROOT "/.deps/peers/polars")) {
    fmt::print("polars is not in .deps/peers: tools/setup bench fetches it\n");
    return 2;
  }
  std::string name = (fs::temp_directory_path() / "hone_indicator_peers_XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) return 2;
  const fs::path folder = name;
  const Bars bars = MakeBars();
  for (const auto& [column, numbers] : bars) Write(folder / column, numbers);
  std::ofstream calls(folder / "calls.tsv");
  for (std::size_t i = 0; i < std::size(kCalls); ++i) WriteAnswers(folder, i, kCalls[i], bars, calls);
  calls.close();
  const int status = std::system(
      fmt::format("OMP_NUM_THREADS=1 POLARS_MAX_THREADS=1 PYTHONPATH='{0}/.deps/peers' PYTHONDONTWRITEBYTECODE=1 "
                  "'{0}/.deps/python/bin/python' '{0}/bench/peers/indicator_peers.py' '{1}'",
                  HONE_ROOT, folder.string())
          .c_str());
  fs::remove_all(folder);
  return status == 0 ? 0 : 1;
}
