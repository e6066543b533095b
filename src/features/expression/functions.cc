#include "features/expression/functions.h"

#include <algorithm>
#include <array>

namespace hone {
namespace {

constexpr ValueType kN = ValueType::kNumber;
constexpr ValueType kC = ValueType::kCondition;

// In the order of Pointwise.
constexpr std::array kFunctions{
    PointwiseFunction{"+", Pointwise::kAdd, 2, false, kN, kN, 5, 1, "sum"},
    PointwiseFunction{"-", Pointwise::kSubtract, 2, false, kN, kN, 5, 1, "difference"},
    PointwiseFunction{"*", Pointwise::kMultiply, 2, false, kN, kN, 6, 1, "product"},
    PointwiseFunction{"/", Pointwise::kDivide, 2, false, kN, kN, 6, 1, "quotient; missing for a divisor of 0"},
    PointwiseFunction{"^", Pointwise::kPower, 2, false, kN, kN, 8, 1, "power, from the right: 2 ^ 3 ^ 2 is 2 ^ 9"},
    PointwiseFunction{"negative", Pointwise::kNegative, 1, false, kN, kN, 7, 1, "-x"},
    PointwiseFunction{"<", Pointwise::kLess, 2, false, kN, kC, 4, 1, "less"},
    PointwiseFunction{"<=", Pointwise::kLessOrEqual, 2, false, kN, kC, 4, 1, "less or equal"},
    PointwiseFunction{">", Pointwise::kGreater, 2, false, kN, kC, 4, 1, "greater"},
    PointwiseFunction{">=", Pointwise::kGreaterOrEqual, 2, false, kN, kC, 4, 1, "greater or equal"},
    PointwiseFunction{"==", Pointwise::kEqual, 2, false, kN, kC, 4, 1, "equal"},
    PointwiseFunction{"!=", Pointwise::kNotEqual, 2, false, kN, kC, 4, 1, "not equal"},
    PointwiseFunction{"and", Pointwise::kAnd, 2, false, kC, kC, 2, 1, "both hold"},
    PointwiseFunction{"or", Pointwise::kOr, 2, false, kC, kC, 1, 1, "at least one holds"},
    PointwiseFunction{"not", Pointwise::kNot, 1, false, kC, kC, 3, 1, "does not hold"},
    PointwiseFunction{"if", Pointwise::kIf, 3, false, kN, kN, 0, 1, "a where the condition holds, else b"},
    PointwiseFunction{"abs", Pointwise::kAbs, 1, false, kN, kN, 0, 1, "absolute value"},
    PointwiseFunction{"sign", Pointwise::kSign, 1, false, kN, kN, 0, 1, "-1, 0 or 1"},
    PointwiseFunction{"sqrt", Pointwise::kSqrt, 1, false, kN, kN, 0, 1, "square root; missing below 0"},
    PointwiseFunction{"exp", Pointwise::kExp, 1, false, kN, kN, 0, 1, "e to the power of x"},
    PointwiseFunction{"log", Pointwise::kLog, 1, false, kN, kN, 0, 1, "natural logarithm; missing for 0 and below"},
    PointwiseFunction{"log1p", Pointwise::kLog1p, 1, false, kN, kN, 0, 1, "natural logarithm of 1 + x"},
    PointwiseFunction{"tanh", Pointwise::kTanh, 1, false, kN, kN, 0, 1, "hyperbolic tangent"},
    PointwiseFunction{"sin", Pointwise::kSin, 1, false, kN, kN, 0, 1, "sine of an angle in radians"},
    PointwiseFunction{"cos", Pointwise::kCos, 1, false, kN, kN, 0, 1, "cosine of an angle in radians"},
    PointwiseFunction{"floor", Pointwise::kFloor, 1, false, kN, kN, 0, 1, "largest integer not above x"},
    PointwiseFunction{"ceil", Pointwise::kCeil, 1, false, kN, kN, 0, 1, "smallest integer not below x"},
    PointwiseFunction{"round", Pointwise::kRound, 1, false, kN, kN, 0, 1, "nearest integer, halves away from 0"},
    PointwiseFunction{"min", Pointwise::kMin, 2, true, kN, kN, 0, 1, "smallest of its arguments at this bar"},
    PointwiseFunction{"max", Pointwise::kMax, 2, true, kN, kN, 0, 1, "largest of its arguments at this bar"},
    PointwiseFunction{"clip", Pointwise::kClip, 3, false, kN, kN, 0, 1, "x, but at least low and then at most high"},
    PointwiseFunction{"coalesce", Pointwise::kCoalesce, 2, true, kN, kN, 0, 1,
                      "its first argument that is not missing"},
    PointwiseFunction{"is_missing", Pointwise::kIsMissing, 1, false, kN, kC, 0, 1,
                      "whether x has no value at this bar"},
};

template <typename Definitions>
void AddNames(const Definitions& definitions, std::vector<std::string>& names) {
  for (const auto& definition : definitions) names.emplace_back(definition.name);
}

std::string Call(std::string_view name, const std::vector<std::string_view>& arguments) {
  std::string text = std::string(name) + "(";
  for (const std::string_view argument : arguments) {
    if (text.back() != '(') text += ", ";
    text += argument;
  }
  return text + ")";
}

}  // namespace

std::string_view TypeName(ValueType type) { return type == kN ? "a number" : "a condition"; }

ValueType TypeOfArgument(const PointwiseFunction& function, int argument) {
  return function.function == Pointwise::kIf && argument == 0 ? kC : function.takes;
}

std::span<const PointwiseFunction> PointwiseFunctions() { return kFunctions; }

const PointwiseFunction& FunctionOf(Pointwise function) { return kFunctions[static_cast<std::size_t>(function)]; }

const PointwiseFunction* FindPointwise(std::string_view name) {
  if (name == "pow") name = "^";
  const auto found = std::find_if(kFunctions.begin(), kFunctions.end(),
                                  [name](const PointwiseFunction& function) { return function.name == name; });
  return found == kFunctions.end() ? nullptr : &*found;
}

std::vector<const IndicatorDefinition*> CallableIndicators() {
  std::vector<const IndicatorDefinition*> callable;
  for (const IndicatorDefinition* indicator : IndicatorCatalogue()) {
    if (FindPointwise(indicator->name) == nullptr) callable.push_back(indicator);
  }
  return callable;
}

const IndicatorDefinition* FindIndicator(std::string_view name) {
  if (FindPointwise(name) != nullptr) return nullptr;
  for (const IndicatorDefinition& window : WindowFunctions()) {
    if (window.name == name) return &window;
  }
  const auto catalogue = IndicatorCatalogue();
  const auto found = std::lower_bound(
      catalogue.begin(), catalogue.end(), name,
      [](const IndicatorDefinition* indicator, std::string_view sought) { return indicator->name < sought; });
  return found == catalogue.end() || (*found)->name != name ? nullptr : *found;
}

std::vector<std::string> CallableNames() {
  std::vector<std::string> names{"diff", "pow"};
  for (const PointwiseFunction& function : kFunctions) {
    if (function.binds == 0) names.emplace_back(function.name);
  }
  AddNames(WindowFunctions(), names);
  for (const IndicatorDefinition* indicator : CallableIndicators()) names.emplace_back(indicator->name);
  return names;
}

std::string CallForm(const IndicatorDefinition& definition) {
  std::vector<std::string_view> arguments(definition.inputs.begin(), definition.inputs.end());
  for (const IndicatorParameter& parameter : definition.parameters) arguments.push_back(parameter.name);
  return Call(definition.name, arguments);
}

std::string CallForm(const PointwiseFunction& function) {
  if (function.function == Pointwise::kIf) return "if(condition, a, b)";
  if (function.function == Pointwise::kClip) return "clip(x, low, high)";
  if (function.more) return Call(function.name, {"x", "y", "..."});
  if (function.binds == 0) return Call(function.name, {"x"});
  if (function.arity == 2) return "x " + std::string(function.name) + " y";
  return (function.function == Pointwise::kNegative ? "-" : std::string(function.name) + " ") + "x";
}

}  // namespace hone
