// libraries: features
// Columns of indicators beside TA-Lib's C functions on the same bars, of one series and of 16: both take turns in one
// run, the answers are compared to 1e-9, and hone's cost bar by bar is told too. TA-Lib takes one series after another;
// hone takes 16 side by side, with the bits of each alone. Processor time of the thread, the least of five turns.
//
//   indicators_bench [libta-lib.so]     # without it: the one that `tools/setup bench` fetched
#include <dlfcn.h>
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "features/testing/indicator_runs.h"

namespace {

using hone::testing_features::Columns;
using hone::testing_features::From;
using Bars = std::map<std::string, std::vector<double>>;

constexpr int kTurns = 5;
constexpr int kBars = 1'000'000, kSeries = 16, kBarsOfEach = 65'536;
constexpr std::size_t kBlock = 512;  // bars that all series have before the next

double Now() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
}

Bars MakeBars(unsigned seed, int count) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Bars bars;
  double close = 100;
  for (int bar = 0; bar < count; ++bar) {
    const double open = close;
    close += normal(random) * 0.5 - (close - 100) / 500;
    bars["open"].push_back(open);
    bars["close"].push_back(close);
    bars["high"].push_back(std::max(open, close) + std::abs(normal(random)) * 0.3);
    bars["low"].push_back(std::min(open, close) - std::abs(normal(random)) * 0.3);
    bars["volume"].push_back(std::floor(1000 + 900 * std::tanh(normal(random))));
  }
  return bars;
}

// Fills the outputs of TA-Lib and tells the first bar that has one.
using Peer = std::function<int(int bars, const std::vector<const double*>& in, const std::vector<double*>& out)>;

// The same type as often as there are indices.
template <typename Type, std::size_t>
using Nth = Type;

// TA_NAME(first, last, inputs..., options..., &begin, &count, outputs...)
template <std::size_t kInputs, std::size_t kOutputs, typename... Options>
Peer TaLib(void* library, const char* name, Options... options) {
  void* const symbol = dlsym(library, name);
  return [=](int bars, const std::vector<const double*>& in, const std::vector<double*>& out) {
    int begin = 0, count = 0;
    const auto call = [&]<std::size_t... i, std::size_t... o>(std::index_sequence<i...>, std::index_sequence<o...>) {
      using Function = int (*)(int, int, Nth<const double*, i>..., Options..., int*, int*, Nth<double*, o>...);
      return reinterpret_cast<Function>(symbol)(0, bars - 1, in[i]..., options..., &begin, &count, out[o]...);
    };
    return call(std::make_index_sequence<kInputs>(), std::make_index_sequence<kOutputs>()) == 0 ? begin : -1;
  };
}

struct Case {
  const char* call;
  Peer peer;
};

std::vector<Case> Cases(void* l) {
  return {{"sma(close,20)", TaLib<1, 1>(l, "TA_SMA", 20)},
          {"ema(close,20)", TaLib<1, 1>(l, "TA_EMA", 20)},
          {"wma(close,20)", TaLib<1, 1>(l, "TA_WMA", 20)},
          {"tema(close,20)", TaLib<1, 1>(l, "TA_TEMA", 20)},
          {"kama(close,20)", TaLib<1, 1>(l, "TA_KAMA", 20)},
          {"rsi(close,14)", TaLib<1, 1>(l, "TA_RSI", 14)},
          {"macd(close,12,26,9)", TaLib<1, 3>(l, "TA_MACD", 12, 26, 9)},
          {"bbands(close,20,2,2)", TaLib<1, 3>(l, "TA_BBANDS", 20, 2.0, 2.0, 0)},
          {"stddev(close,20,1)", TaLib<1, 1>(l, "TA_STDDEV", 20, 1.0)},
          {"linearreg(close,20)", TaLib<1, 1>(l, "TA_LINEARREG", 20)},
          {"max(close,20)", TaLib<1, 1>(l, "TA_MAX", 20)},
          {"roc(close,10)", TaLib<1, 1>(l, "TA_ROC", 10)},
          {"atr(high,low,close,14)", TaLib<3, 1>(l, "TA_ATR", 14)},
          {"adx(high,low,close,14)", TaLib<3, 1>(l, "TA_ADX", 14)},
          {"cci(high,low,close,20)", TaLib<3, 1>(l, "TA_CCI", 20)},
          {"willr(high,low,close,14)", TaLib<3, 1>(l, "TA_WILLR", 14)},
          {"stoch(high,low,close,5,3,3)", TaLib<3, 2>(l, "TA_STOCH", 5, 3, 0, 3, 0)},
          {"aroon(high,low,14)", TaLib<2, 2>(l, "TA_AROON", 14)},
          {"sar(high,low,0.02,0.2)", TaLib<2, 1>(l, "TA_SAR", 0.02, 0.2)},
          {"ultosc(high,low,close,7,14,28)", TaLib<3, 1>(l, "TA_ULTOSC", 7, 14, 28)},
          {"mfi(high,low,close,volume,14)", TaLib<4, 1>(l, "TA_MFI", 14)},
          {"adosc(high,low,close,volume,3,10)", TaLib<4, 1>(l, "TA_ADOSC", 3, 10)},
          {"obv(close,volume)", TaLib<2, 1>(l, "TA_OBV")}};
}

