#include "features/candidate_expressions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/random.h"
#include "features/expression/canonical_text.h"
#include "features/expression/checker.h"
#include "features/expression/parser.h"
#include "features/feature_set.h"
#include "features/indicator.h"
#include "market/synthetic.h"

namespace hone {
namespace {

constexpr int kCandidateLags[] = {1, 2, 3, 5, 10, 21};
constexpr int kCandidateWindows[] = {5, 10, 22, 44, 66};
constexpr int kIndicatorWindows[] = {5, 14, 22};
constexpr std::size_t kMostCandidateBytes = 256;  // what a model takes as a feature

using Derivations = std::vector<CandidateExpression>;

// The series that windows are laid over.
std::vector<std::string> SeriesOf(std::span<const std::string> at_hand, SeriesTraits traits) {
  std::vector<std::string> series = {"log(close / close[1])", "abs(log(close / close[1]))"};
  if (traits.has_range) series.insert(series.end(), {"log(high / low)", "log(close / open)"});
  if (traits.has_volume) series.emplace_back("log(volume)");
  for (const std::string& feature : at_hand) {
    // "name@version" is a feature, but no part of an expression.
    if (feature.find('@') == std::string::npos) series.push_back("(" + feature + ")");
  }
  return series;
}

void AddSeries(const std::string& s, Derivations& derived) {
  const auto add = [&](std::string_view family, std::string text) { derived.push_back({std::move(text), family}); };
  for (const int k : kCandidateLags) {
    add("lag", fmt::format("{}[{}]", s, k));
    add("change", fmt::format("diff({}, {})", s, k));
  }
  for (const int w : kCandidateWindows) {
    add("mean", fmt::format("rolling_mean({}, {})", s, w));
    add("mean", fmt::format("ema({}, {})", s, w));
    add("spread", fmt::format("rolling_std({}, {})", s, w));
    add("spread", fmt::format("log(rolling_mean({} ^ 2, {}))", s, w));
    add("extreme", fmt::format("rolling_max({}, {})", s, w));
    add("extreme", fmt::format("rolling_min({}, {})", s, w));
    add("shape", fmt::format("skew({}, {})", s, w));
    if (w >= 10) add("shape", fmt::format("autocorrelation({}, {}, 1)", s, w));
    add("score", fmt::format("zscore({}, {})", s, w));
    for (const int v : kCandidateWindows) {
      if (v < w) add("ratio", fmt::format("rolling_mean({}, {}) - rolling_mean({}, {})", s, v, s, w));
    }
  }
}

void AddPairs(const std::vector<std::string>& series, Derivations& derived) {
  for (std::size_t i = 0; i < series.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      for (const int w : kCandidateWindows) {
        derived.push_back({fmt::format("correl({}, {}, {})", series[j], series[i], w), "together"});
      }
    }
  }
}

void AddPrices(SeriesTraits traits, Derivations& derived) {
  const std::string high = traits.has_range ? "high" : "close", low = traits.has_range ? "low" : "close";
  for (const int w : kCandidateWindows) {
    derived.push_back({fmt::format("close / ema(close, {}) - 1", w), "trend"});
    for (const int v : kCandidateWindows) {
      if (v < w) derived.push_back({fmt::format("log(ema(close, {}) / ema(close, {}))", v, w), "trend"});
    }
    const std::string least = fmt::format("rolling_min({}, {})", low, w);
    derived.push_back({fmt::format("(close - {}) / (rolling_max({}, {}) - {})", least, high, w, least), "place"});
  }
}

// The columns an indicator is called with; nothing where it asks for something else, or for what the bars lack.
std::string ColumnsOf(const IndicatorDefinition& definition, SeriesTraits traits) {
  std::string columns;
  for (const std::string_view input : definition.inputs) {
    const bool range = input == "open" || input == "high" || input == "low";
    const bool volume = input == "volume";
    if (!range && !volume && input != "close" && input != "series") return "";
    if ((range && !traits.has_range) || (volume && !traits.has_volume)) return "";
    columns.append(columns.empty() ? "" : ", ").append(input == "series" ? "close" : input);
  }
  return columns;
}

bool TakesWindow(const IndicatorDefinition& definition, int window) {
  const IndicatorParameter& parameter = definition.parameters.front();
  return parameter.whole && parameter.low <= window && window <= parameter.high;
}

// Its outputs over one window, 0 for none; nothing where it does not take one.
std::vector<std::string> CallsOf(const IndicatorDefinition& definition, const std::string& columns, int window) {
  const bool fits = window == 0 ? definition.parameters.empty()
                                : definition.parameters.size() == 1 && TakesWindow(definition, window);
  if (!fits) return {};
  std::string call = fmt::format("{}({}", definition.name, columns);
  call += window == 0 ? ")" : fmt::format(", {})", window);
  if (definition.outputs.size() == 1) return {call};
  std::vector<std::string> calls;
  for (const std::string_view output : definition.outputs) calls.push_back(fmt::format("{}.{}", call, output));
  return calls;
}

std::vector<std::string> IndicatorCalls(SeriesTraits traits) {
  std::vector<std::string> calls;
  for (const IndicatorDefinition* definition : IndicatorCatalogue()) {
    const std::string columns = ColumnsOf(*definition, traits);
    if (columns.empty()) continue;
    for (const int window : {0, kIndicatorWindows[0], kIndicatorWindows[1], kIndicatorWindows[2]}) {
      for (std::string& call : CallsOf(*definition, columns, window)) calls.push_back(std::move(call));
    }
  }
  return calls;
}

// The newest values of each feature over the bars of a calm market, prices and volumes times `scale`.
Result<std::vector<std::vector<double>>> ValuesAtScale(const std::vector<std::string>& features, SeriesTraits traits,
                                                       double scale) {
  constexpr int kBars = 320, kCompared = 100;
  HONE_ASSIGN_OR_RETURN(FeatureSet set, FeatureSet::Make(features, traits));
  const SyntheticMarket market({"calm", kBars}, 0);
  std::vector<std::vector<double>> rows;
  std::vector<double> row(set.width());
  for (Bar bar : market.series().bars) {
    for (double* value : {&bar.open, &bar.high, &bar.low, &bar.close, &bar.volume}) *value *= scale;
    set.Update(bar, row);
    rows.push_back(row);
  }
  rows.erase(rows.begin(), rows.end() - kCompared);
  return rows;
}

bool SameAtScale(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return std::fabs(a - b) <= 1e-6 * std::max(std::fabs(a), std::fabs(b));
}

Status AddIndicators(SeriesTraits traits, Derivations& derived) {
  const std::vector<std::string> calls = IndicatorCalls(traits);
  HONE_ASSIGN_OR_RETURN(const auto once, ValuesAtScale(calls, traits, 1));
  HONE_ASSIGN_OR_RETURN(const auto eightfold, ValuesAtScale(calls, traits, 8));
  for (std::size_t j = 0; j < calls.size(); ++j) {
    bool same = true;
    for (std::size_t i = 0; i < once.size(); ++i) same = same && SameAtScale(once[i][j], eightfold[i][j]);
    derived.push_back({same ? calls[j] : fmt::format("zscore({}, 66)", calls[j]), "indicator"});
  }
  return OkStatus();
}

Result<Derivations> Derive(std::span<const std::string> at_hand, SeriesTraits traits) {
  Derivations derived;
  const std::vector<std::string> series = SeriesOf(at_hand, traits);
  for (const std::string& s : series) AddSeries(s, derived);
  AddPairs(series, derived);
  AddPrices(traits, derived);
  HONE_RETURN_IF_ERROR(AddIndicators(traits, derived));
  return derived;
}

// Expressions and the hashes of what has been met.
class Compiled {
 public:
  static Result<Compiled> Make(std::span<const std::string> at_hand, SeriesTraits traits,
                               const UserDefinitions& definitions) {
    Compiled compiled(traits);
    HONE_ASSIGN_OR_RETURN(compiled.named_, definitions.AddTo(compiled.graph_));
    for (const std::string& feature : at_hand) {
      HONE_ASSIGN_OR_RETURN(const Slot slot, compiled.Compile(feature));
      compiled.met_.insert(compiled.graph_.HashOf(slot));
    }
    return compiled;
  }

