#include "hone/feature_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "features/same_bits.h"
#include "hone/feature_flags.h"
#include "hone/output.h"
#include "stats/spearman.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

using Columns = std::vector<std::vector<double>>;

bool Near(double a, double b, double tolerance) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) == std::isnan(b);
  return std::fabs(a - b) <= tolerance * std::max(std::fabs(a), std::fabs(b));
}

class Checker {
 public:
  Checker(const std::vector<std::string>& names, const BarSeries& series, const UserDefinitions& definitions,
          const FeatureCheckOptions& options)
      : names_(names), bars_(series.bars), traits_(TraitsOf(series)), definitions_(definitions), options_(options) {}

  Result<FeatureCheck> Run() {
    HONE_ASSIGN_OR_RETURN(FeatureSet set, FeatureSet::Make(names_, traits_, definitions_));
    whole_ = AllColumns(set, bars_);
    FeatureCheck check;
    for (std::size_t i = 0; i < set.width(); ++i) {
      CheckedFeature feature{
          names_[i], std::nullopt, set.warmup(i), std::size_t{1}, MissingShare(i, set.warmup(i)), FeatureStability()};
      check.features.push_back(std::move(feature));
    }
    for (int cut = 1; cut <= options_.cuts; ++cut) {
      const std::size_t at = bars_.size() * static_cast<std::size_t>(cut) / static_cast<std::size_t>(options_.cuts + 1);
      HONE_RETURN_IF_ERROR(ComparePrefix(at, check));
      HONE_RETURN_IF_ERROR(CompareLaterBeginning(at, check));
    }
    AddRedundant(set.warmup(), check);
    HONE_RETURN_IF_ERROR(AddStability(set.warmup(), check));
    if (options_.log.empty()) return check;
    HONE_ASSIGN_OR_RETURN(check.skew, CompareWithLog(options_.log, names_, whole_, bars_));
    return check;
  }

 private:
  Result<Columns> Compute(std::span<const Bar> bars) const {
    HONE_ASSIGN_OR_RETURN(FeatureSet set, FeatureSet::Make(names_, traits_, definitions_));
    return AllColumns(set, bars);
  }

  Status ComparePrefix(std::size_t length, FeatureCheck& check) const {
    HONE_ASSIGN_OR_RETURN(const Columns part, Compute(bars_.first(length)));
    for (std::size_t i = 0; i < names_.size(); ++i) {
      for (std::size_t bar = 0; bar < length; ++bar) {
        if (SameBits(part[i][bar], whole_[i][bar])) continue;
        std::optional<std::size_t>& found = check.features[i].look_ahead;
        found = std::min(found.value_or(bar), bar);
        break;
      }
    }
    return OkStatus();
  }

  // Beginnings in the first half, so that a feature has the other half to settle.
  Status CompareLaterBeginning(std::size_t begin, FeatureCheck& check) const {
    if (2 * begin > bars_.size()) return OkStatus();
    HONE_ASSIGN_OR_RETURN(const Columns part, Compute(bars_.subspan(begin)));
    for (std::size_t i = 0; i < names_.size(); ++i) {
      std::optional<std::size_t>& settled = check.features[i].settled;
      std::size_t bars = part[i].size();
      while (bars > 0 && Near(part[i][bars - 1], whole_[i][begin + bars - 1], options_.tolerance)) --bars;
      if (bars == part[i].size()) settled.reset();
      if (settled) settled = std::max(*settled, bars + 1);
    }
    return OkStatus();
  }

  double MissingShare(std::size_t i, int warmup) const {
    const std::size_t begin = std::min(static_cast<std::size_t>(warmup - 1), bars_.size());
    if (begin == bars_.size()) return 1;
    const auto missing = std::count_if(whole_[i].begin() + static_cast<std::ptrdiff_t>(begin), whole_[i].end(),
                                       [](double value) { return std::isnan(value); });
    return static_cast<double>(missing) / static_cast<double>(bars_.size() - begin);
  }

  void AddRedundant(int warmup, FeatureCheck& check) const {
    const std::size_t begin = std::min(static_cast<std::size_t>(warmup - 1), bars_.size());
    for (std::size_t i = 0; i < names_.size(); ++i) {
      for (std::size_t j = i + 1; j < names_.size(); ++j) {
        const double correlation =
            SpearmanCorrelation(std::span(whole_[i]).subspan(begin), std::span(whole_[j]).subspan(begin));
        if (std::fabs(correlation) >= options_.redundant) check.redundant.push_back({i, j, correlation});
      }
    }
  }

  Status AddStability(int warmup, FeatureCheck& check) const {
    HONE_ASSIGN_OR_RETURN(
        const std::vector<FeatureStability> stability,
        CheckStability(names_, whole_, static_cast<std::size_t>(warmup - 1), options_.windows, options_.drift));
    for (std::size_t i = 0; i < names_.size(); ++i) check.features[i].stability = stability[i];
    return OkStatus();
  }

  const std::vector<std::string>& names_;
  std::span<const Bar> bars_;
  SeriesTraits traits_;
  const UserDefinitions& definitions_;
  const FeatureCheckOptions& options_;
  Columns whole_;
};

const char* StabilityName(const FeatureStability& stability) {
  if (stability.judged == 0) return "no_data";
  return stability.moved > 0 ? "drift" : "ok";
}

std::string StabilityWords(const FeatureStability& stability, std::span<const Bar> bars) {
  if (stability.judged == 0) {
    return stability.needed_rows > 0 ? fmt::format("no_data: windows need {} bars", stability.needed_rows) : "no_data";
  }
  if (stability.moved == 0) return fmt::format("ok, {} judged", stability.judged);
  return fmt::format("moved in {} of {}, {}; most from {}", stability.moved, stability.judged,
                     SeverityName(stability.severity), FormatTime(bars[stability.largest_row].open_time));
}