// TA-Lib's outputs begin at their first bar.
double WorstError(const Columns& hone, const Columns& peer, int begin) {
  if (begin < 0) return NAN;
  const auto first = static_cast<std::size_t>(begin);
  double worst = 0;
  for (std::size_t i = 0; i < hone.size(); ++i) {
    double size = 0;
    for (std::size_t bar = first; bar < hone[i].size(); ++bar) size = std::max(size, std::abs(peer[i][bar - first]));
    for (std::size_t bar = first; bar < hone[i].size(); ++bar) {
      const double error = std::abs(hone[i][bar] - peer[i][bar - first]) / size;
      worst = error <= worst ? worst : error;  // a NaN counts
    }
  }
  return worst;
}

// The least time of some turns, nanoseconds a bar.
void Take(double& least, int bars, const std::function<void()>& work) {
  const double start = Now();
  work();
  least = std::min(least, (Now() - start) / bars);
}

// A call on one series.
struct Run {
  Run(const Case& one, const Bars& series)
      : call(hone::testing_features::ParseIndicatorCall(one.call, series)),
        mine(call.definition->outputs.size(), std::vector<double>(call.inputs[0].size())),
        theirs(mine) {}
  hone::IndicatorPointer Make() const {
    return hone::testing_features::MakeIndicator(*call.definition, call.parameters);
  }
  void Ask(const Peer& peer) {
    begin = peer(static_cast<int>(mine[0].size()), From<const double>(call.inputs, 0), From<double>(theirs, 0));
  }
  void UpdateBlock() {
    Make()->UpdateBlock(From<const double>(call.inputs, 0).data(), From<double>(mine, 0).data(), mine[0].size());
  }
  void UpdateBarByBar() const {
    std::array<double, 4> row{}, known{};
    const hone::IndicatorPointer indicator = Make();
    for (std::size_t bar = 0; bar < mine[0].size(); ++bar) {
      for (std::size_t i = 0; i < call.inputs.size(); ++i) row[i] = call.inputs[i][bar];
      indicator->Update(row.data(), known.data());
    }
  }

  hone::testing_features::IndicatorCall call;
  Columns mine, theirs;
  int begin = -1;
};

// TA-Lib's time / hone's; below 0 where the answers differ.
double CompareOne(const Case& one, const Bars& bars, double& streamed) {
  Run run(one, bars);
  double block = 1e9, stream = 1e9, peer = 1e9;
  for (int turn = 0; turn < kTurns; ++turn) {
    Take(peer, kBars, [&] { run.Ask(one.peer); });
    Take(stream, kBars, [&] { run.UpdateBarByBar(); });
    Take(block, kBars, [&] { run.UpdateBlock(); });
  }
  const double error = WorstError(run.mine, run.theirs, run.begin);
  fmt::print("{:34} hone {:6.2f}  TA-Lib {:6.2f}  ratio {:5.2f}  bar by bar {:6.2f}  worst {:.1e}\n", one.call, block,
             peer, peer / block, stream, error);
  streamed += stream;
  return error <= 1e-9 ? peer / block : -1;
}

