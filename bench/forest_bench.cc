// libraries: learning
// The forest against LightGBM's C API, one thread, on the same models and rows: processor time a row, ratio, and
// whether every margin has the same bits. The peer for one row is its fastest call (SingleRowFast); its plain
// single-row call, which parses parameters each time, is shown beside it.
#include <fmt/format.h>

#include <cstdio>

#ifndef HONE_HAVE_LIGHTGBM
int main() {
  fmt::print("forest: LightGBM is not in this build; nothing to compare with\n");
  return 0;
}
#else

#include <dlfcn.h>
#include <time.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "base/random.h"
#include "learning/lightgbm_library.h"
#include "models/forest/forest.h"
#include "models/forest/lightgbm_reader.h"

namespace {

using hone::LightGbmLibrary;

constexpr int kTrainRows = 5000;
constexpr int kRows = 20000;
constexpr int kRepeats = 7;

struct Shape {
  int width, trees, leaves;
  bool missing;
};

std::vector<double> MakeRows(int count, int width, bool missing, std::uint64_t seed) {
  hone::Random random(seed);
  std::vector<double> rows(static_cast<std::size_t>(count * width));
  for (double& value : rows) value = missing && random.Below(20) == 0 ? std::nan("") : random.Normal();
  return rows;
}

BoosterHandle Train(const LightGbmLibrary& library, const Shape& shape) {
  const std::vector<double> rows = MakeRows(kTrainRows, shape.width, shape.missing, 1);
  std::vector<float> labels;
  for (int i = 0; i < kTrainRows; ++i) {
    double y = 0;
    for (int j = 0; j < shape.width; ++j) {
      const double value = rows[static_cast<std::size_t>(i * shape.width + j)];
      y += std::isnan(value) ? 1 : std::sin(2 * value) / (j + 1);
    }
    labels.push_back(static_cast<float>(y));
  }
  const std::string parameters = fmt::format(
      "objective=regression num_leaves={} num_threads=1 deterministic=true force_row_wise=true verbosity=-1",
      shape.leaves);
  DatasetHandle dataset = nullptr;
  BoosterHandle booster = nullptr;
  int finished = 0;
  bool ok = library.dataset_create(rows.data(), C_API_DTYPE_FLOAT64, kTrainRows, shape.width, 1, parameters.c_str(),
                                   nullptr, &dataset) == 0 &&
            library.dataset_set_field(dataset, "label", labels.data(), kTrainRows, C_API_DTYPE_FLOAT32) == 0 &&
            library.booster_create(dataset, parameters.c_str(), &booster) == 0;
  for (int i = 0; ok && i < shape.trees; ++i) ok = library.update(booster, &finished) == 0;
  if (!ok) std::abort();
  return booster;
}

std::string Text(const LightGbmLibrary& library, BoosterHandle booster) {
  std::string text(std::size_t{8} << 20, '\0');
  std::int64_t length = 0;
  if (library.save(booster, 0, -1, 0, static_cast<std::int64_t>(text.size()), &length, text.data()) != 0) std::abort();
  text.resize(static_cast<std::size_t>(length) - 1);
  return text;
}

double ThreadNanoseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

// Least processor time of several runs, in nanoseconds a row: all work is on this thread, and the machine may be
// shared.
double Time(const std::function<void()>& run) {
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < kRepeats; ++i) {
    const double begin = ThreadNanoseconds();
    run();
    least = std::min(least, (ThreadNanoseconds() - begin) / kRows);
  }
  return least;
}

struct Peer {
  decltype(&LGBM_BoosterPredictForMatSingleRow) single = nullptr;
  decltype(&LGBM_BoosterPredictForMatSingleRowFastInit) fast_init = nullptr;
  decltype(&LGBM_BoosterPredictForMatSingleRowFast) fast = nullptr;
  decltype(&LGBM_FastConfigFree) fast_free = nullptr;
};

