#include "hone/feature_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>

#include "features/expression/canonical_text.h"
#include "features/expression/parser.h"
#include "hone/output.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// An expression with its place in a graph of its own.
struct ShownFeature {
  ExpressionGraph graph{SeriesTraits{}};
  CheckedExpression checked;
  std::string canonical;

  std::int64_t warmup() const { return graph.NodeOf(checked.slot).warmup; }
};

Result<ShownFeature> Show(const std::string& text, const UserDefinitions& definitions) {
  ShownFeature shown;
  HONE_ASSIGN_OR_RETURN(const NamedExpressions named, definitions.AddTo(shown.graph));
  if (const auto pinned = named.find(text); pinned != named.end()) {
    shown.checked = pinned->second;
  } else {
    HONE_ASSIGN_OR_RETURN(const SyntaxNode tree, ParseExpression(text));
    HONE_ASSIGN_OR_RETURN(shown.checked, CheckExpression(tree, named, shown.graph));
  }
  HONE_ASSIGN_OR_RETURN(shown.canonical, CanonicalText(shown.graph, shown.checked.slot));
  return shown;
}

// What an expression is made of.
struct Parts {
  std::set<std::string> columns;
  std::set<std::string> indicators;  // "ema version 1"
};

Parts PartsOf(const ShownFeature& shown) {
  Parts parts;
  std::set<std::size_t> seen;
  std::vector<Slot> open{shown.checked.slot};
  while (!open.empty()) {
    const Slot slot = open.back();
    open.pop_back();
    if (!seen.insert(shown.graph.IndexOf(slot)).second) continue;
    const GraphNode& node = shown.graph.NodeOf(slot);
    if (node.kind == NodeKind::kColumn) parts.columns.emplace(kColumnNames[node.column]);
    if (node.indicator != nullptr) {
      parts.indicators.insert(fmt::format("{} version {}", node.indicator->name, node.indicator->version));
    }
    if (node.feature != nullptr) {
      parts.indicators.insert(fmt::format("{} version {}", node.feature->name, node.feature->version));
    }
    open.insert(open.end(), node.inputs.begin(), node.inputs.end());
  }
  return parts;
}

std::string Call(const IndicatorDefinition& indicator, const std::vector<double>& parameters) {
  std::vector<std::string> arguments;
  for (const std::string_view input : indicator.inputs) {
    const bool column = std::find(std::begin(kColumnNames), std::end(kColumnNames), input) != std::end(kColumnNames);
    arguments.emplace_back(column ? input : "close");
  }
  for (const double parameter : parameters) arguments.push_back(fmt::format("{}", parameter));
  std::string text = fmt::format("{}({})", indicator.name, fmt::join(arguments, ", "));
  if (indicator.outputs.size() > 1) text += fmt::format(".{}", indicator.outputs[0]);
  return text;
}

std::vector<double> Fitted(const IndicatorDefinition& indicator, std::span<const double> wanted, double fraction) {
  std::vector<double> parameters;
  for (std::size_t i = 0; i < indicator.parameters.size(); ++i) {
    const IndicatorParameter& parameter = indicator.parameters[i];
    const double value = parameter.whole ? wanted[std::min(i, wanted.size() - 1)] : fraction;
    parameters.push_back(std::clamp(value, parameter.low, parameter.high));
  }
  return parameters;
}

std::optional<std::int64_t> WarmupOf(const std::string& text) {
  const auto shown = Show(text, {});
  return shown.ok() ? std::optional(shown->warmup()) : std::nullopt;
}

std::string RangeOf(const IndicatorParameter& parameter) {
  return fmt::format("{}{} to {}", parameter.whole ? "whole, " : "", parameter.low, parameter.high);
}

void WriteNames(JsonWriter& json, std::string_view key, std::span<const std::string_view> names) {
  json.Key(key).BeginList();
  for (const std::string_view name : names) json.Value(name);
  json.EndList();
}

void WriteIndicator(JsonWriter& json, const IndicatorDefinition& indicator) {
  const std::string example = ExampleCall(indicator);
  json.BeginMap()
      .Member("name", indicator.name)
      .Member("form", CallForm(indicator))
      .Member("description", indicator.description)
      .Member("source", indicator.source)
      .Member("version", indicator.version);
  WriteNames(json, "inputs", indicator.inputs);
  json.Key("parameters").BeginList();
  for (const IndicatorParameter& parameter : indicator.parameters) {
    json.BeginMap()
        .Member("name", parameter.name)
        .Member("low", parameter.low)
        .Member("high", parameter.high)
        .Member("whole", parameter.whole)
        .EndMap();
  }
  json.EndList();
  WriteNames(json, "outputs", indicator.outputs);
  json.Member("example", example).Member("example_warmup_bars", WarmupOf(example)).EndMap();
}