void UpdateSideBySide(std::vector<Run>& runs) {
  std::vector<hone::IndicatorPointer> indicators;
  for (const Run& run : runs) indicators.push_back(run.Make());
  std::vector<std::vector<const double*>> in(runs.size());
  std::vector<std::vector<double*>> out(runs.size());
  std::vector<hone::IndicatorBlock> blocks(runs.size());
  for (std::size_t bar = 0; bar < kBarsOfEach; bar += kBlock) {
    for (std::size_t k = 0; k < runs.size(); ++k) {
      in[k] = From<const double>(runs[k].call.inputs, bar);
      out[k] = From<double>(runs[k].mine, bar);
      blocks[k] = {indicators[k].get(), in[k].data(), out[k].data()};
    }
    indicators[0]->UpdateBlocks(blocks, kBlock);
  }
}

// The same of many series; below 0 too where a series has not the bits that it has alone.
double CompareMany(const Case& one, const std::vector<Bars>& series) {
  std::vector<Run> runs;
  for (const Bars& bars : series) runs.emplace_back(one, bars);
  double together = 1e9, apart = 1e9, peer = 1e9, error = 0;
  std::vector<Columns> alone;
  for (int turn = 0; turn < kTurns; ++turn) {
    const auto each = [&runs](const auto& work) { std::for_each(runs.begin(), runs.end(), work); };
    Take(peer, kSeries * kBarsOfEach, [&] { each([&](Run& run) { run.Ask(one.peer); }); });
    Take(apart, kSeries * kBarsOfEach, [&] { each([](Run& run) { run.UpdateBlock(); }); });
    if (turn == 0) each([&](Run& run) { alone.push_back(run.mine); });
    Take(together, kSeries * kBarsOfEach, [&] { UpdateSideBySide(runs); });
  }
  bool same = true;
  for (std::size_t k = 0; k < runs.size(); ++k) {
    const double worst = WorstError(runs[k].mine, runs[k].theirs, runs[k].begin);
    error = worst <= error ? error : worst;
    for (std::size_t i = 0; i < alone[k].size(); ++i) {
      same = same && hone::testing_features::SameBits(alone[k][i], runs[k].mine[i]);
    }
  }
  fmt::print("{:34} hone {:6.2f}  TA-Lib {:6.2f}  ratio {:5.2f}  one by one {:6.2f}  worst {:.1e}{}\n", one.call,
             together, peer, peer / together, apart, error, same ? "" : "  OTHER BITS");
  return same && error <= 1e-9 ? peer / together : -1;
}

// The geometric mean; false where a case failed.
bool Summarise(const std::vector<double>& ratios) {
  double logs = 0;
  for (const double ratio : ratios) logs += std::log(std::abs(ratio));
  const bool equal = std::all_of(ratios.begin(), ratios.end(), [](double ratio) { return ratio > 0; });
  fmt::print("TA-Lib / hone: {:.2f} (geometric mean of {}){}\n", std::exp(logs / static_cast<double>(ratios.size())),
             ratios.size(), equal ? "" : "; answers differ");
  return equal;
}

std::string FindLibrary() {
  namespace fs = std::filesystem;
  const fs::path peers = fs::path(HONE_ROOT) / ".deps/peers";
  if (!fs::exists(peers)) return "";
  for (const auto& entry : fs::recursive_directory_iterator(peers)) {
    if (entry.path().filename().string().starts_with("libta-lib")) return entry.path().string();
  }
  return "";
}

}  // namespace

int main(int count, char** arguments) {
  const std::string path = count > 1 ? arguments[1] : FindLibrary();
  void* const library = path.empty() ? nullptr : dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    std::fputs("indicators_bench: no TA-Lib; name its library, libta-lib*.so of the wheel TA-Lib 0.8.2\n", stderr);
    return 2;
  }
  reinterpret_cast<int (*)()>(dlsym(library, "TA_Initialize"))();
  const std::vector<Case> cases = Cases(library);
  double streamed = 0;
  std::vector<double> of_one, of_many;
  fmt::print("nanoseconds a bar, one series of {} bars\n", kBars);
  const Bars bars = MakeBars(1, kBars);
  for (const Case& one : cases) of_one.push_back(CompareOne(one, bars, streamed));
  bool equal = Summarise(of_one);
  fmt::print("all of them bar by bar {:.0f} ns\n\n", streamed);

  fmt::print("nanoseconds a bar of a series, {} series of {} bars\n", kSeries, kBarsOfEach);
  std::vector<Bars> series;
  for (unsigned seed = 1; seed <= kSeries; ++seed) series.push_back(MakeBars(seed, kBarsOfEach));
  for (const Case& one : cases) of_many.push_back(CompareMany(one, series));
  equal = Summarise(of_many) && equal;
  return equal ? 0 : 1;
}
