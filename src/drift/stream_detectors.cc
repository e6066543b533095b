#include "drift/stream_detectors.h"

#include <cmath>

#include "base/edit_distance.h"
#include "base/named_parameters.h"
#include "drift/stream_detectors/adwin.h"
#include "drift/stream_detectors/cusum.h"
#include "drift/stream_detectors/ddm.h"
#include "drift/stream_detectors/eddm.h"
#include "drift/stream_detectors/hddm_a.h"
#include "drift/stream_detectors/hddm_w.h"
#include "drift/stream_detectors/kswin.h"
#include "drift/stream_detectors/page_hinkley.h"
#include "drift/stream_detectors/prewhitened_ranks.h"
#include "drift/stream_detectors/rddm.h"
#include "drift/stream_detectors/stepd.h"

namespace hone {
namespace {

using Made = std::unique_ptr<StreamDetector>;

constexpr double kTiny = 1e-12, kHuge = 1e9, kLargestValue = 1e100;
constexpr std::int64_t kMostRows = 1'000'000'000;

Made PrewhitenedRanks(NamedParameters& p, std::uint64_t) {
  PrewhitenedRanksConfig c;
  p.Whole("reference", c.reference, 50, 1'000'000);
  p.Number("alpha", c.alpha, kTiny, 0.5);
  p.Number("margin", c.margin, 0, 0.499);
  p.Whole("order", c.order, 0, 50);
  p.Whole("restart", c.restart, 1, 1'000'000);
  p.Number("minimum_effective", c.minimum_effective, 10, kHuge);
  p.Require(c.reference >= 2 * c.order, "reference must be at least 2 order");
  return MakePrewhitenedRanks(c);
}

Made Adwin(NamedParameters& p, std::uint64_t) {
  AdwinConfig c;
  p.Number("delta", c.delta, kTiny, 1 - kTiny);
  p.Whole("clock", c.clock, 1, kMostRows);
  p.Whole("max_buckets", c.max_buckets, 2, 1000);
  p.Whole("min_window_length", c.min_window_length, 1, kMostRows);
  p.Whole("grace_period", c.grace_period, 0, kMostRows);
  p.Flag("keep_window", c.keep_window);
  return MakeAdwin(c);
}

Made Kswin(NamedParameters& p, std::uint64_t seed) {
  KswinConfig c;
  c.seed = seed;
  p.Number("alpha", c.alpha, kTiny, 1 - kTiny);
  p.Whole("window", c.window, 4, 1'000'000);
  p.Whole("recent", c.recent, 2, 1000);
  p.Require(c.window >= 2 * c.recent, "window must be at least 2 recent");
  return MakeKswin(c);
}

Made PageHinkley(NamedParameters& p, std::uint64_t) {
  PageHinkleyConfig c;
  p.Whole("min_instances", c.min_instances, 1, kMostRows);
  p.Number("delta", c.delta, 0, kLargestValue);
  p.Number("threshold", c.threshold, kTiny, kLargestValue);
  p.Number("alpha", c.alpha, kTiny, 1);
  p.Flag("up", c.up);
  p.Flag("down", c.down);
  p.Require(c.up || c.down, "up or down must be true");
  return MakePageHinkley(c);
}

Made Cusum(NamedParameters& p, std::uint64_t) {
  CusumConfig c;
  p.Number("k", c.k, 0, 100);
  p.Number("h", c.h, kTiny, kHuge);
  p.Whole("reference", c.reference, 2, kMostRows);
  p.Number("mean", c.mean, -kLargestValue, kLargestValue);
  p.Number("deviation", c.deviation, 1e-100, kLargestValue);
  p.Require(std::isnan(c.mean) == std::isnan(c.deviation), "mean and deviation must be given both, or neither");
  return MakeCusum(c);
}

Made Ddm(NamedParameters& p, std::uint64_t) {
  DdmConfig c;
  p.Whole("warm_start", c.warm_start, 0, kMostRows);
  p.Number("warning_threshold", c.warning_threshold, kTiny, kHuge);
  p.Number("drift_threshold", c.drift_threshold, kTiny, kHuge);
  p.Require(c.drift_threshold >= c.warning_threshold, "drift_threshold must be at least warning_threshold");
  return MakeDdm(c);
}

Made Eddm(NamedParameters& p, std::uint64_t) {
  EddmConfig c;
  p.Whole("warm_start", c.warm_start, 0, kMostRows);
  p.Number("alpha", c.alpha, kTiny, 1);
  p.Number("beta", c.beta, kTiny, 1);
  p.Require(c.alpha >= c.beta, "alpha must be at least beta");
  return MakeEddm(c);
}

Made Rddm(NamedParameters& p, std::uint64_t) {
  RddmConfig c;
  p.Whole("min_instances", c.min_instances, 1, kMostRows);
  p.Number("warning_level", c.warning_level, kTiny, kHuge);
  p.Number("drift_level", c.drift_level, kTiny, kHuge);
  p.Whole("max_concept", c.max_concept, 1, kMostRows);
  p.Whole("min_stable_concept", c.min_stable_concept, 1, 10'000'000);
  p.Whole("warning_limit", c.warning_limit, 1, kMostRows);
  p.Require(c.drift_level >= c.warning_level, "drift_level must be at least warning_level");
  return MakeRddm(c);
}

void TakeHddm(NamedParameters& p, HddmConfig& c) {
  p.Number("drift_confidence", c.drift_confidence, kTiny, 1 - kTiny);
  p.Number("warning_confidence", c.warning_confidence, kTiny, 1 - kTiny);
  p.Flag("two_sided", c.two_sided);
  p.Require(c.warning_confidence >= c.drift_confidence, "warning_confidence must be at least drift_confidence");
}

Made HddmA(NamedParameters& p, std::uint64_t) {
  HddmConfig c;
  TakeHddm(p, c);
  return MakeHddmA(c);
}

Made HddmW(NamedParameters& p, std::uint64_t) {
  HddmWConfig c;
  TakeHddm(p, c.confidence);
  p.Number("lambda", c.lambda, kTiny, 1);
  return MakeHddmW(c);
}

Made Stepd(NamedParameters& p, std::uint64_t) {
  StepdConfig c;
  p.Whole("window", c.window, 2, 1'000'000);
  p.Number("alpha_drift", c.alpha_drift, kTiny, 1 - kTiny);
  p.Number("alpha_warning", c.alpha_warning, kTiny, 1 - kTiny);
  p.Require(c.alpha_warning >= c.alpha_drift, "alpha_warning must be at least alpha_drift");
  return MakeStepd(c);
}

struct Entry {
  const char* name;
  const char* summary;
  Made (*make)(NamedParameters&, std::uint64_t seed);
};

constexpr Entry kEntries[] = {
    {kDefaultStreamDetector, "mean and spread of values that may depend on one another", PrewhitenedRanks},
    {"adwin", "the mean of independent values", Adwin},
    {"kswin", "the distribution of independent values", Kswin},
    {"page_hinkley", "the mean of independent values of size 1", PageHinkley},
    {"cusum", "the mean of independent normal values", Cusum},
    {"ddm", "a rising rate of errors, 0 or 1", Ddm},
    {"eddm", "shorter distances between errors, 0 or 1", Eddm},
    {"rddm", "a rising rate of errors, 0 or 1", Rddm},
    {"hddm_a", "the mean of independent values in [0, 1]", HddmA},
    {"hddm_w", "the recent mean of independent values in [0, 1]", HddmW},
    {"stepd", "the recent rate of errors, 0 or 1", Stepd},
};

}  // namespace

std::vector<std::string> StreamDetectorNames() {
  std::vector<std::string> names;
  for (const Entry& entry : kEntries) names.emplace_back(entry.name);
  return names;
}

std::string StreamDetectorSummary(std::string_view name) {
  for (const Entry& entry : kEntries)
    if (name == entry.name) return entry.summary;
  return "";
}

Result<std::unique_ptr<StreamDetector>> MakeStreamDetector(std::string_view name, std::span<const std::string> settings,
                                                           std::uint64_t seed) {
  for (const Entry& entry : kEntries) {
    if (name != entry.name) continue;
    NamedParameters parameters("detector", name, settings);
    // The detector is made before what it was given is judged: ranges were enforced, relations were not.
    Made detector = entry.make(parameters, seed);
    HONE_RETURN_IF_ERROR(parameters.Finish());
    return detector;
  }
  const std::vector<std::string> names = StreamDetectorNames();
  std::string near = DidYouMean(name, names);
  if (near.empty()) {
    near = "; there are";
    for (const std::string& known : names) near += (known == names.front() ? " " : ", ") + known;
  }
  return Error{ErrorCode::kInvalidArgument, "there is no detector '" + std::string(name) + "'" + near};
}

}  // namespace hone