void WriteFeatures(JsonWriter& json) {
  json.Key("features").BeginList();
  for (const FeatureDefinition& feature : FeatureCatalogue()) {
    json.BeginMap()
        .Member("name", feature.name)
        .Member("description", feature.description)
        .Member("version", feature.version)
        .Member("parameters", feature.parameters)
        .Member("warmup_bars", feature.make({})->warmup())
        .Member("definition", DefinitionHash(feature, {}))
        .EndMap();
  }
  json.EndList();
}

void WriteTexts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.Key(key).BeginList();
  for (const std::string& text : texts) json.Value(text);
  json.EndList();
}

void WriteDefinition(JsonWriter& json, const UserDefinition& definition) {
  json.BeginMap()
      .Member("name", definition.name)
      .Member("version", definition.version)
      .Member("description", definition.description)
      .Member("kind", definition.kind)
      .Member("expression", definition.expression)
      .Member("aggregation", definition.aggregation)
      .Member("window", definition.window)
      .Member("normalise", definition.normalise)
      .Member("normalise_window", definition.normalise_window)
      .Member("fill", definition.fill)
      .Member("deprecated", definition.deprecated)
      .Member("registered", definition.registered)
      .Member("file", definition.where);
  WriteTexts(json, "dependencies", definition.dependencies);
  WriteTexts(json, "tags", definition.tags);
  json.EndMap();
}

void WriteDefinitions(JsonWriter& json, const UserDefinitions& definitions) {
  json.Key("definitions").BeginList();
  for (const UserDefinition& definition : definitions.definitions()) WriteDefinition(json, definition);
  json.EndList();
}

void AddDefinitionRows(Rows& rows, const UserDefinition& definition) {
  rows.push_back({"name", definition.name});
  rows.push_back({"version", fmt::format("{}{}", definition.version, definition.deprecated ? ", deprecated" : "")});
  rows.push_back({"kind", definition.kind});
  rows.push_back({"description", definition.description});
  rows.push_back({"tags", fmt::format("{}", fmt::join(definition.tags, ", "))});
  if (definition.embedding()) {
    rows.push_back({"components", fmt::format("{}", fmt::join(definition.dependencies, ", "))});
  }
}

void AddIndicatorRow(Rows& rows, const IndicatorDefinition& indicator) {
  const std::string example = ExampleCall(indicator);
  const auto warmup = WarmupOf(example);
  std::string outputs;
  if (indicator.outputs.size() > 1) outputs = fmt::format(" -> {}", fmt::join(indicator.outputs, ", "));
  rows.push_back({CallForm(indicator) + outputs, example, warmup ? fmt::format("{}", *warmup) : "",
                  std::string(indicator.description)});
}

std::string IndicatorTable(const IndicatorDefinition& indicator) {
  Rows rows{{"indicator", CallForm(indicator)},
            {"formula", std::string(indicator.description)},
            {"source", std::string(indicator.source)},
            {"version", fmt::format("{}", indicator.version)},
            {"inputs", fmt::format("{}", fmt::join(indicator.inputs, ", "))},
            {"outputs", fmt::format("{}", fmt::join(indicator.outputs, ", "))}};
  for (const IndicatorParameter& parameter : indicator.parameters) {
    rows.push_back({"parameter", fmt::format("{}: {}", parameter.name, RangeOf(parameter))});
  }
  const std::string example = ExampleCall(indicator);
  rows.push_back({"example", example});
  if (const auto warmup = WarmupOf(example)) rows.push_back({"", fmt::format("first value at bar {}", *warmup)});
  return AlignedTable(rows);
}

}  // namespace

std::string ExampleCall(const IndicatorDefinition& indicator) {
  constexpr double kSame[] = {14}, kRising[] = {5, 10, 20, 40}, kConvergence[] = {12, 26, 9};
  for (const std::span<const double> wanted :
       {std::span<const double>(kConvergence), std::span<const double>(kSame), std::span<const double>(kRising)}) {
    if (indicator.parameters.size() == 1 && wanted.data() == kConvergence) continue;
    for (const double fraction : {0.02, 0.5, 2.0}) {
      std::string text = Call(indicator, Fitted(indicator, wanted, fraction));
      if (WarmupOf(text)) return text;
    }
  }
  return CallForm(indicator);
}

std::string FeatureListJson(const UserDefinitions& definitions) {
  JsonWriter json(JsonStyle::kPretty);
  json.BeginMap();
  WriteFeatures(json);
  WriteDefinitions(json, definitions);
  json.Key("functions").BeginList();
  for (const PointwiseFunction& function : PointwiseFunctions()) {
    json.BeginMap()
        .Member("name", function.name)
        .Member("form", CallForm(function))
        .Member("description", function.description)
        .EndMap();
  }
  json.EndList().Key("windows").BeginList();
  for (const IndicatorDefinition& window : WindowFunctions()) WriteIndicator(json, window);
  json.EndList().Key("indicators").BeginList();
  for (const IndicatorDefinition* indicator : CallableIndicators()) WriteIndicator(json, *indicator);
  json.EndList().EndMap();
  return json.Take() + "\n";
}