  Result<Slot> Compile(const std::string& text) {
    if (const auto found = named_.find(text); found != named_.end()) return found->second.slot;
    HONE_ASSIGN_OR_RETURN(const SyntaxNode tree, ParseExpression(text));
    HONE_ASSIGN_OR_RETURN(const CheckedExpression checked, CheckExpression(tree, named_, graph_));
    return checked.slot;
  }
  bool IsNew(Slot slot) { return met_.insert(graph_.HashOf(slot)).second; }
  Result<std::string> TextOf(Slot slot) const { return CanonicalText(graph_, slot); }

 private:
  explicit Compiled(SeriesTraits traits) : graph_(traits) {}

  ExpressionGraph graph_;
  NamedExpressions named_;
  std::set<std::string> met_;
};

}  // namespace

Result<CandidateDraw> DrawCandidates(std::span<const std::string> at_hand, SeriesTraits traits,
                                     const UserDefinitions& definitions, std::size_t most, std::uint64_t seed) {
  HONE_ASSIGN_OR_RETURN(Compiled compiled, Compiled::Make(at_hand, traits, definitions));
  HONE_ASSIGN_OR_RETURN(Derivations derived, Derive(at_hand, traits));
  CandidateDraw draw;
  draw.derivations = derived.size();
  Random random = Random::Stream(seed, "candidates");
  if (derived.size() > most) Shuffle(derived, random);
  for (const CandidateExpression& derivation : derived) {
    if (draw.candidates.size() == most) break;
    HONE_ASSIGN_OR_RETURN(const Slot slot, compiled.Compile(derivation.text));
    Result<std::string> text = compiled.TextOf(slot);
    if (!text.ok() || text->size() > kMostCandidateBytes) {
      ++draw.too_long;
    } else if (!compiled.IsNew(slot)) {
      ++draw.repeated;
    } else {
      draw.candidates.push_back({*std::move(text), derivation.family});
    }
  }
  return draw;
}

}  // namespace hone
