#include "features/expression/checker.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

namespace hone {
namespace {

constexpr std::string_view kDifference = "diff";

struct Value {
  ValueType type = ValueType::kNumber;
  std::optional<double> constant;  // not in the graph yet
  Slot slot = 0;
  const IndicatorDefinition* several = nullptr;  // an indicator one of whose outputs is to be named
};

std::optional<std::size_t> FindColumn(std::string_view name) {
  const auto found = std::find(std::begin(kColumnNames), std::end(kColumnNames), name);
  if (found == std::end(kColumnNames)) return std::nullopt;
  return static_cast<std::size_t>(found - std::begin(kColumnNames));
}

std::string Count(std::size_t count) { return fmt::format("{} argument{}", count, count == 1 ? "" : "s"); }

std::string RangeText(const IndicatorParameter& parameter) {
  return fmt::format("a {}number from {} to {}", parameter.whole ? "whole " : "", parameter.low, parameter.high);
}

class Checker {
 public:
  Checker(const NamedExpressions& named, ExpressionGraph& graph) : named_(named), graph_(graph) {}

  Result<CheckedExpression> Run(const SyntaxNode& tree) {
    HONE_ASSIGN_OR_RETURN(const Value value, Whole(tree));
    HONE_ASSIGN_OR_RETURN(const Slot slot, SlotOf(value, tree));
    return CheckedExpression{value.type, slot};
  }

 private:
  // A value of which no output is left open.
  Result<Value> Whole(const SyntaxNode& node) {
    HONE_ASSIGN_OR_RETURN(Value value, Of(node));
    if (value.several == nullptr) return value;
    return ExpressionError(node.place, fmt::format("'{}' has the outputs {}; name one: {}.{}", value.several->name,
                                                   fmt::join(value.several->outputs, ", "), CallForm(*value.several),
                                                   value.several->outputs[0]));
  }

  Result<Value> Of(const SyntaxNode& node) {
    switch (node.kind) {
      case SyntaxKind::kNumber: return Value{.constant = node.number};
      case SyntaxKind::kName: return Name(node);
      case SyntaxKind::kOutput: return Output(node);
      default: return Call(node);
    }
  }

  Result<Value> Name(const SyntaxNode& node) {
    if (const auto column = FindColumn(node.name)) return Placed(graph_.Column(*column), node);
    if (const auto feature = FindFeature(node.name); feature.ok()) return Placed(graph_.Of(**feature), node);
    if (const auto found = named_.find(node.name); found != named_.end()) {
      return Value{.type = found->second.type, .slot = found->second.slot};
    }
    return ExpressionError(node.place, UnknownName(node.name));
  }

  std::string UnknownName(const std::string& name) const {
    if (const IndicatorDefinition* indicator = FindIndicator(name)) {
      return fmt::format("'{}' is a function; write {}", name, CallForm(*indicator));
    }
    if (const PointwiseFunction* function = FindPointwise(name)) {
      return fmt::format("'{}' is a function; write {}", name, CallForm(*function));
    }
    std::vector<std::string> names(std::begin(kColumnNames), std::end(kColumnNames));
    for (const FeatureDefinition& feature : FeatureCatalogue()) names.emplace_back(feature.name);
    for (const auto& [known, value] : named_) names.push_back(known);
    return fmt::format("'{}' is no column and no feature{}", name, NearWord(name, names));
  }

  Result<Value> Output(const SyntaxNode& node) {
    const SyntaxNode& of = node.children[0];
    HONE_ASSIGN_OR_RETURN(Value value, Of(of));
    if (value.several == nullptr) {
      return ExpressionError(node.place, fmt::format("'.{}' follows what has no several outputs", node.name));
    }
    const auto outputs = value.several->outputs;
    const auto found = std::find(outputs.begin(), outputs.end(), node.name);
    if (found == outputs.end()) {
      return ExpressionError(
          node.place, fmt::format("'{}' has no output '{}', but {}{}", value.several->name, node.name,
                                  fmt::join(outputs, ", "), NearWord(node.name, {outputs.begin(), outputs.end()})));
    }
    value.slot += static_cast<Slot>(found - outputs.begin());
    value.several = nullptr;
    return value;
  }

  Result<Value> Call(const SyntaxNode& node) {
    if (node.name == kDifference) return Difference(node);
    if (const PointwiseFunction* function = FindPointwise(node.name)) return CallPointwise(node, *function);
    if (const IndicatorDefinition* indicator = FindIndicator(node.name)) return CallIndicator(node, *indicator);
    if (FindColumn(node.name) || FindFeature(node.name).ok() || named_.contains(node.name)) {
      return ExpressionError(node.place,
                             fmt::format("'{}' takes no arguments; write it without parentheses", node.name));
    }
    return ExpressionError(node.place,
                           fmt::format("'{}' is no function{}", node.name, NearWord(node.name, CallableNames())));
  }

  static Error WrongCount(const SyntaxNode& node, std::string_view takes, std::string_view form) {
    return ExpressionError(node.place,
                           fmt::format("'{}' takes {}, {}; {} given", node.name, takes, form, node.children.size()));
  }

  Result<Value> CallPointwise(const SyntaxNode& node, const PointwiseFunction& function) {
    const std::size_t count = node.children.size(), least = static_cast<std::size_t>(function.arity);
    if (count < least || (count > least && !function.more)) {
      return WrongCount(node, Count(least) + (function.more ? " or more" : ""), CallForm(function));
    }
    std::vector<Value> values;
    for (std::size_t i = 0; i < count; ++i) {
      HONE_ASSIGN_OR_RETURN(Value value, Argument(node, i, TypeOfArgument(function, static_cast<int>(i))));
      values.push_back(std::move(value));
    }
    if (!function.more) return Apply(node, function, values);
    Value folded = values[0];
    for (std::size_t i = 1; i < count; ++i) {
      const Value pair[] = {folded, values[i]};
      HONE_ASSIGN_OR_RETURN(folded, Apply(node, function, pair));
    }
    return folded;
  }

