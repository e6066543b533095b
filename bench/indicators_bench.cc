// libraries: features
// Columns of indicators beside TA-Lib's C functions on the same bars: both take turns in one run, the answers are
// compared to 1e-9, and hone's cost bar by bar is told too. Processor time of the thread, the least of five turns.
//
//   indicators_bench [libta-lib.so]     # without it: the one that `tools/setup bench` fetched
#include <dlfcn.h>
#include <fmt/format.h>
#include <time.h>

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

constexpr int kBars = 1'000'000, kTurns = 5;

double Now() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
}

std::map<std::string, std::vector<double>> MakeBars() {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  std::map<std::string, std::vector<double>> bars;
  double close = 100;
  for (int bar = 0; bar < kBars; ++bar) {
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
using Peer = std::function<int(const std::vector<const double*>& in, const std::vector<double*>& out)>;

// The same type as often as there are indices.
template <typename Type, std::size_t>
using Nth = Type;

// TA_NAME(first, last, inputs..., options..., &begin, &count, outputs...)
template <std::size_t kInputs, std::size_t kOutputs, typename... Options>
Peer TaLib(void* library, const char* name, Options... options) {
  void* const symbol = dlsym(library, name);
  return [=](const std::vector<const double*>& in, const std::vector<double*>& out) {
    int begin = 0, count = 0;
    const auto call = [&]<std::size_t... i, std::size_t... o>(std::index_sequence<i...>, std::index_sequence<o...>) {
      using Function = int (*)(int, int, Nth<const double*, i>..., Options..., int*, int*, Nth<double*, o>...);
      return reinterpret_cast<Function>(symbol)(0, kBars - 1, in[i]..., options..., &begin, &count, out[o]...);
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
  double worst = 0;
  for (std::size_t i = 0; i < hone.size(); ++i) {
    double size = 0;
    for (int bar = begin; bar < kBars; ++bar)
      size = std::max(size, std::abs(peer[i][static_cast<std::size_t>(bar - begin)]));
    for (int bar = begin; bar < kBars; ++bar) {
      const auto at = static_cast<std::size_t>(bar);
      const double error = std::abs(hone[i][at] - peer[i][at - static_cast<std::size_t>(begin)]) / size;
      worst = error <= worst ? worst : error;  // a NaN counts
    }
  }
  return worst;
}

// The least time of some turns, nanoseconds a bar.
void Take(double& least, const std::function<void()>& work) {
  const double start = Now();
  work();
  least = std::min(least, (Now() - start) / kBars);
}

// TA-Lib's time / hone's; below 0 where the answers differ.
double Compare(const Case& one, const std::map<std::string, std::vector<double>>& bars, double& streamed) {
  const auto call = hone::testing_features::ParseIndicatorCall(one.call, bars);
  Columns mine(call.definition->outputs.size(), std::vector<double>(kBars)), theirs = mine;
  std::vector<const double*> in;
  std::vector<double*> out, peer_out;
  for (const auto& column : call.inputs) in.push_back(column.data());
  for (auto& column : mine) out.push_back(column.data());
  for (auto& column : theirs) peer_out.push_back(column.data());
  double block = 1e9, stream = 1e9, peer = 1e9;
  int begin = 0;
  for (int turn = 0; turn < kTurns; ++turn) {
    const auto by_column = hone::testing_features::MakeIndicator(*call.definition, call.parameters);
    const auto by_bar = hone::testing_features::MakeIndicator(*call.definition, call.parameters);
    std::array<double, 4> row{}, known{};
    Take(peer, [&] { begin = one.peer(in, peer_out); });
    Take(stream, [&] {
      for (std::size_t bar = 0; bar < kBars; ++bar) {
        for (std::size_t i = 0; i < in.size(); ++i) row[i] = in[i][bar];
        by_bar->Update(row.data(), known.data());
      }
    });
    Take(block, [&] { by_column->UpdateBlock(in.data(), out.data(), kBars); });
  }
  const double error = begin < 0 ? NAN : WorstError(mine, theirs, begin);
  fmt::print("{:34} hone {:6.2f}  TA-Lib {:6.2f}  ratio {:5.2f}  bar by bar {:6.2f}  worst {:.1e}\n", one.call, block,
             peer, peer / block, stream, error);
  streamed += stream;
  return error <= 1e-9 ? peer / block : -1;
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
  const auto bars = MakeBars();
  double logs = 0, streamed = 0;
  std::size_t compared = 0;
  bool equal = true;
  fmt::print("nanoseconds a bar, {} bars\n", kBars);
  for (const Case& one : Cases(library)) {
    const double ratio = Compare(one, bars, streamed);
    equal = equal && ratio > 0;
    logs += std::log(std::abs(ratio));
    ++compared;
  }
  fmt::print("TA-Lib / hone: {:.2f} (geometric mean of {}); all of them bar by bar {:.0f} ns\n",
             std::exp(logs / static_cast<double>(compared)), compared, streamed);
  if (!equal) std::puts("answers differ");
  return equal ? 0 : 1;
}