void AppendStability(const FeatureStability& stability, std::span<const Bar> bars, JsonWriter& json) {
  json.Key("stability")
      .BeginMap()
      .Member("status", StabilityName(stability))
      .Member("windows_judged", stability.judged)
      .Member("windows_moved", stability.moved)
      .Member("severity", SeverityName(stability.severity));
  if (stability.judged > 0) {
    json.Member("largest_shift", stability.largest_shift)
        .Member("largest_shift_from", FormatTime(bars[stability.largest_row].open_time));
  }
  json.Member("needed_bars", stability.needed_rows).EndMap();
}

std::string ValueWords(double value) { return std::isnan(value) ? "missing" : fmt::format("{}", value); }

void AppendSkew(const FeatureCheck& check, JsonWriter& json) {
  const FeatureSkew& skew = *check.skew;
  json.Key("skew").BeginMap().Member("rows", skew.rows).Member("rows_without_bar", skew.rows_without_bar);
  json.Key("not_logged").BeginList();
  for (const std::string& name : skew.not_logged) json.Value(name);
  json.EndList().Key("different").BeginMap();
  for (std::size_t i = 0; i < check.features.size(); ++i) {
    if (skew.different[i] > 0) json.Member(check.features[i].name, skew.different[i]);
  }
  json.EndMap();
  if (skew.first) {
    json.Key("first")
        .BeginMap()
        .Member("line", skew.first->line)
        .Member("time", FormatTime(skew.first->time))
        .Member("feature", check.features[skew.first->feature].name)
        .Member("logged", skew.first->logged)
        .Member("computed", skew.first->computed)
        .EndMap();
  }
  json.EndMap();
}

std::string SkewWords(const FeatureCheck& check) {
  const FeatureSkew& skew = *check.skew;
  std::string text =
      fmt::format("log: {} rows compared, {}\n", skew.rows, skew.first ? "and they differ" : "all with the same bits");
  for (std::size_t i = 0; i < check.features.size(); ++i) {
    if (skew.different[i] > 0) text += fmt::format("skew: {}, {} rows\n", check.features[i].name, skew.different[i]);
  }
  if (skew.first) {
    text += fmt::format("first: line {}, {}, {}: logged {}, computed {}\n", skew.first->line,
                        FormatTime(skew.first->time), check.features[skew.first->feature].name,
                        ValueWords(skew.first->logged), ValueWords(skew.first->computed));
  }
  for (const std::string& name : skew.not_logged) text += fmt::format("not in the log: {}\n", name);
  if (skew.rows_without_bar > 0) {
    text += fmt::format("rows of the log without a bar: {}, first in line {}\n", skew.rows_without_bar,
                        *skew.first_without_bar);
  }
  return text;
}

}  // namespace

bool FeatureCheck::looks_ahead() const {
  return std::any_of(features.begin(), features.end(), [](const auto& feature) { return feature.look_ahead; });
}

Result<FeatureCheck> CheckFeatures(const std::vector<std::string>& names, const BarSeries& series,
                                   const UserDefinitions& definitions, const FeatureCheckOptions& options) {
  if (series.bars.empty()) return Error{ErrorCode::kInvalidData, "has no bars", series.source, 0, ""};
  return Checker(names, series, definitions, options).Run();
}

std::string FeatureCheckJson(const FeatureCheck& check, std::span<const Bar> bars) {
  JsonWriter json(JsonStyle::kPretty);
  json.BeginMap().Member("passed", check.passed()).Key("features").BeginList();
  for (const CheckedFeature& feature : check.features) {
    json.BeginMap()
        .Member("feature", feature.name)
        .Member("look_ahead", feature.look_ahead.has_value())
        .Member("first_changed_bar", feature.look_ahead)
        .Member("warmup_bars", feature.warmup)
        .Member("settled_bars", feature.settled)
        .Member("missing_share", feature.missing_share);
    AppendStability(feature.stability, bars, json);
    json.EndMap();
  }
  json.EndList().Key("redundant").BeginList();
  for (const RedundantPair& pair : check.redundant) {
    json.BeginMap()
        .Member("first", check.features[pair.first].name)
        .Member("second", check.features[pair.second].name)
        .Member("rank_correlation", pair.correlation)
        .EndMap();
  }
  json.EndList();
  if (check.skew) AppendSkew(check, json);
  json.EndMap();
  return json.Take() + "\n";
}

std::string FeatureCheckTable(const FeatureCheck& check, std::span<const Bar> bars) {
  std::vector<std::vector<std::string>> rows{
      {"FEATURE", "LOOK-AHEAD", "WARM-UP", "SETTLED AFTER", "MISSING", "STABILITY"}};
  for (const CheckedFeature& feature : check.features) {
    rows.push_back({feature.name, feature.look_ahead ? fmt::format("YES, bar {}", *feature.look_ahead + 1) : "no",
                    fmt::format("{}", feature.warmup),
                    feature.settled ? fmt::format("{} bars", *feature.settled) : "not within these bars",
                    fmt::format("{:.2f} %", 100 * feature.missing_share), StabilityWords(feature.stability, bars)});
  }
  std::string text = AlignedTable(rows);
  for (const RedundantPair& pair : check.redundant) {
    text += fmt::format("redundant: {} and {}, rank correlation {:.3f}\n", check.features[pair.first].name,
                        check.features[pair.second].name, pair.correlation);
  }
  if (check.skew) text += SkewWords(check);
  return text;
}

}  // namespace hone
