// libraries: stats
// Two-sample statistics beside SciPy's on the same samples, sorting included, one thread each: every value is compared
// (1e-9 relative, 1e-12 for the distances), then the best of five times of both. SciPy comes from .deps/peers
// (tools/setup bench). cramervonmises_2samp is held by its statistic alone; its p is another approximation there.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "base/random.h"
#include "stats/cramer_von_mises.h"
#include "stats/energy_distance.h"
#include "stats/kolmogorov_smirnov.h"
#include "stats/pooled_counts.h"
#include "stats/wasserstein.h"

namespace {

namespace fs = std::filesystem;
using Samples = std::pair<std::vector<double>, std::vector<double>>;

struct Answer {
  double statistic = 0, p_value = std::nan("");
};

hone::PooledCounts Pool(Samples samples) {
  std::sort(samples.first.begin(), samples.first.end());
  std::sort(samples.second.begin(), samples.second.end());
  return hone::PoolSorted(samples.first, samples.second);
}

Answer Ours(const std::string& name, const Samples& samples) {
  if (name == "ks_2samp") {
    const auto test =
        hone::KolmogorovSmirnovTest(samples.first, samples.second, hone::KolmogorovSmirnovMethod::kAsymptotic);
    return {test.statistic, test.p_value};
  }
  if (name == "wasserstein_distance") return {hone::Wasserstein1(Pool(samples))};
  if (name == "energy_distance") return {hone::EnergyDistance(Pool(samples))};
  return {hone::CramerVonMisesStatistic(Pool(samples))};
}

double BestSeconds(const std::function<void()>& work) {
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

std::string AskSciPy(const Samples& samples) {
  const fs::path file = fs::temp_directory_path() / fmt::format("hone_two_samples_{}", std::rand());
  std::ofstream out(file, std::ios::binary);
  for (const auto* values : {&samples.first, &samples.second})
    out.write(reinterpret_cast<const char*>(values->data()),
              static_cast<std::streamsize>(values->size() * sizeof(double)));
  out.close();
  const std::string command = fmt::format(
      "OMP_NUM_THREADS=1 PYTHONPATH='{0}/.deps/peers' PYTHONDONTWRITEBYTECODE=1 '{0}/.deps/python/bin/python' "
      "'{0}/bench/peers/two_sample_scipy.py' '{1}' {2} {3}",
      HONE_ROOT, file.string(), samples.first.size(), samples.second.size());
  std::string text;
  if (std::FILE* pipe = popen(command.c_str(), "r")) {
    char buffer[256];
    while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) text += buffer;
    pclose(pipe);
  }
  fs::remove(file);
  return text;
}

bool Near(double ours, double theirs, double relative) {
  return std::isnan(ours) || std::abs(ours - theirs) <= relative * std::max(std::abs(theirs), 1e-3);
}

// False where SciPy gave no answers or another one.
bool Compare(std::size_t n, std::size_t m, double shift) {
  hone::Random random(n + m);
  Samples samples{std::vector<double>(n), std::vector<double>(m)};
  for (double& value : samples.first) value = random.Normal();
  for (double& value : samples.second) value = random.Normal() + shift;
  std::istringstream lines(AskSciPy(samples));
  int answers = 0;
  bool equal = true;
  std::string name;
  for (double statistic = 0, p_value = 0, seconds = 0; lines >> name >> statistic;) {
    std::string p_text;
    lines >> p_text >> seconds;
    p_value = std::strtod(p_text.c_str(), nullptr);
    const Answer ours = Ours(name, samples);
    const bool same = Near(ours.statistic, statistic, 1e-12) && Near(ours.p_value, p_value, 1e-9);
    const double best = BestSeconds([&] { (void)Ours(name, samples); });
    fmt::print("{:>6} / {:<6} {:<22} hone {:9.1f} us   SciPy {:9.1f} us   {:5.1f}x   {}\n", n, m, name, best * 1e6,
               seconds * 1e6, seconds / best, same ? "equal" : "DIFFERENT");
    equal = equal && same;
    ++answers;
  }
  return equal && answers == 4;
}

}  // namespace

int main() {
  if (!fs::exists(HONE_ROOT "/.deps/peers/scipy")) {
    fmt::print("SciPy is not in .deps/peers: tools/setup bench fetches it\n");
    return 1;
  }
  bool equal = true;
  for (const auto& [n, m] : {std::pair<std::size_t, std::size_t>{1000, 250}, {20'000, 5'000}, {200'000, 200'000}})
    equal = Compare(n, m, 0.1) && equal;
  return equal ? 0 : 1;
}