  Result<Value> Argument(const SyntaxNode& node, std::size_t i, ValueType wanted) {
    HONE_ASSIGN_OR_RETURN(Value value, Whole(node.children[i]));
    if (value.type == wanted) return value;
    return ExpressionError(node.children[i].place, fmt::format("'{}' takes {} here, this is {}", node.name,
                                                               TypeName(wanted), TypeName(value.type)));
  }

  Result<Value> Apply(const SyntaxNode& node, const PointwiseFunction& function, std::span<const Value> values) {
    const bool fixed = std::all_of(values.begin(), values.end(), [](const Value& v) { return v.constant.has_value(); });
    if (fixed && function.gives == ValueType::kNumber) return Fold(node, function, values);
    std::vector<Slot> slots;
    for (const Value& value : values) {
      HONE_ASSIGN_OR_RETURN(const Slot slot, SlotOf(value, node));
      slots.push_back(slot);
    }
    HONE_ASSIGN_OR_RETURN(Value value, Placed(graph_.Of(function.function, std::move(slots)), node));
    value.type = function.gives;
    return value;
  }

  static Result<Value> Fold(const SyntaxNode& node, const PointwiseFunction& function, std::span<const Value> values) {
    const auto number = [values](std::size_t i) { return i < values.size() ? *values[i].constant : 0; };
    const double folded = ValueOf(function.function, function.arity, number(0), number(1), number(2));
    if (std::isfinite(folded)) return Value{.constant = folded};
    return ExpressionError(node.place, fmt::format("'{}' of these constants has no finite value", node.name));
  }

  Result<Value> CallIndicator(const SyntaxNode& node, const IndicatorDefinition& indicator) {
    const std::size_t inputs = indicator.inputs.size(), count = inputs + indicator.parameters.size();
    if (node.children.size() != count) return WrongCount(node, Count(count), CallForm(indicator));
    std::vector<Slot> slots;
    for (std::size_t i = 0; i < inputs; ++i) {
      HONE_ASSIGN_OR_RETURN(const Value value, Argument(node, i, ValueType::kNumber));
      HONE_ASSIGN_OR_RETURN(const Slot slot, SlotOf(value, node.children[i]));
      slots.push_back(slot);
    }
    std::vector<double> parameters;
    for (std::size_t i = inputs; i < count; ++i) {
      HONE_ASSIGN_OR_RETURN(const double parameter, Parameter(node, i, indicator.parameters[i - inputs]));
      parameters.push_back(parameter);
    }
    HONE_ASSIGN_OR_RETURN(Value value, Placed(graph_.Of(indicator, std::move(slots), std::move(parameters)), node));
    if (indicator.outputs.size() > 1) value.several = &indicator;
    return value;
  }

  Result<double> Parameter(const SyntaxNode& node, std::size_t i, const IndicatorParameter& parameter) {
    HONE_ASSIGN_OR_RETURN(const Value value, Whole(node.children[i]));
    const bool fits = value.constant && *value.constant >= parameter.low && *value.constant <= parameter.high &&
                      (!parameter.whole || *value.constant == std::floor(*value.constant));
    if (fits) return *value.constant + 0.0;  // -0 is 0
    const std::string is = value.constant ? fmt::format("is {}", *value.constant) : "and constant";
    return ExpressionError(node.children[i].place, fmt::format("{} of '{}' must be {}, {}", parameter.name, node.name,
                                                               RangeText(parameter), is));
  }

  Result<Value> Difference(const SyntaxNode& node) {
    const IndicatorDefinition& lag = *FindIndicator("lag");
    if (node.children.size() != 2) return WrongCount(node, Count(2), "diff(x, n)");
    HONE_ASSIGN_OR_RETURN(const Value now, Argument(node, 0, ValueType::kNumber));
    HONE_ASSIGN_OR_RETURN(const double bars, Parameter(node, 1, lag.parameters[0]));
    HONE_ASSIGN_OR_RETURN(const Slot slot, SlotOf(now, node.children[0]));
    HONE_ASSIGN_OR_RETURN(const Value before, Placed(graph_.Of(lag, {slot}, {bars}), node));
    return Placed(graph_.Of(Pointwise::kSubtract, {slot, before.slot}), node);
  }

  Result<Slot> SlotOf(const Value& value, const SyntaxNode& node) {
    if (!value.constant) return value.slot;
    HONE_ASSIGN_OR_RETURN(const Value constant, Placed(graph_.Constant(*value.constant), node));
    return constant.slot;
  }

  static Result<Value> Placed(Result<Slot> slot, const SyntaxNode& node) {
    if (slot.ok()) return Value{.slot = *slot};
    const std::string name = node.name.empty() ? "" : node.name + ": ";
    return ExpressionError(node.place, name + slot.error().message);
  }

  const NamedExpressions& named_;
  ExpressionGraph& graph_;
};

}  // namespace

Result<CheckedExpression> CheckExpression(const SyntaxNode& tree, const NamedExpressions& named,
                                          ExpressionGraph& graph) {
  return Checker(named, graph).Run(tree);
}

bool IsTakenName(std::string_view name) {
  return FindColumn(name) || FindFeature(name).ok() || FindPointwise(name) != nullptr ||
         FindIndicator(name) != nullptr || name == kDifference;
}

}  // namespace hone