Peer OpenPeer(const std::string& path) {
  void* const handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  Peer peer;
  peer.single = reinterpret_cast<decltype(peer.single)>(dlsym(handle, "LGBM_BoosterPredictForMatSingleRow"));
  peer.fast_init =
      reinterpret_cast<decltype(peer.fast_init)>(dlsym(handle, "LGBM_BoosterPredictForMatSingleRowFastInit"));
  peer.fast = reinterpret_cast<decltype(peer.fast)>(dlsym(handle, "LGBM_BoosterPredictForMatSingleRowFast"));
  peer.fast_free = reinterpret_cast<decltype(peer.fast_free)>(dlsym(handle, "LGBM_FastConfigFree"));
  return peer;
}

std::size_t Different(const std::vector<double>& a, const std::vector<double>& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    count += std::bit_cast<std::uint64_t>(a[i]) != std::bit_cast<std::uint64_t>(b[i]);
  }
  return count;
}

bool Compare(const LightGbmLibrary& library, const Peer& peer, const Shape& shape) {
  BoosterHandle booster = Train(library, shape);
  const auto model = hone::MakeForestModel(hone::ReadLightGbmForest(Text(library, booster), "bench").value());
  const auto width = static_cast<std::size_t>(shape.width);
  const std::vector<double> rows = MakeRows(kRows, shape.width, shape.missing, 2);
  std::vector<double> theirs(kRows), theirs_batch(kRows), ours(kRows), ours_batch(kRows);
  const char* const options = "num_threads=1 verbosity=-1";
  std::int64_t length = 0;
  FastConfigHandle fast = nullptr;
  peer.fast_init(booster, C_API_PREDICT_RAW_SCORE, 0, -1, C_API_DTYPE_FLOAT64, shape.width, options, &fast);

  const double single = Time([&] {
    for (std::size_t i = 0; i < kRows; ++i) {
      peer.single(booster, rows.data() + i * width, C_API_DTYPE_FLOAT64, shape.width, 1, C_API_PREDICT_RAW_SCORE, 0, -1,
                  options, &length, &theirs[i]);
    }
  });
  const double fast_single = Time([&] {
    for (std::size_t i = 0; i < kRows; ++i) peer.fast(fast, rows.data() + i * width, &length, &theirs[i]);
  });
  const double batch = Time([&] {
    library.predict(booster, rows.data(), C_API_DTYPE_FLOAT64, kRows, shape.width, 1, C_API_PREDICT_RAW_SCORE, 0, -1,
                    options, &length, theirs_batch.data());
  });
  const double our_single = Time([&] {
    for (std::size_t i = 0; i < kRows; ++i) ours[i] = model->PredictMargin({rows.data() + i * width, width});
  });
  const double our_batch = Time([&] { model->PredictBatch(rows, ours_batch); });
  const std::size_t different = Different(ours, theirs) + Different(ours_batch, theirs_batch);
  fmt::print(
      "forest {:2} features {:3} trees {:2} leaves{}: one row {:6.0f} ns, LightGBM fast {:6.0f} plain {:6.0f}, ratio "
      "{:.1f}x {:.1f}x | batch {:5.0f} ns a row, LightGBM {:6.0f}, ratio {:.1f}x | {} of {} margins differ\n",
      shape.width, shape.trees, shape.leaves, shape.missing ? " NaN" : "    ", our_single, fast_single, single,
      fast_single / our_single, single / our_single, our_batch, batch, batch / our_batch, different, 2 * kRows);
  peer.fast_free(fast);
  library.booster_free(booster);
  return different == 0;
}

}  // namespace

int main() {
  const auto& library = hone::OpenLightGbm();
  if (!library.ok()) {
    fmt::print(stderr, "{}\n", library.error().ToString());
    return 1;
  }
  const Peer peer = OpenPeer(library->path);
  bool equal = true;
  for (const Shape& shape : {Shape{8, 60, 8, false}, Shape{8, 100, 16, false}, Shape{30, 100, 31, false},
                             Shape{30, 100, 31, true}, Shape{30, 100, 64, false}}) {
    equal = Compare(*library, peer, shape) && equal;
  }
  return equal ? 0 : 1;
}

#endif