std::string FeatureListTable(const UserDefinitions& definitions) {
  Rows features{{"FEATURE", "WARM-UP", "FORMULA"}};
  for (const FeatureDefinition& feature : FeatureCatalogue()) {
    features.push_back(
        {std::string(feature.name), fmt::format("{}", feature.make({})->warmup()), std::string(feature.description)});
  }
  std::string text = AlignedTable(features);
  if (!definitions.definitions().empty()) {
    Rows own{{"DEFINITION", "VERSION", "EXPRESSION"}};
    for (const UserDefinition& definition : definitions.definitions()) {
      own.push_back({definition.name, fmt::format("{}", definition.version), definition.expression});
    }
    text.append("\n").append(AlignedTable(own));
  }
  Rows functions{{"FUNCTION", "VALUE"}};
  for (const PointwiseFunction& function : PointwiseFunctions()) {
    functions.push_back({CallForm(function), std::string(function.description)});
  }
  Rows calls{{"INDICATOR", "EXAMPLE", "WARM-UP", "FORMULA"}};
  for (const IndicatorDefinition& window : WindowFunctions()) AddIndicatorRow(calls, window);
  for (const IndicatorDefinition* indicator : CallableIndicators()) AddIndicatorRow(calls, *indicator);
  return text + "\n" + AlignedTable(functions) + "\n" + AlignedTable(calls);
}

Result<std::string> FeatureJson(const std::string& text, const UserDefinitions& definitions) {
  JsonWriter json(JsonStyle::kPretty);
  const IndicatorDefinition* indicator = FindFeature(text).ok() ? nullptr : FindIndicator(text);
  if (indicator != nullptr) {
    WriteIndicator(json, *indicator);
    return json.Take() + "\n";
  }
  const UserDefinition* own = definitions.Find(text);
  json.BeginMap();
  if (own != nullptr) WriteDefinition(json.Key("feature"), *own);
  if (own != nullptr && own->embedding()) {
    json.EndMap();
    return json.Take() + "\n";
  }
  HONE_ASSIGN_OR_RETURN(ShownFeature shown, Show(text, definitions));
  const Parts parts = PartsOf(shown);
  json.Member("expression", text)
      .Member("canonical", shown.canonical)
      .Member("type", shown.checked.type == ValueType::kNumber ? "number" : "condition")
      .Member("warmup_bars", shown.warmup())
      .Member("definition", shown.graph.HashOf(shown.checked.slot));
  json.Key("columns").BeginList();
  for (const std::string& column : parts.columns) json.Value(column);
  json.EndList().Key("uses").BeginList();
  for (const std::string& used : parts.indicators) json.Value(used);
  json.EndList();
  if (const auto feature = FindFeature(text); feature.ok()) {
    json.Member("description", (*feature)->description)
        .Member("parameters", (*feature)->parameters)
        .Member("version", (*feature)->version);
  }
  json.EndMap();
  return json.Take() + "\n";
}

Result<std::string> FeatureTable(const std::string& text, const UserDefinitions& definitions) {
  const IndicatorDefinition* indicator = FindFeature(text).ok() ? nullptr : FindIndicator(text);
  if (indicator != nullptr) return IndicatorTable(*indicator);
  Rows rows;
  const UserDefinition* own = definitions.Find(text);
  if (own != nullptr) AddDefinitionRows(rows, *own);
  if (own != nullptr && own->embedding()) return AlignedTable(rows);
  HONE_ASSIGN_OR_RETURN(ShownFeature shown, Show(text, definitions));
  const Parts parts = PartsOf(shown);
  rows.insert(rows.end(), {{"expression", own != nullptr ? own->expression : text},
                           {"canonical", shown.canonical},
                           {"type", shown.checked.type == ValueType::kNumber ? "number" : "condition: 1, 0 or missing"},
                           {"columns", fmt::format("{}", fmt::join(parts.columns, ", "))},
                           {"uses", fmt::format("{}", fmt::join(parts.indicators, ", "))},
                           {"warm-up", fmt::format("first value at bar {}", shown.warmup())},
                           {"definition", shown.graph.HashOf(shown.checked.slot)}});
  if (const auto feature = FindFeature(text); feature.ok()) {
    rows.push_back({"formula", std::string((*feature)->description)});
    rows.push_back({"parameters", std::string((*feature)->parameters)});
    rows.push_back({"version", fmt::format("{}", (*feature)->version)});
  }
  return AlignedTable(rows);
}

}  // namespace hone
